/** Seals spoken replies anew, as `resealing.ts` does rows: beside running servers, and over again. */
import { join } from 'node:path';
import { KukuError } from '../errors.ts';
import { audioPlace, namesIn, readOrNothing, statOrNothing, writeWhole } from './audio-files.ts';
import { nameText, parseName } from './audio-names.ts';
import { sealedHeader, type Sealing, whyNotOpened } from './sealing.ts';

export interface ResealedAudio {
  looked: number;
  resealed: number;
  /** Files that could not be opened, and why. */
  unopened: string[];
  /** Keys that those are sealed with. */
  keys: Set<string>;
}

export interface ResealAudioOptions {
  /** As `createAudioFiles` has it. */
  folder: string;
  sealing: Sealing;
  signal: AbortSignal;
}

export async function resealAudio({ folder, sealing, signal }: ResealAudioOptions): Promise<ResealedAudio> {
  const done: ResealedAudio = { looked: 0, resealed: 0, unopened: [], keys: new Set() };
  for (const session of await namesIn(folder)) {
    for (const file of await namesIn(join(folder, session))) {
      signal.throwIfAborted();
      const name = parseName(`${session}.${file}`);
      if (!name) continue;
      done.looked += 1;
      await resealFile(join(folder, session, file), { name: nameText(name), sealing, done });
    }
  }
  return done;
}

interface File {
  name: string;
  sealing: Sealing;
  done: ResealedAudio;
}

async function resealFile(path: string, { name, sealing, done }: File): Promise<void> {
  const [before, bytes] = await Promise.all([statOrNothing(path), readOrNothing(path)]);
  // A deletion was quicker.
  if (!before || !bytes) return;
  const keyId = sealedHeader(bytes)?.keyId;
  if (keyId === sealing.keyId) return;
  const place = audioPlace(name);
  try {
    const sealed = sealing.sealBytes(sealing.openBytes(bytes, place), place);
    await writeWhole(path, { bytes: sealed, atMs: before.mtimeMs, replaces: true });
    done.resealed += 1;
  } catch (error) {
    if (!(error instanceof KukuError)) throw error;
    if (keyId !== undefined) done.keys.add(keyId);
    done.unopened.push(`audio ${name}: ${whyNotOpened(error)}`);
  }
}
