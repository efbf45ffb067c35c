/** Names of spoken replies: `<session's digest>.<random>.mp3`, 128 random bits that nobody guesses. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AUDIO_EXTENSIONS, type AudioContentType, type NewAudio } from '../ports/audio-store.ts';

export interface Name {
  /** Digest of the session's id. */
  session: string;
  random: string;
  extension: string;
  contentType: AudioContentType;
}

export function newName({ sessionId, contentType }: NewAudio): Name {
  const random = randomBytes(16).toString('base64url');
  return { session: digest(sessionId), random, extension: AUDIO_EXTENSIONS[contentType], contentType };
}

/** 128 bits: the folder says nothing of the session's id, which is a key to the session. */
export function digest(sessionId: string): string {
  return createHash('sha256').update(`audio of ${sessionId}`).digest('base64url').slice(0, 22);
}

export function parseName(text: string): Name | undefined {
  const [, session, random, extension] = /^([\w-]{22})\.([\w-]{22})\.([a-z0-9]+)$/.exec(text) ?? [];
  const types = Object.keys(AUDIO_EXTENSIONS) as AudioContentType[];
  const contentType = types.find((type) => AUDIO_EXTENSIONS[type] === extension);
  if (session === undefined || random === undefined || contentType === undefined) return undefined;
  return { session, random, extension: AUDIO_EXTENSIONS[contentType], contentType };
}

/** `<folder>/<session>/<random>.mp3`: no path of any kind gets into it. */
export function pathOf(folder: string, { session, random, extension }: Name): string {
  return join(folder, session, `${random}.${extension}`);
}

export function nameText({ session, random, extension }: Name): string {
  return `${session}.${random}.${extension}`;
}
