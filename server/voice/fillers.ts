/**
 * What a person hears while the reply is late: a short sound, then "One moment, please.", then an apology. Spoken once at
 * start by a voice of this machine, since the voices elsewhere may be what is late; nothing of it enters the history.
 */
import { createResampler } from '../../protocol/resample.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';

export const FILLER_TEXTS = {
  short: ['Let me think.', 'Hm, let me see.', 'Just a second.'],
  moment: ['One moment, please.'],
  apology: ['I am sorry, this takes too long. Could you say that again?'],
  saved: [
    'I am sorry, it does not work at the moment. What we said is saved: come back later, and we go on from here.',
  ],
  lost: ['Sorry, I lost my thread there. Please go on.'],
  unheard: ['Sorry, I did not catch that. Could you say it again?'],
} as const;
export type Filler = keyof typeof FILLER_TEXTS;

/** Since the person's turn was over, without any sound since. */
const FILLER_TIMES = [
  { afterMs: 1500, filler: 'short' },
  { afterMs: 4000, filler: 'moment' },
  { afterMs: 8000, filler: 'apology' },
] as const satisfies readonly { afterMs: number; filler: Filler }[];

export interface Clip {
  text: string;
  /** At the rate that was asked for. Not to be changed. */
  pcm: Int16Array;
}

export interface Fillers {
  /** Variants take turns. */
  clip(filler: Filler, rate: number): Clip;
}

/** A voice that knows what to say when it, or what it waits for, is late. */
export interface PatientVoice extends TextToSpeech {
  readonly fillers: Fillers;
}

/** Speaks the fillers. Rejects as the voice does, or with the signal's reason. */
export async function renderFillers(voice: TextToSpeech, { signal }: { signal: AbortSignal }): Promise<Fillers> {
  const rendered = new Map<string, Int16Array>();
  for (const text of Object.values(FILLER_TEXTS).flat()) {
    const pieces: Int16Array[] = [];
    for await (const { pcm } of voice.synthesize(text, { signal, turnKey: 'fillers' })) pieces.push(pcm);
    rendered.set(text, joined(pieces));
  }
  const atRate = new Map<string, Int16Array>();
  let used = 0;
  return {
    clip(filler, rate) {
      const texts = FILLER_TEXTS[filler];
      const text = texts[used % texts.length] ?? texts[0];
      used += 1;
      const key = `${rate} ${text}`;
      const pcm = atRate.get(key) ?? resampled(rendered.get(text) ?? new Int16Array(0), voice.sampleRate, rate);
      atRate.set(key, pcm);
      return { text, pcm };
    },
  };
}

export function withFillers(voice: TextToSpeech, fillers: Fillers): PatientVoice {
  return {
    name: voice.name,
    sampleRate: voice.sampleRate,
    ...(voice.voices && { voices: voice.voices }),
    fillers,
    synthesize: (text, options) => voice.synthesize(text, options),
    warm: () => voice.warm?.(),
    close: () => voice.close(),
  };
}

export interface Patience {
  /** Something of the reply is heard, or will not be any more. */
  end(): void;
}

export interface PatienceOptions {
  clock: Clock;
  /** Monotonic ms when the waiting began. */
  sinceMs: number;
  signal: AbortSignal;
  onDue(filler: Filler): void;
}

/** Calls `onDue` at the times of the table, until it is ended or aborted. */
export function losePatience({ clock, sinceMs, signal, onDue }: PatienceOptions): Patience {
  const cancels = FILLER_TIMES.map(({ afterMs, filler }) => {
    const inMs = Math.max(0, sinceMs + afterMs - clock.monotonicMs());
    return clock.after(inMs, () => onDue(filler));
  });
  const end = () => {
    for (const cancel of cancels) cancel();
    signal.removeEventListener('abort', end);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return { end };
}

/** Nobody could transcribe what the person said; they are told so in writing before it is said. */
export function utteranceLost(): KukuError {
  return new KukuError('I did not catch that. Please say it again.', { code: 'utterance_lost', retryable: true });
}

export function isUtteranceLost(error: unknown): boolean {
  return error instanceof KukuError && error.code === 'utterance_lost';
}

export function tooLate(): KukuError {
  return new KukuError('The coach took too long to answer.', { code: 'reply_late', status: 503, retryable: true });
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function resampled(pcm: Int16Array, from: number, to: number): Int16Array {
  const resampler = createResampler(from, to);
  return joined([resampler.push(pcm), resampler.flush()]);
}
