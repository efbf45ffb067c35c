/**
 * Listens to one microphone: resample → windows → voice activity → transcription → end of turn. Time is counted in
 * samples of audio, so that it runs as fast as audio comes; only what is reported as latency is taken from the clock.
 */
import type { MicRate } from '../../protocol/audio-frame.ts';
import { createResampler } from '../../protocol/resample.ts';
import { isAbort } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { SpeechToText, Transcription } from '../ports/speech-to-text.ts';
import type { OnUsage } from '../ports/usage.ts';
import type { VoiceActivity } from '../ports/voice-activity.ts';
import type { EndOfTurn } from './end-of-turn.ts';
import { createSpeechGate } from './vad.ts';
import { createWindows } from './windows.ts';

const RATE = 16_000;
/** Audio from before the detector was sure: 0.3 s takes word errors from 18.8 % to 13.3 %. */
const PRE_ROLL_MS = 300;
/** Windows under way in the detector; at 32 ms each, 6 s. Beyond, audio is dropped: the detector is down. */
const MAX_PENDING_WINDOWS = 192;
/** Speech that goes on so soon after a turn was taken for over was cut off: from then on the coach waits longer. */
const CUT_OFF_MS = 1000;
const LEARNED_WAIT_MS = { step: 250, most: 750 };
/** A microphone that falls silent without silence (a suspended tab) ends its utterance after this long. */
const LOST_AUDIO_MS = 1500;

export interface ListenEvents {
  /** Speech is certain; again with the same number when it goes on after a pause. `atMs` counts microphone audio. */
  onSpeechStarted(utterance: number, atMs: number): void;
  onSpeechStopped(utterance: number, atMs: number): void;
  onPartial(utterance: number, text: string): void;
  /** The turn is over: its text, '' when there were no words. In order of utterances. */
  onUtterance(utterance: HeardUtterance): void;
  /** The utterance could not be transcribed. */
  onLost(utterance: number, error: unknown): void;
}

export interface HeardUtterance {
  utterance: number;
  text: string;
  incomplete: boolean;
  /** Monotonic ms when the turn was decided to be over. */
  decidedAtMs: number;
  endOfSpeechToTurnEndMs: number;
  transcriptMs: number;
}

export interface ListenOptions {
  rate: MicRate;
  vad: VoiceActivity;
  stt: SpeechToText;
  endOfTurn: EndOfTurn;
  /** What the coach asked last. */
  question(): string | undefined;
  /** Takes the next utterance number of the session. */
  nextUtterance(): number;
  clock: Clock;
  signal: AbortSignal;
  onUsage?: OnUsage;
  events: ListenEvents;
}

export interface Listener {
  push(pcm: Int16Array): void;
  /** Muted: audio is dropped and an open utterance ends. */
  mute(muted: boolean): void;
  /** Push to talk: held, silence does not end the turn; released, it is over at once. */
  hold(held: boolean): void;
  readonly speaking: boolean;
}

interface OpenUtterance {
  number: number;
  transcription: Transcription;
  text: string;
  lastSpeechAtMs: number;
}

