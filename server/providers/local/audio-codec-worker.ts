/** Decodes uploads and encodes replies in a worker thread: both are synchronous WebAssembly. */
import { createMp3Encoder } from 'wasm-media-encoders';
import { systemClock } from '../../ports/clock.ts';
import { decodeAudio } from './audio-decode.ts';
import { invalidAudio } from './audio-recording.ts';
import { serveWorker } from './worker-serve.ts';

export type AudioRequest =
  | { kind: 'decode'; file: Uint8Array; deadlineMs: number }
  | { kind: 'encode'; pcm: Int16Array; sampleRate: number };
/** `pcm` of a decode, `bytes` of an encode. */
export type AudioReply = { pcm: Int16Array } | { bytes: Uint8Array };

// The decoders write a line for each broken packet; what comes of it is in the answer.
console.error = () => undefined;
console.warn = () => undefined;

serveWorker<AudioRequest, AudioReply>(() => async (request, { signal, transfer }) => {
  if (request.kind === 'decode') {
    const pcm = await decodeAudio(request.file, checker(request.deadlineMs, signal));
    transfer.push(pcm.buffer);
    return { pcm };
  }
  const bytes = await encodeMp3(request.pcm, request.sampleRate);
  transfer.push(bytes.buffer);
  return { bytes };
});

/** Between two turns of the event loop, where an abort is seen. */
const YIELD_EVERY_MS = 20;

/** Stops at the deadline or an abort. A file made to take for ever is as good as undecodable. */
function checker(deadlineMs: number, signal: AbortSignal): () => Promise<void> {
  const startedMs = systemClock.monotonicMs();
  let yieldedMs = startedMs;
  return async () => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - startedMs > deadlineMs) throw invalidAudio(new Error('decoding took too long'));
    if (nowMs - yieldedMs < YIELD_EVERY_MS) return;
    await new Promise((resolve) => void setImmediate(resolve));
    yieldedMs = systemClock.monotonicMs();
    signal.throwIfAborted();
  };
}

/** Samples handed to the encoder at once. */
const BLOCK_SAMPLES = 16_384;
/** Speech stays clear; 6 KB a second against 32 to 96 KB of PCM. */
const BITRATE_KBPS = 48;

async function encodeMp3(pcm: Int16Array, sampleRate: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate, bitrate: BITRATE_KBPS });
  const parts: Uint8Array[] = [];
  for (let at = 0; at < pcm.length; at += BLOCK_SAMPLES) {
    const block = Float32Array.from(pcm.subarray(at, at + BLOCK_SAMPLES), (sample) => sample / 32_768);
    // The encoder answers with a view of its own memory, which the next call overwrites.
    parts.push(encoder.encode([block]).slice());
  }
  parts.push(encoder.finalize().slice());
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
