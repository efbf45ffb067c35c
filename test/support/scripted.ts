/** Engines with a script and fixed delays: real streams and timers, made-up content. For tests and benchmarks. */
import type { ReplyEngine, ReplyRequest } from '../../server/ports/language-model.ts';
import type { SpeechToText } from '../../server/ports/speech-to-text.ts';
import type { TextToSpeech } from '../../server/ports/text-to-speech.ts';
import type { VoiceActivity } from '../../server/ports/voice-activity.ts';
import { type Clock, sleep } from '../../server/ports/clock.ts';

/** Hears speech wherever there is a signal: samples above 1 % of full scale. */
export function energyVad(): VoiceActivity {
  return {
    name: 'energy',
    windowSamples: 512,
    open: () => ({
      process: (window) => Promise.resolve(window.some((sample) => Math.abs(sample) > 327) ? 0.95 : 0.02),
      reset() {},
      close() {},
    }),
    close: () => Promise.resolve(),
  };
}

export interface ScriptedSttOptions {
  clock: Clock;
  /** The texts of the utterances, in order of their opening; the last one again when there are more. */
  texts: readonly string[];
  /** From `finish` to the final text. */
  finalMs?: number;
  /** Audio after which the words so far are told, in samples at 16 kHz; each word takes this long. */
  wordSamples?: number;
}

export function scriptedStt({ clock, texts, finalMs = 0, wordSamples = 4800 }: ScriptedSttOptions): SpeechToText {
  let opened = 0;
  return {
    name: 'scripted',
    open({ signal, onPartial }) {
      const text = texts[Math.min(opened++, texts.length - 1)] ?? '';
      const words = text.split(' ').filter(Boolean);
      let heardSamples = 0;
      let told = 0;
      return {
        push(pcm) {
          heardSamples += pcm.length;
          const known = Math.min(words.length, Math.floor(heardSamples / wordSamples));
          if (known > told) onPartial(words.slice(0, (told = known)).join(' '));
        },
        async finish() {
          if (finalMs > 0) await sleep(clock, finalMs, { signal });
          return { text, incomplete: false };
        },
      };
    },
    close: () => Promise.resolve(),
  };
}

export interface ScriptedEngineOptions {
  clock: Clock;
  /** What is said; given the request, so that a test can answer what was said. */
  answer: (request: ReplyRequest) => string | Error;
  firstTokenMs?: number;
  /** Between the words. */
  tokenMs?: number;
}

export function scriptedEngine(
  options: ScriptedEngineOptions,
): ReplyEngine & { readonly requests: ReplyRequest[]; readonly aborted: number } {
  const { clock, answer, firstTokenMs = 0, tokenMs = 0 } = options;
  const requests: ReplyRequest[] = [];
  let aborted = 0;
  return {
    name: 'scripted',
    model: 'scripted-1',
    requests,
    get aborted() {
      return aborted;
    },
    async *reply(request, { signal }) {
      requests.push(request);
      const onAbort = () => aborted++;
      signal.addEventListener('abort', onAbort);
      try {
        if (firstTokenMs > 0) await sleep(clock, firstTokenMs, { signal });
        const text = answer(request);
        if (text instanceof Error) throw text;
        for (const word of text.split(/(?<=\s)/)) {
          signal.throwIfAborted();
          yield { type: 'text', text: word };
          if (tokenMs > 0) await sleep(clock, tokenMs, { signal });
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    close: () => Promise.resolve(),
  };
}

export interface ScriptedTtsOptions {
  clock: Clock;
  firstByteMs?: number;
  /** Speech a character. */
  charMs?: number;
  sampleRate?: number;
  /** Fails on sentences that match. */
  failOn?: RegExp;
}

/** A tone as long as the text, in chunks of 100 ms. */
export function scriptedTts({
  clock,
  firstByteMs = 0,
  charMs = 60,
  sampleRate = 16_000,
  failOn,
}: ScriptedTtsOptions): TextToSpeech {
  return {
    name: 'scripted',
    sampleRate,
    async *synthesize(text, { signal }) {
      if (firstByteMs > 0) await sleep(clock, firstByteMs, { signal });
      if (failOn?.test(text)) throw new Error('the scripted voice fails');
      const samples = Math.round((text.length * charMs * sampleRate) / 1000);
      const step = sampleRate / 10;
      for (let at = 0; at < samples; at += step) {
        signal.throwIfAborted();
        yield { pcm: tone(Math.min(step, samples - at), sampleRate, at) };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** A second of a 300 Hz tone at a fifth of full scale, by rate: it repeats itself, and making it anew takes time. */
const seconds = new Map<number, Int16Array>();

/** A 300 Hz tone at a fifth of full scale; `from` is its first sample's place. */
export function tone(samples: number, rate: number, from = 0): Int16Array {
  let second = seconds.get(rate);
  if (!second) {
    second = Int16Array.from({ length: rate }, (_, i) => Math.round(6553 * Math.sin((2 * Math.PI * 300 * i) / rate)));
    seconds.set(rate, second);
  }
  const pcm = new Int16Array(samples);
  for (let filled = 0; filled < samples;) {
    const start = (from + filled) % rate;
    const part = second.subarray(start, start + samples - filled);
    pcm.set(part, filled);
    filled += part.length;
  }
  return pcm;
}
