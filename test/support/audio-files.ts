/** Speech in the formats that people upload, made with ffmpeg, which tests and CI need and the server does not. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether ffmpeg is there; says so when it isn't, and with `CI=true` that is an error. */
export async function hasFfmpeg(): Promise<boolean> {
  try {
    await run('ffmpeg', ['-version']);
    return true;
  } catch (error) {
    if (process.env['CI'] === 'true') throw new Error('ffmpeg must be on the PATH', { cause: error });
    process.stderr.write('\nSKIPPED decoding of audio files: no ffmpeg on the PATH\n');
    return false;
  }
}

/** The output of ffmpeg with these arguments between the input and the file's name. */
export async function ffmpeg(folder: string, file: string, args: readonly string[]): Promise<Uint8Array> {
  const path = join(folder, file);
  await run('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args, path]);
  return new Uint8Array(await readFile(path));
}

/** The highest normalised correlation of two recordings within `maxShift` samples of each other, 0 to 1. */
export function likeness(a: Int16Array, b: Int16Array, maxShift: number): number {
  let best = 0;
  for (let shift = -maxShift; shift <= maxShift; shift++) {
    let product = 0;
    let energyA = 0;
    let energyB = 0;
    for (let i = Math.max(0, -shift); i < Math.min(a.length, b.length - shift); i++) {
      const x = a[i] ?? 0;
      const y = b[i + shift] ?? 0;
      product += x * y;
      energyA += x * x;
      energyB += y * y;
    }
    best = Math.max(best, product / Math.sqrt(energyA * energyB));
  }
  return best;
}
