/**
 * Bookkeeping of what is played: which turn, how far, what the server is told of it. The server sends at most about
 * 1 s ahead of these reports and keeps of an interrupted reply only what they say was heard, so they must be honest.
 */
import type { AudioFrame } from '../../../protocol/audio-frame.ts';
import type { ClientMessage } from '../../../protocol/messages.ts';
import type { AudioIO, PlaybackPosition } from './audio-io.ts';
import { createTimer, type Clock } from './clock.ts';

/** The longest between two reports, and the age of the last from which a fresh position is worth one. */
const REPORT_MS = 250;
const FRESH_MS = 200;
/** Server and client may round a turn's length differently: this close to the announced end is the end. */
const ROUNDING_MS = 20;

export interface PlaybackOptions {
  audio: AudioIO;
  /** Samples a second of speech. */
  rate: number;
  clock: Clock;
  send: (message: ClientMessage) => void;
  onSpeaking: (speaking: boolean) => void;
}

export interface Playback {
  /** Plays a frame, unless a newer turn has begun or its turn was dropped by `drop`. */
  frame(frame: AudioFrame): void;
  /** The server says how long a turn's audio is. */
  announceEnd(turn: number, durationMs: number): void;
  /** The server drops what is unheard of `turn`: silence at once, and an answer with what was heard. */
  clear(turn: number): Promise<void>;
  /** Silence at once; what still comes of `turn` is not played. Resolves with what was heard of it, in ms. */
  drop(turn: number): Promise<number>;
  /** A new connection: what the old one left unheard is not played. */
  reset(): Promise<void>;
  /** Number of the last frame that came. */
  readonly lastAudio: { turn: number; seq: number } | undefined;
  cancel(): void;
}

interface Turn {
  /** Position in the turn of the first sample that was queued since the last clear. */
  baseSamples: number;
  durationMs?: number;
}

export function createPlayback({ audio, rate, clock, send, onSpeaking }: PlaybackOptions): Playback {
  let turns = new Map<number, Turn>();
  let newest: number | undefined;
  let dropped: number | undefined;
  let lastAudio: { turn: number; seq: number } | undefined;
  /** The last turn that was played to its end or cleared, and how much of it was heard. */
  let finished = { turn: 0, playedMs: 0 };
  let report: Extract<ClientMessage, { type: 'playback' }> | undefined;
  let reportedAtMs = 0;
  let clearing = 0;
  const toMs = (samples: number) => (samples * 1000) / rate;

  const repeat = () => {
    if (!report) return;
    send(report);
    reportedAtMs = clock.monotonicMs();
    timer.set(REPORT_MS);
  };
  const timer = createTimer(clock, repeat);

  const onPosition = ({ turn, playedSamples, bufferedSamples, state }: PlaybackPosition) => {
    const known = turns.get(turn);
    // While a clear is under way the numbers belong to what is being dropped.
    if (!known || clearing > 0) return;
    let playedMs = toMs(known.baseSamples + playedSamples);
    if (state === 'ended' && Math.abs((known.durationMs ?? playedMs) - playedMs) < ROUNDING_MS) {
      playedMs = known.durationMs ?? playedMs;
    }
    const changed = report?.turn !== turn || report.state !== state;
    report = { type: 'playback', turn, playedMs, bufferedMs: toMs(bufferedSamples), state };
    // A position that has just come is where the sound is; one that waited for a timer is where it was.
    if (!changed && clock.monotonicMs() - reportedAtMs < FRESH_MS) return;
    repeat();
    if (!changed) return;
    onSpeaking(state !== 'ended');
    if (state === 'ended') {
      finished = { turn, playedMs };
      turns.delete(turn);
      silence();
    }
  };
  const silence = () => {
    report = undefined;
    timer.cancel();
  };
  audio.onPosition(onPosition);

  const silenceAt = async (turn: number): Promise<number> => {
    const before = turns;
    turns = new Map();
    silence();
    onSpeaking(false);
    clearing += 1;
    // Frames of a newer turn may come during this wait: they are queued behind the clear and counted anew.
    const cleared = await audio.clear().finally(() => (clearing -= 1));
    const known = before.get(turn);
    if (known) {
      const heardSamples = cleared.turn === turn ? known.baseSamples + cleared.playedSamples : 0;
      finished = { turn, playedMs: toMs(heardSamples) };
    }
    return finished.turn === turn ? finished.playedMs : 0;
  };

  return {
    frame({ stream: turn, seq, pts, pcm, last }) {
      if (isOlder(turn, newest) || (dropped !== undefined && !isOlder(dropped, turn))) return;
      newest = turn;
      lastAudio = { turn, seq };
      if (!turns.has(turn)) turns.set(turn, { baseSamples: pts });
      if (pcm.length > 0) audio.play(turn, pcm);
      if (last) audio.end(turn);
    },
    announceEnd(turn, durationMs) {
      const known = turns.get(turn);
      if (known) known.durationMs = durationMs;
    },
    async clear(turn) {
      send({ type: 'playback.cleared', turn, playedMs: await silenceAt(turn) });
    },
    drop(turn) {
      dropped = turn;
      return silenceAt(turn);
    },
    async reset() {
      await silenceAt(newest ?? 0);
    },
    get lastAudio() {
      return lastAudio;
    },
    cancel: silence,
  };
}

/** Frames carry the turn modulo 65,536: of two turns the one less than half the range behind is older. */
function isOlder(turn: number, than: number | undefined): boolean {
  return than !== undefined && ((turn - than) & 0xffff) >= 0x8000;
}
