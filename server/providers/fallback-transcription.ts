/**
 * Recognisers in the order of preference, as one. The last ten seconds of the utterance are kept: when a recogniser
 * fails, the next one hears them again.
 */
import type { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { createDeadline } from '../ports/deadline.ts';
import { providerFailure } from '../ports/provider-failure.ts';
import type { FinalTranscript, SpeechToText, Transcription, TranscriptionOptions } from '../ports/speech-to-text.ts';
import { type Chain, type ChainOptions, createChain, type Link } from './chain.ts';

export type Recogniser = SpeechToText & { readonly model?: string };

export interface FallbackTranscriptionOptions extends ChainOptions {
  /** Best first. */
  recognisers: readonly [Recogniser, ...Recogniser[]];
  /** From the end of the utterance to the final text, for each of them. Default 1500. */
  finalMs?: number | undefined;
  /** The same for all of them, one after the other. Default 2500. */
  totalMs?: number | undefined;
  /** How long the last one may take. Default: what is left for all. */
  lastMs?: number | undefined;
}

const FINAL_MS = 1500;
/** With what comes after it, something is still heard within 4 s of the person's last word. */
const TOTAL_MS = 2500;
/** Those before have used up the time: a last one that is quick is still worth it. */
const MIN_MS = 500;
const KEPT_SAMPLES = 10 * 16_000;

export function createFallbackTranscription(options: FallbackTranscriptionOptions): SpeechToText {
  const { recognisers, clock, finalMs = FINAL_MS, totalMs = TOTAL_MS, lastMs } = options;
  const chain = createChain<Recogniser>('transcription', recognisers, options);
  return {
    name: chain.names,
    open: (transcription) => new ChainedTranscription({ ...transcription, chain, clock, finalMs, totalMs, lastMs }),
    close: async () => void (await Promise.all(recognisers.map((recogniser) => recogniser.close()))),
  };
}

interface ChainedOptions extends TranscriptionOptions {
  chain: Chain<Recogniser>;
  clock: Clock;
  finalMs: number;
  totalMs: number;
  lastMs: number | undefined;
}

/** The recogniser that hears the utterance at the moment. */
interface Current {
  link: Link<Recogniser>;
  transcription: Transcription;
  controller: AbortController;
}

class ChainedTranscription implements Transcription {
  readonly #options: ChainedOptions;
  readonly #links: Generator<Link<Recogniser>>;
  readonly #kept: Int16Array[] = [];
  #keptSamples = 0;
  #isForgetting = false;
  #isReplayed = false;
  /** The recogniser at work did not get to hear all of it. */
  #isShort = false;
  #current: Current | undefined;
  #told = '';
  #error: unknown;
  readonly #onAbort = (): void => this.#current?.link.attempt.dropped();

  constructor(options: ChainedOptions) {
    this.#options = options;
    this.#links = options.chain.links();
    // An attempt that is never brought to an end would keep the breaker waiting.
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#next();
  }

  push(pcm: Int16Array): void {
    this.#kept.push(pcm.slice());
    this.#keptSamples += pcm.length;
    for (let first = this.#kept[0]; first && this.#keptSamples - first.length >= KEPT_SAMPLES; first = this.#kept[0]) {
      this.#kept.shift();
      this.#keptSamples -= first.length;
      this.#isForgetting = true;
    }
    this.#current?.transcription.push(pcm);
  }

  async finish(): Promise<FinalTranscript> {
    try {
      return await this.#finish();
    } finally {
      this.#options.signal.removeEventListener('abort', this.#onAbort);
    }
  }

  async #finish(): Promise<FinalTranscript> {
    const { signal, clock, totalMs } = this.#options;
    const endsAtMs = clock.monotonicMs() + totalMs;
    for (;;) {
      signal.throwIfAborted();
      const current = this.#current;
      if (!current) throw this.#error;
      try {
        const { text, incomplete } = await this.#finalOf(current, endsAtMs - clock.monotonicMs());
        current.link.attempt.succeeded();
        return { text, incomplete: incomplete || this.#isShort };
      } catch (error) {
        signal.throwIfAborted();
        // It may have said so itself, and the next one is at work already.
        if (this.#current === current) this.#replace(current, error);
      } finally {
        current.link.attempt.dropped();
      }
    }
  }

  /** The final text, or the error of the deadline. */
  async #finalOf({ link, transcription, controller }: Current, leftMs: number): Promise<FinalTranscript> {
    const { clock, signal, finalMs, lastMs } = this.#options;
    const mayTakeMs = Math.max(MIN_MS, leftMs);
    const deadline = createDeadline(clock, signal);
    const late = (): KukuError =>
      providerFailure('provider_timeout', { provider: link.provider.name, detail: 'the transcript' });
    deadline.within(link.isLast ? (lastMs ?? mayTakeMs) : Math.min(finalMs, mayTakeMs), late);
    deadline.signal.addEventListener('abort', () => controller.abort(deadline.signal.reason), { once: true });
    try {
      return await transcription.finish();
    } finally {
      deadline.close();
    }
  }

  #replace(current: Current, error: unknown): void {
    this.#options.chain.failed(current.link, error);
    current.controller.abort(error);
    this.#error = error;
    this.#isReplayed = true;
    this.#isShort = this.#isForgetting;
    this.#next();
  }

  /** Opens the utterance with the next recogniser and lets it hear what is kept. */
  #next(): void {
    const { signal, onUsage } = this.#options;
    this.#current = undefined;
    const { value: link } = this.#links.next() as IteratorResult<Link<Recogniser>, undefined>;
    if (!link) return;
    const controller = new AbortController();
    const transcription = link.provider.open({
      signal: AbortSignal.any([signal, controller.signal]),
      onPartial: (text) => this.#tell(controller, text),
      onFailed: (error) => {
        if (this.#current?.controller === controller) this.#replace(this.#current, error);
      },
      ...(onUsage && { onUsage }),
    });
    this.#current = { link, transcription, controller };
    for (const pcm of this.#kept) transcription.push(pcm);
  }

  #tell(controller: AbortController, text: string): void {
    // The next one's text grows again from nothing: silent until there is news.
    if (this.#current?.controller !== controller || (this.#isReplayed && this.#told.startsWith(text))) return;
    this.#told = text;
    this.#options.onPartial(text);
  }
}