export function createListener(options: ListenOptions): Listener {
  const { clock, signal, events, vad } = options;
  const resampler = createResampler(options.rate, RATE);
  const stream = vad.open();
  const gate = createSpeechGate();
  const windows = createWindows(vad.windowSamples, Math.ceil((PRE_ROLL_MS * RATE) / 1000 / vad.windowSamples));
  const windowMs = (vad.windowSamples * 1000) / RATE;
  let open: OpenUtterance | undefined;
  let heardMs = 0;
  let pending = 0;
  let muted = false;
  let held = false;
  let endedAtMs = Number.NEGATIVE_INFINITY;
  let learnedWaitMs = 0;
  let cancelLostTimer: (() => void) | undefined;
  // Finals leave in the order of their utterances, however long each takes.
  let finals: Promise<void> = Promise.resolve();
  signal.addEventListener('abort', () => {
    cancelLostTimer?.();
    stream.close();
  });

  const watchForAudio = () => {
    cancelLostTimer?.();
    cancelLostTimer = clock.after(LOST_AUDIO_MS, () => cutUtterance());
  };

  const openUtterance = (): OpenUtterance => {
    const number = options.nextUtterance();
    const onPartial = (text: string) => {
      if (open?.number !== number) return;
      open.text = text;
      events.onPartial(number, text);
    };
    const transcription = options.stt.open({ signal, onPartial, ...(options.onUsage && { onUsage: options.onUsage }) });
    for (const window of windows.recent()) transcription.push(window);
    open = { number, transcription, text: '', lastSpeechAtMs: clock.monotonicMs() };
    watchForAudio();
    return open;
  };

  const endUtterance = () => {
    const ending = open;
    if (!ending) return;
    open = undefined;
    cancelLostTimer?.();
    const decidedAtMs = clock.monotonicMs();
    const endOfSpeechToTurnEndMs = decidedAtMs - ending.lastSpeechAtMs;
    const final = ending.transcription.finish();
    finals = finals
      .then(() => final)
      .then(
        ({ text, incomplete }) => {
          if (signal.aborted) return;
          const transcriptMs = clock.monotonicMs() - decidedAtMs;
          events.onUtterance({
            utterance: ending.number,
            text,
            incomplete,
            decidedAtMs,
            endOfSpeechToTurnEndMs,
            transcriptMs,
          });
        },
        (error: unknown) => {
          if (!isAbort(error, signal)) events.onLost(ending.number, error);
        },
      );
  };

  const step = (window: Int16Array, probability: number) => {
    heardMs += windowMs;
    const change = gate.push(probability);
    if (change === 'started') {
      if (heardMs - endedAtMs < CUT_OFF_MS) {
        learnedWaitMs = Math.min(LEARNED_WAIT_MS.most, learnedWaitMs + LEARNED_WAIT_MS.step);
      }
      if (!open) openUtterance();
      else open.transcription.push(window);
      if (open) events.onSpeechStarted(open.number, heardMs);
    } else open?.transcription.push(window);
    if (!open) return;
    if (gate.silenceMs === 0) open.lastSpeechAtMs = clock.monotonicMs();
    if (change === 'stopped') events.onSpeechStopped(open.number, heardMs);
    const waitMs = options.endOfTurn({ text: open.text, question: options.question() }) + learnedWaitMs;
    if (held || gate.speaking || gate.silenceMs < waitMs) return;
    endedAtMs = heardMs;
    endUtterance();
  };

  const detect = (window: Int16Array) => {
    if (pending >= MAX_PENDING_WINDOWS) return;
    pending += 1;
    stream.process(window).then(
      (probability) => {
        pending -= 1;
        if (!signal.aborted) {
          windows.remember(window);
          step(window, probability);
        }
      },
      (error: unknown) => {
        pending -= 1;
        if (!isAbort(error, signal) && !signal.aborted && open) {
          const { number, transcription } = open;
          open = undefined;
          // Nobody wants its text, but it holds the recogniser's memory until it is finished.
          transcription.finish().catch(() => undefined);
          events.onLost(number, error);
        }
      },
    );
  };

  /** The utterance ends although the person may be in mid-word: what comes next is heard afresh. */
  const cutUtterance = () => {
    endUtterance();
    gate.reset();
    stream.reset();
  };

  return {
    push(pcm) {
      if (signal.aborted || muted) return;
      for (const window of windows.cut(resampler.push(pcm))) detect(window);
      if (open) watchForAudio();
    },
    mute(next) {
      muted = next;
      if (muted) cutUtterance();
    },
    hold(next) {
      held = next;
      // A muted microphone says nothing: the coach is not silenced for it.
      if (held && !open && !muted) {
        events.onSpeechStarted(openUtterance().number, heardMs);
      }
      if (!held) cutUtterance();
    },
    get speaking() {
      return open !== undefined && (gate.speaking || held);
    },
  };
}
