import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { getAudioDecoder } from 'audio-file-decoder';

/**
 * Decodes an MP4 with AAC (also HE-AAC) to mono, at most `maxSeconds` of it: FFmpeg's demuxer and decoder as
 * WebAssembly, an LGPL build of 1.2 MB. What else there is for AAC outside of browsers is GPL (FAAD2), native with all
 * of FFmpeg, or garbles what some encoders make
 * (AAC.js). Throws where the file is
 * broken. For a worker thread only: it blocks, and `prepareThread` changes globals.
 */
export async function decodeAac(file: Uint8Array, maxSeconds: number): Promise<{ pcm: Float32Array; rate: number }> {
  const copy = file.slice();
  const listenersBefore = prepareThread();
  const decoder = await getAudioDecoder(await wasmUrl(), copy.buffer);
  try {
    return { pcm: decoder.decodeAudioData(0, maxSeconds), rate: decoder.sampleRate };
  } finally {
    decoder.dispose();
    removeListeners(listenersBefore);
  }
}

let wasm: Promise<string> | undefined;

/** The package fetches its binary, and in Node only a `data:` URL can be fetched. */
function wasmUrl(): Promise<string> {
  wasm ??= (async () => {
    const path = fileURLToPath(import.meta.resolve('audio-file-decoder/decode-audio.wasm'));
    return `data:application/wasm;base64,${(await readFile(path)).toString('base64')}`;
  })();
  return wasm;
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;
type Listeners = ReadonlyMap<string, ReadonlySet<unknown>>;

/** Its loader was made by Emscripten for CommonJS: it looks for these two names when it finds itself in Node. */
function prepareThread(): Listeners {
  Object.assign(globalThis, { __dirname: '/', require: createRequire(import.meta.url) });
  return new Map(EVENTS.map((event) => [event, new Set<unknown>(process.listeners(event as 'uncaughtException'))]));
}

/** It leaves listeners behind with each file, and each holds that file's memory. */
function removeListeners(before: Listeners): void {
  for (const event of EVENTS) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (before.get(event)?.has(listener) === false) process.removeListener(event, listener);
    }
  }
}
