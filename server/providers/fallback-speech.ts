/**
 * Voices in the order of preference, as one voice at one rate. A sentence of which nothing was heard is said by the next
 * voice when one fails; one that was begun is never started over: the sentences that follow have the next voice.
 */
import { createResampler } from '../../protocol/resample.ts';
import { sleep } from '../ports/clock.ts';
import { createDeadline } from '../ports/deadline.ts';
import { providerFailure } from '../ports/provider-failure.ts';
import type { SpeechChunk, SynthesisOptions, TextToSpeech } from '../ports/text-to-speech.ts';
import { type ChainOptions, createChain, type Link } from './chain.ts';

export type Voice = TextToSpeech & { readonly model?: string };

export interface FallbackSpeechOptions extends ChainOptions {
  /** Best first. */
  voices: readonly [Voice, ...Voice[]];
  /** Of what is yielded. Default: the first voice's. */
  sampleRate?: number | undefined;
  /** From the call to the first audio. Default 1000. */
  firstMs?: number | undefined;
  /** Between pieces of audio. Default 1000. */
  gapMs?: number | undefined;
}

const FIRST_MS = 1000;
const GAP_MS = 1000;
/** Nobody comes after the last voice, and a busy machine speaks late rather than never. */
const LAST_MS = 5000;
/** Turns that are remembered to have changed their voice. */
const MAX_TURNS = 1000;

export function createFallbackSpeech(options: FallbackSpeechOptions): TextToSpeech {
  const { voices, clock, sampleRate = voices[0].sampleRate, firstMs = FIRST_MS, gapMs = GAP_MS } = options;
  const chain = createChain<Voice>('speech', voices, options);
  /** A turn that was given up by a voice goes on with another: changing back and forth would be worse than either. */
  const placeOf = new Map<string, number>();

  const move = ({ turnKey, signal, turnSignal = signal }: SynthesisOptions, place: number) => {
    if (placeOf.has(turnKey)) return void placeOf.set(turnKey, place);
    const oldest = placeOf.keys().next();
    if (placeOf.size >= MAX_TURNS && !oldest.done) placeOf.delete(oldest.value);
    placeOf.set(turnKey, place);
    turnSignal.addEventListener('abort', () => placeOf.delete(turnKey), { once: true });
  };

  /** The sentence by one voice, within the deadlines: they hold while it is waited for, not while its reader is. */
  async function* say({ provider, isLast }: Link<Voice>, text: string, options: SynthesisOptions) {
    const { turnSignal = options.signal } = options;
    const deadline = createDeadline(clock, options.signal);
    // The deadline's signal ends with the sentence.
    const given = { ...options, signal: deadline.signal, turnSignal };
    const late = () => providerFailure('provider_timeout', { provider: provider.name, detail: 'the voice' });
    const resampler = createResampler(provider.sampleRate, sampleRate);
    deadline.within(isLast ? LAST_MS : firstMs, late);
    let samples = 0;
    try {
      for await (const { pcm, words } of provider.synthesize(text, given)) {
        deadline.pause();
        samples += pcm.length;
        const chunk: SpeechChunk = { pcm: resampler.push(pcm), ...(words && { words }) };
        if (chunk.pcm.length > 0 || words) yield chunk;
        deadline.within(isLast ? LAST_MS : gapMs, late);
      }
    } catch (error) {
      throw deadline.signal.aborted ? deadline.signal.reason : error;
    } finally {
      deadline.close();
    }
    if (samples === 0) throw providerFailure('provider_broken_answer', { provider: provider.name, detail: 'no audio' });
    const rest = resampler.flush();
    if (rest.length > 0) yield { pcm: rest };
  }

  async function* synthesize(text: string, options: SynthesisOptions): AsyncGenerator<SpeechChunk> {
    const { signal, turnKey } = options;
    signal.throwIfAborted();
    let mayAskAgain = true;
    let failure: unknown;
    for (const link of chain.links(placeOf.get(turnKey))) {
      let heard = false;
      try {
        for (;;) {
          try {
            for await (const chunk of say(link, text, options)) {
              heard = true;
              yield chunk;
            }
            return link.attempt.succeeded();
          } catch (error) {
            signal.throwIfAborted();
            const waitMs = mayAskAgain && !heard ? chain.waitMs(error) : undefined;
            if (waitMs === undefined) throw error;
            mayAskAgain = false;
            await sleep(clock, waitMs, { signal });
          }
        }
      } catch (error) {
        signal.throwIfAborted();
        chain.failed(link, error);
        move(options, link.place + 1);
        if (heard) throw error;
        failure = error;
      } finally {
        // Also when the reader has left; without effect after the others.
        link.attempt.dropped();
      }
    }
    throw failure;
  }

  return {
    name: chain.names,
    sampleRate,
    synthesize,
    warm: () => voices[0].warm?.(),
    close: async () => void (await Promise.all(voices.map((voice) => voice.close()))),
  };
}
