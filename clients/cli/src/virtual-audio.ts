/**
 * A microphone and a speaker without devices: the microphone is fed with PCM, the speaker plays by the clock. Both run
 * in real time of the injected clock, so that reported positions are as honest as a sound card's: a sample counts as
 * heard when the clock says that it was, never before.
 *
 *     const audio = createVirtualAudio({ clock });
 *     const coach = createCoach({ url, session, audio, clock });
 *     coach.start();
 *     await audio.say(pcm);        // one clip into the microphone; silence before and after
 *     audio.heard();               // all that the speaker gave out, silence included
 */
import { FRAME_MS, type MicRate, type SpeechRate } from '../../../protocol/audio-frame.ts';
import { systemClock, type AudioIO, type Clock, type PlaybackPosition } from '@kuku-coach/core';
import { createMicQueue } from './mic-queue.ts';
import { joined } from './pcm.ts';
import { createSpeakerQueue } from './speaker-queue.ts';

export interface VirtualAudioOptions {
  clock?: Clock;
  /** Rate of the microphone and of what `say` takes; default 16,000. `null`: no microphone. */
  micRate?: MicRate | null;
  /** Rate of the speaker and of what `heard` gives; default 24,000. `null`: no speaker. */
  speechRate?: SpeechRate | null;
  /** Keeps all that was played, for `heard` and `segments`; default true. Load tests set it to false. */
  keep?: boolean;
  /**
   * Called every 20 ms with what the microphone gave and what the speaker played since the call before: the same stretch
   * of time at both rates, but for what the microphone skips after a stall of seconds. Empty where there is no device.
   */
  onElapsed?: (mic: Int16Array, speech: Int16Array) => void;
}

export interface VirtualAudio extends AudioIO {
  /**
   * Queues samples for the microphone behind what is queued. Resolves when the last of them was given out, rejects with
   * the signal's reason, when `stop` is called, or at once without a microphone.
   */
  say(pcm: Int16Array, options?: { signal?: AbortSignal }): Promise<void>;
  /** Everything that the speaker gave out since `start`, silence included. Empty with `keep: false`. */
  heard(): Int16Array;
  /** What was played when: one entry for each stretch of a turn without a pause. Empty with `keep: false`. */
  readonly segments: readonly HeardSegment[];
  /** Since `start`, in ms; 0 before. */
  readonly elapsedMs: number;
}

export interface HeardSegment {
  turn: number;
  /** Since `start`. */
  startMs: number;
  samples: number;
}

/** After a stall of the process longer than this, the microphone skips what it missed: the server takes 5 s bursts. */
const MAX_CATCH_UP_MS = 2000;

export function createVirtualAudio(options: VirtualAudioOptions = {}): VirtualAudio {
  const { clock = systemClock, micRate = 16_000, speechRate = 24_000, keep = true, onElapsed } = options;
  const mic = createMicQueue();
  const speaker = createSpeakerQueue({ rate: speechRate ?? 24_000, keep });
  let onFrame: ((pcm: Int16Array) => void) | undefined;
  let onPosition: ((position: PlaybackPosition) => void) | undefined;
  let startedAtMs: number | undefined;
  let cancelTick: (() => void) | undefined;
  let ticks = 0;
  let elapsedSpeech: Int16Array[] = [];

  const frameSamples = ((micRate ?? 0) * FRAME_MS) / 1000;

  const elapsedMs = () => (startedAtMs === undefined ? 0 : clock.monotonicMs() - startedAtMs);
  /** Plays up to now, whenever that is: positions are exact between ticks too. */
  const advance = () => {
    if (startedAtMs === undefined || speechRate === null) return;
    const played = speaker.advanceTo(Math.floor((elapsedMs() * speechRate) / 1000), (position) =>
      onPosition?.(position),
    );
    if (onElapsed) elapsedSpeech.push(played);
  };
  const tick = () => {
    const due = Math.floor(elapsedMs() / FRAME_MS);
    if (due - ticks > MAX_CATCH_UP_MS / FRAME_MS) ticks = due - MAX_CATCH_UP_MS / FRAME_MS;
    const given: Int16Array[] = [];
    for (; ticks < due; ticks += 1) if (frameSamples > 0) given.push(mic.take(frameSamples));
    advance();
    for (const pcm of given) onFrame?.(pcm);
    onElapsed?.(joined(given), joined(elapsedSpeech));
    elapsedSpeech = [];
    // `onFrame` may have stopped us.
    if (startedAtMs === undefined) return;
    const waitMs = startedAtMs + (due + 1) * FRAME_MS - clock.monotonicMs();
    cancelTick = clock.after(Math.max(0, waitMs), tick);
  };

  return {
    async start(fn) {
      onFrame = fn;
      startedAtMs = clock.monotonicMs();
      cancelTick = clock.after(FRAME_MS, tick);
      return { ...(micRate && { in: { rate: micRate } }), ...(speechRate && { out: { rate: speechRate } }) };
    },
    play(turn, pcm) {
      advance();
      speaker.play(turn, pcm);
    },
    end(turn) {
      advance();
      speaker.end(turn);
    },
    async clear() {
      advance();
      return speaker.clear();
    },
    onPosition: (fn) => void (onPosition = fn),
    // Nothing takes these devices away, and they have one route.
    onInterruption: () => {},
    onRoute: () => {},
    async stop() {
      advance();
      startedAtMs = undefined;
      cancelTick?.();
      mic.close();
    },
    say(pcm, { signal } = {}) {
      if (micRate === null) return Promise.reject(new Error('This virtual audio has no microphone.'));
      return mic.say(pcm, signal);
    },
    heard: () => speaker.heard(),
    segments: speaker.segments,
    get elapsedMs() {
      return elapsedMs();
    },
  };
}
