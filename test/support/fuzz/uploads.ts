/** Multipart forms with recordings: whole, cut, spoilt, of no format at all, in forms that are broken themselves. */
import * as fc from 'fast-check';
import { ffmpeg } from '../audio-files.ts';
import { temporaryFolder } from '../databases.ts';
import { tone } from '../scripted.ts';
import { wav } from '../wav.ts';

export interface Upload {
  contentType: string;
  body: Uint8Array;
}

const RATE = 16_000;
const ENCODED: Readonly<Record<string, readonly string[]>> = {
  'a.mp3': ['-c:a', 'libmp3lame'],
  'a.webm': ['-c:a', 'libopus'],
  'a.ogg': ['-c:a', 'libvorbis'],
  'a.m4a': ['-c:a', 'aac'],
  'a.flac': ['-c:a', 'flac'],
};

/** A fifth of a second in every format that people upload; without ffmpeg, WAV alone. */
export async function recordings(): Promise<Uint8Array[]> {
  const folder = await temporaryFolder();
  const source = ['-f', 'lavfi', '-i', 'sine=frequency=300:duration=0.2:sample_rate=48000'];
  try {
    const files = Object.entries(ENCODED).map(([name, codec]) =>
      ffmpeg(folder.path, name, [...source, ...codec]).catch(() => undefined),
    );
    const made = (await Promise.all(files)).filter((file) => file !== undefined);
    return [wav(tone(RATE / 5, RATE), RATE), ...made];
  } finally {
    await folder.remove();
  }
}

const MAGIC = [
  'RIFF\xff\xff\xff\x7fWAVEfmt ',
  'ID3\x04\0\0\x7f\x7f\x7f\x7f',
  'OggS',
  'fLaC',
  '\x1aE\xdf\xa3',
  '\0\0\0\x18ftypM4A ',
];

function spoilt(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }));
  return fc
    .tuple(fc.constantFrom(...files), fc.array(change, { maxLength: 8 }), fc.option(fc.nat(2000), { freq: 2 }))
    .map(([file, changes, length]) => {
      const bytes = file.slice(0, length ?? file.length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
}

const onlyBegins = fc
  .tuple(fc.constantFrom(...MAGIC), fc.uint8Array({ maxLength: 600 }))
  .map(([magic, rest]) => new Uint8Array(Buffer.concat([Buffer.from(magic, 'latin1'), rest])));

export function uploads(files: readonly Uint8Array[]): fc.Arbitrary<Upload> {
  const file = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...files) },
    { weight: 5, arbitrary: spoilt(files) },
    { weight: 3, arbitrary: onlyBegins },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) },
  );
  const part = fc.record({
    name: fc.oneof(
      { weight: 5, arbitrary: fc.constant('audio') },
      fc.constantFrom('', 'audio[]', '__proto__', 'a"b', 'x'.repeat(300)),
    ),
    filename: fc.constantFrom('a.webm', '', '../../a', 'a\0.wav', 'é.mp3', undefined),
    type: fc.constantFrom('audio/webm', 'audio/wav', 'text/html', '', '\u0001'),
    file,
  });
  return fc
    .record({
      boundary: fc.constantFrom('b', '----WebKitFormBoundaryx', 'b'.repeat(70)),
      said: fc.oneof(
        { weight: 9, arbitrary: fc.constant(undefined) },
        fc.constantFrom('', 'other', '"b', 'b; boundary=c'),
      ),
      parts: fc.oneof(
        { weight: 6, arbitrary: fc.array(part, { minLength: 1, maxLength: 1 }) },
        fc.array(part, { maxLength: 24 }),
      ),
      end: fc.oneof({ weight: 6, arbitrary: fc.constant('--\r\n') }, fc.constantFrom('', '-', '\r\n', '--\r\n--b--')),
    })
    .map(({ boundary, said, parts, end }) => ({
      contentType: `multipart/form-data; boundary=${said ?? boundary}`,
      body: form(boundary, parts, end),
    }));
}

interface Part {
  name: string;
  filename: string | undefined;
  type: string;
  file: Uint8Array;
}

function form(boundary: string, parts: readonly Part[], end: string): Uint8Array {
  const chunks = parts.flatMap(({ name, filename, type, file }) => {
    const of = filename === undefined ? '' : `; filename="${filename}"`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${of}\r\nContent-Type: ${type}\r\n\r\n`;
    return [Buffer.from(head), file, Buffer.from('\r\n')];
  });
  return new Uint8Array(Buffer.concat([...chunks, Buffer.from(`--${boundary}${end}`)]));
}
