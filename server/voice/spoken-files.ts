/** The coach's message as an audio file: sentences → samples → file → archive. A few at a time. */
import PQueue from 'p-queue';
import { KukuError } from '../errors.ts';
import type { Archive } from '../ports/archive.ts';
import type { AudioCodec } from '../ports/audio-codec.ts';
import type { AudioStore } from '../ports/audio-store.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SpokenFiles } from '../ports/spoken-files.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import type { OnUsage } from '../ports/usage.ts';
import { splitSentences } from './sentences.ts';

export interface SpokenFilesOptions {
  tts: TextToSpeech;
  codec: AudioCodec;
  audio: AudioStore;
  archive: Archive;
  clock: Clock;
  log: Log;
  /** Messages spoken at once. Default 2: the embedded voices have one worker. */
  lanes?: number;
  /** Messages that may wait for that; one more goes without speech. Default 64. */
  maxWaiting?: number;
  /** From the request to the file; later it goes without. Default 20 s. */
  deadlineMs?: number;
}

/** How often, and after how long each, a message is looked for that the archive does not know yet. */
const LATER_TRIES = 10;
const LATER_MS = 1000;

interface SpokenMessage {
  id: string;
  text: string;
  onUsage?: OnUsage;
}

/** No reply is that long; a voice that does not stop must not fill the memory. */
const MAX_SECONDS = 300;

export function createSpokenFiles(options: SpokenFilesOptions): SpokenFiles {
  const { clock, log, lanes = 2, maxWaiting = 64, deadlineMs = 20_000 } = options;
  const queue = new PQueue({ concurrency: lanes });
  // The same message asked for twice at once (a request that was sent again) is spoken once.
  const underWay = new Map<string, Promise<string | undefined>>();

  const speak = async (sessionId: string, message: SpokenMessage): Promise<string | undefined> => {
    const tooLate = new AbortController();
    const cancel = clock.after(deadlineMs, () => tooLate.abort(new KukuError('too late', { code: 'speech_too_late' })));
    try {
      return await queue.add(() => speakNow(options, sessionId, message, tooLate.signal), { signal: tooLate.signal });
    } catch (error) {
      log.warn({ err: error, sessionId }, 'a reply could not be spoken');
      return undefined;
    } finally {
      cancel();
    }
  };

  return {
    async speak(sessionId, { id, text }, { signal, onUsage }) {
      const message: SpokenMessage = { id, text, ...(onUsage && { onUsage }) };
      const key = `${sessionId} ${message.id}`;
      let file = underWay.get(key);
      if (!file) {
        if (queue.size >= maxWaiting) {
          log.warn({ sessionId, waiting: queue.size }, 'too many replies wait to be spoken: this one goes without');
          return undefined;
        }
        file = speak(sessionId, message).finally(() => underWay.delete(key));
        underWay.set(key, file);
      }
      // Whoever asked may go; the file is made all the same, and is there when the history is read.
      return abortable(file, signal);
    },
  };
}

async function speakNow(
  options: SpokenFilesOptions,
  sessionId: string,
  message: SpokenMessage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { tts, codec, audio, archive } = options;
  const known = await messageOf(archive, sessionId, message.id);
  if (known?.audioFile) return known.audioFile;
  const pcm = await synthesize(tts, message, signal);
  if (pcm.length === 0) return undefined;
  const { bytes, contentType } = await codec.encode(pcm, tts.sampleRate, { signal });
  const file = await audio.put({ sessionId, bytes, contentType }, { signal });
  await note(options, sessionId, message.id, file);
  // Deleted meanwhile: then its audio was deleted before this file came.
  if (await archive.wasDeleted(sessionId)) {
    await audio.deleteSession(sessionId);
    return undefined;
  }
  return file;
}

async function synthesize(tts: TextToSpeech, { id, text, onUsage }: SpokenMessage, signal: AbortSignal) {
  const turn = new AbortController();
  const work = { signal, turnSignal: turn.signal, turnKey: `message-${id}`, ...(onUsage && { onUsage }) };
  const chunks: Int16Array[] = [];
  let samples = 0;
  try {
    for (const sentence of splitSentences(text)) {
      for await (const { pcm } of tts.synthesize(sentence, work)) {
        chunks.push(pcm);
        samples += pcm.length;
        if (samples > MAX_SECONDS * tts.sampleRate) throw new KukuError('too long', { code: 'speech_too_long' });
      }
    }
  } finally {
    turn.abort();
  }
  const all = new Int16Array(samples);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The message with its file replaces the message without: the next version of it. */
async function note(options: SpokenFilesOptions, sessionId: string, messageId: string, audioFile: string) {
  const { log } = options;
  const noted = () => noteNow(options, sessionId, messageId, audioFile);
  const later = async () => {
    for (let tries = 0; tries < LATER_TRIES; tries++) {
      await sleep(options.clock, LATER_MS);
      if (await noted()) return;
    }
    log.warn({ sessionId, messageId }, 'a spoken reply is not in the archive');
  };
  try {
    if (await noted()) return;
    // Behind an outbox the archive learns of a message a moment later; nobody waits for that.
    later().catch((error: unknown) => log.warn({ err: error, sessionId, messageId }, 'a spoken reply was not noted'));
  } catch (error) {
    log.warn({ err: error, sessionId, messageId }, 'a spoken reply could not be noted in the archive');
  }
}

/** False when the archive does not know the message. */
async function noteNow({ archive }: SpokenFilesOptions, sessionId: string, messageId: string, audioFile: string) {
  const message = await messageOf(archive, sessionId, messageId);
  if (!message) return false;
  await archive.appendMessages(sessionId, [{ ...message, audioFile, version: message.version + 1 }]);
  return true;
}

async function messageOf(archive: Archive, sessionId: string, messageId: string) {
  return (await archive.messages(sessionId)).find(({ id }) => id === messageId);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
