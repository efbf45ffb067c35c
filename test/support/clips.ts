/** Recorded human speech for tests: `speech-clips` of the models folder, with what is said in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Clip {
  name: string;
  /** Mono samples at `rate`. */
  pcm: Int16Array;
  rate: number;
  /** What is said, in lower case without punctuation. */
  reference: string;
}

/** The models folder that the test configuration names. */
export function modelsDir(): string {
  const dir = process.env['KUKU_MODELS_DIR'];
  if (dir === undefined) throw new Error('KUKU_MODELS_DIR is not set');
  return dir;
}

/** All clips, in the order of `refs.tsv`. */
export function loadClips(): Clip[] {
  const dir = join(modelsDir(), 'speech-clips');
  const lines = readFileSync(join(dir, 'refs.tsv'), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => {
    const [name = '', reference = ''] = line.split('\t');
    const { pcm, rate } = readWav(readFileSync(join(dir, `${name}.wav`)));
    return { name, reference, pcm, rate };
  });
}

export function loadClip(name: string): Clip {
  const clip = loadClips().find((each) => each.name === name);
  if (clip === undefined) throw new Error(`no clip ${name}`);
  return clip;
}

/** Reads a RIFF file with 16-bit mono PCM, whatever other chunks it has. */
function readWav(file: Buffer): { pcm: Int16Array; rate: number } {
  let rate = 0;
  for (let at = 12; at + 8 <= file.length;) {
    const id = file.toString('latin1', at, at + 4);
    const bytes = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + bytes);
    if (id === 'fmt ') {
      if (body.readUInt16LE(2) !== 1 || body.readUInt16LE(14) !== 16) throw new Error('not 16-bit mono');
      rate = body.readUInt32LE(4);
    } else if (id === 'data') {
      return { rate, pcm: Int16Array.from({ length: body.length >> 1 }, (_, i) => body.readInt16LE(i * 2)) };
    }
    at += 8 + bytes + (bytes % 2);
  }
  throw new Error('no audio in the file');
}
