/** Speech from engines in worker threads: cuts the text into pieces, shares the workers out, retries, stops. */
import { KukuError } from '../../errors.ts';
import type { SpeechChunk, TextToSpeech } from '../../ports/text-to-speech.ts';
import { speechPieces } from './engine-text.ts';
import type { WorkerHost } from './worker-host.ts';

/** One piece for an engine: plain words, bounded in length. */
export interface SpeechRequest {
  text: string;
}

/** Mono samples at the adapter's rate, in order; their buffer is the receiver's. */
export type SpeechReply = Int16Array;

export type SpeechHost = WorkerHost<SpeechRequest, SpeechReply>;

export interface EngineSpeechOptions {
  name: string;
  sampleRate: number;
  /** Each runs one piece at a time and queues a bounded number, in order: sessions take turns, piece by piece. */
  hosts: readonly SpeechHost[];
  /** Longer texts are cut at sentences, clauses or words. It bounds how long an aborted piece holds up the next one. */
  maxPieceChars: number;
}

export interface EngineSpeech extends TextToSpeech {
  /** Resolves when all workers have loaded the voice. Waiting for it is not needed; the first sentence waits itself. */
  ready(): Promise<void>;
  /** Ends all workers as a crash would. */
  terminate(): void;
}

/** Longest chunk that is yielded: an abort is seen between two. */
const CHUNK_MS = 100;

export function createEngineSpeech(options: EngineSpeechOptions): EngineSpeech {
  const { name, sampleRate, hosts, maxPieceChars } = options;
  const chunkSamples = (sampleRate * CHUNK_MS) / 1000;
  /** Pieces that each host has or was promised. */
  const load = new Map<SpeechHost, number>(hosts.map((host) => [host, 0]));

  /** The host with the least to do; one that is out of order only when all are. */
  function pickHost(): SpeechHost {
    const usable = hosts.filter((host) => host.state !== 'broken');
    const candidates = usable.length > 0 ? usable : hosts;
    return candidates.reduce((best, host) => ((load.get(host) ?? 0) < (load.get(best) ?? 0) ? host : best));
  }

  async function* speakPiece(text: string, signal: AbortSignal): AsyncGenerator<Int16Array, void, undefined> {
    const host = pickHost();
    load.set(host, (load.get(host) ?? 0) + 1);
    try {
      for await (const pcm of host.stream({ text }, { signal })) {
        for (let at = 0; at < pcm.length; at += chunkSamples) {
          yield pcm.subarray(at, at + chunkSamples);
          signal.throwIfAborted();
        }
      }
    } finally {
      load.set(host, (load.get(host) ?? 0) - 1);
    }
  }

  async function* synthesize(text: string, { signal }: { signal: AbortSignal }): AsyncGenerator<SpeechChunk> {
    signal.throwIfAborted();
    let retried = false;
    for (const piece of speechPieces(text, maxPieceChars)) {
      for (let over = false; !over;) {
        let heard = false;
        try {
          for await (const pcm of speakPiece(piece, signal)) {
            heard = true;
            yield { pcm };
          }
          over = true;
        } catch (error) {
          // A piece of which nothing was heard can be said by the next worker, without the listener noticing.
          if (signal.aborted || heard || retried || !isDeath(error)) throw asSpeechError(error, name);
          retried = true;
        }
      }
    }
  }

  return {
    name,
    sampleRate,
    synthesize,
    ready: async () => void (await Promise.all(hosts.map((host) => host.ready()))),
    terminate: () => hosts.forEach((host) => host.terminate()),
    close: async () => void (await Promise.all(hosts.map((host) => host.close()))),
  };
}

function isDeath(error: unknown): boolean {
  return error instanceof KukuError && error.code === 'engine_died';
}

/** The queue's refusal in the words of the ports; everything else as it is. */
function asSpeechError(error: unknown, name: string): unknown {
  if (!(error instanceof KukuError) || error.code !== 'engine_busy') return error;
  return new KukuError(`The voice ${name} has too much to say at once.`, {
    code: 'overloaded',
    retryable: true,
    status: 503,
    retryAfterMs: 500,
    cause: error,
  });
}
