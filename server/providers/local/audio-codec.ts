import { KukuError } from '../../errors.ts';
import { MAX_UPLOAD_BYTES, type AudioCodec } from '../../ports/audio-codec.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AudioReply, AudioRequest } from './audio-codec-worker.ts';
import { invalidAudio, tooLong } from './audio-recording.ts';
import { createWorkerHost, type WorkerHost } from './worker-host.ts';
import type { EngineLog } from './worker-supervisor.ts';

export interface AudioCodecOptions {
  clock: Clock;
  log?: EngineLog | undefined;
  /** Uploads, and replies, that may wait; one more is refused as `decoder_busy`. Default 32. */
  maxWaiting?: number | undefined;
}

/** Five minutes of any format take about 2 s of a core; after this the worker gives up by itself. */
const DECODE_DEADLINE_MS = 30_000;
/** The worker is replaced after this: a decoder got stuck within one packet. */
const STUCK_MS = 40_000;

/**
 * Decodes and encodes in worker threads, one for each direction, so that a long upload delays no reply; each starts
 * when it is first needed. Replies are MP3: LAME in WebAssembly (`wasm-media-encoders`, MIT and LGPL), played by every
 * browser and phone, Safari included, and a fifth to a sixteenth of WAV's size.
 */
export function createAudioCodec({ clock, log, maxWaiting = 32 }: AudioCodecOptions): AudioCodec {
  let closed = false;
  const started: WorkerHost<AudioRequest, AudioReply>[] = [];
  const lazily = (name: string) => {
    let host: WorkerHost<AudioRequest, AudioReply> | undefined;
    return () => {
      if (closed) throw new KukuError('The audio codec is closed', { code: 'engine_closed', status: 503 });
      if (host === undefined) {
        const url = new URL('./audio-codec-worker.ts', import.meta.url);
        host = createWorkerHost({ name, url, clock, log, maxWaiting, deadlineMs: STUCK_MS });
        started.push(host);
      }
      return host;
    };
  };
  const decoder = lazily('audio decoder');
  const encoder = lazily('audio encoder');

  return {
    name: 'local',
    async decode(file, { signal }) {
      signal.throwIfAborted();
      if (file.byteLength > MAX_UPLOAD_BYTES) throw tooLarge();
      if (file.byteLength === 0) throw invalidAudio();
      const copy = new Uint8Array(file);
      const request = { kind: 'decode', file: copy, deadlineMs: DECODE_DEADLINE_MS } as const;
      const reply = await asked(decoder().request(request, { signal, transfer: [copy.buffer] }));
      return 'pcm' in reply ? reply.pcm : new Int16Array(0);
    },
    async encode(pcm, sampleRate, { signal }) {
      signal.throwIfAborted();
      const copy = new Int16Array(pcm);
      const request = { kind: 'encode', pcm: copy, sampleRate } as const;
      const reply = await asked(encoder().request(request, { signal, transfer: [copy.buffer] }));
      return { bytes: 'bytes' in reply ? reply.bytes : new Uint8Array(0), contentType: 'audio/mpeg' };
    },
    async close() {
      closed = true;
      await Promise.all(started.map((host) => host.close()));
    },
  };
}

/** Gives errors their HTTP meaning again: from a worker they come with a code and a sentence only. */
async function asked<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    if (!(error instanceof KukuError)) throw error;
    if (error.code === 'invalid_audio' || error.code === 'engine_died') throw invalidAudio(error);
    if (error.code === 'audio_too_long') throw tooLong();
    throw new KukuError("Recordings can't be read at the moment. Please try again.", {
      code: 'decoder_busy',
      retryable: true,
      status: 503,
      cause: error,
    });
  }
}

function tooLarge(): KukuError {
  return new KukuError(`The recording is larger than ${MAX_UPLOAD_BYTES / 1024 / 1024} MB`, {
    code: 'audio_too_large',
    status: 413,
  });
}
