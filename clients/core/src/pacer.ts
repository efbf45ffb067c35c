/**
 * A player in front of devices that take samples and can't give them back: it holds the queue itself, and hands over
 * only what will soon be heard, so that silence comes at once when its own queue is dropped.
 *
 * The device is not asked where it is (it can't tell): it is taken to play what it got without a break, in real time.
 */
import { FRAME_MS } from '../../../protocol/audio-frame.ts';
import type { AudioIO, PlaybackPosition } from './audio-io.ts';
import { createTimer, type Clock } from './clock.ts';

export interface PacerOptions {
  clock: Clock;
  /** Samples a second. */
  rate: number;
  /** Hands samples to the device, which plays them behind what it has; at most 20 ms a call. */
  write: (pcm: Int16Array) => void;
  onPosition: (position: PlaybackPosition) => void;
  /** The device holds at most this much that was not heard; what is heard after `clear`, therefore. */
  aheadMs?: number;
  /** Gathered before a turn starts, and again after it ran dry: a network that stumbles is not heard. */
  primeMs?: number;
  /** From a sample's turn in the device to the ear, beyond what was handed over before it. */
  latencyMs?: number;
}

export interface Pacer extends Pick<AudioIO, 'play' | 'end' | 'clear'> {
  /** How loud is what is being heard now: root mean square of 20 ms, 0 to 1. */
  loudness(): number;
  /** The device was taken away: what it had not played is kept, and nothing more is handed over until `resume`. */
  pause(): void;
  resume(): void;
  /** Drops all, and forgets the device. */
  stop(): void;
}

interface Turn {
  readonly turn: number;
  chunks: Int16Array[];
  /** Samples that came, and those of them that were handed over. */
  pushed: number;
  written: number;
  ended: boolean;
  /** Gathers samples until there are enough, or no more will come. */
  priming: boolean;
}

/** Time between two looks at the clock; timers may be late by `aheadMs` less this before a gap is heard. */
const TICK_MS = 10;
const REPORT_MS = 100;

export function createPacer(options: PacerOptions): Pacer {
  const { clock, rate, write, onPosition, aheadMs = 80, primeMs = 120, latencyMs = 0 } = options;
  const samplesOf = (ms: number) => Math.round((ms * rate) / 1000);
  const msOf = (samples: number) => (samples * 1000) / rate;
  const turns: Turn[] = [];
  /** Parts handed over and not yet heard, oldest first; `fromMs` on the clock is when the first sample is heard. */
  let sent: { turn: Turn; pcm: Int16Array; fromMs: number }[] = [];
  /** When the device will have played all that it has. */
  let dryAtMs = 0;
  /** The turn that is heard or was heard last, and how much of it since its first sample or the last `clear`. */
  let heard: { turn: Turn; playedSamples: number } | undefined;
  let reported: PlaybackPosition | undefined;
  let reportedAtMs = 0;
  let paused = false;

  /** What of a turn lies in parts that are not wholly heard. */
  const unheardOf = (turn: Turn) => sent.reduce((sum, part) => (part.turn === turn ? sum + part.pcm.length : sum), 0);
  /** Counts what was heard by now, and forgets it. */
  const listen = (nowMs: number) => {
    for (let part = sent[0]; part && nowMs >= part.fromMs + msOf(part.pcm.length); part = sent[0]) {
      sent.shift();
      heard = { turn: part.turn, playedSamples: part.turn.written - unheardOf(part.turn) };
    }
    const part = sent[0];
    if (!part || nowMs <= part.fromMs) return;
    const begun = Math.floor(((nowMs - part.fromMs) * rate) / 1000);
    heard = { turn: part.turn, playedSamples: part.turn.written - unheardOf(part.turn) + begun };
  };
  const tell = (turn: Turn, state: PlaybackPosition['state'], nowMs: number) => {
    const before = reported;
    const isNews = before?.turn !== turn.turn || before.state !== state;
    if (!isNews && (state !== 'playing' || nowMs - reportedAtMs < REPORT_MS)) return;
    const playedSamples = heard?.turn === turn ? heard.playedSamples : 0;
    const bufferedSamples = turns.reduce((sum, { pushed }) => sum + pushed, 0) - playedSamples;
    reported = { turn: turn.turn, playedSamples, bufferedSamples, state };
    reportedAtMs = nowMs;
    onPosition(reported);
  };
  /** At most 20 ms of the turn, in one piece. */
  const take = (turn: Turn): Int16Array => {
    const pcm = new Int16Array(Math.min(samplesOf(FRAME_MS), turn.pushed - turn.written));
    for (let filled = 0; filled < pcm.length;) {
      const chunk = turn.chunks[0] as Int16Array;
      const part = chunk.subarray(0, pcm.length - filled);
      pcm.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) turn.chunks.shift();
      else turn.chunks[0] = chunk.subarray(part.length);
    }
    turn.written += pcm.length;
    return pcm;
  };
  const isReady = (turn: Turn) => {
    const waiting = turn.pushed - turn.written;
    if (turn.priming && waiting < samplesOf(primeMs) && !turn.ended) return false;
    turn.priming = false;
    // Less than 20 ms only at the end: a device is fed in even pieces.
    return waiting >= (turn.ended ? 1 : samplesOf(FRAME_MS));
  };
  /** Hands over what is due of a turn. */
  const feed = (turn: Turn, nowMs: number) => {
    while (isReady(turn) && Math.max(dryAtMs, nowMs) - nowMs + FRAME_MS <= aheadMs) {
      const pcm = take(turn);
      const fromMs = Math.max(dryAtMs, nowMs);
      dryAtMs = fromMs + msOf(pcm.length);
      sent.push({ turn, pcm, fromMs: fromMs + latencyMs });
      write(pcm);
    }
  };
  const look = () => {
    if (paused) return;
    const nowMs = clock.monotonicMs();
    listen(nowMs);
    for (let turn = turns[0]; turn; turn = turns[0]) {
      feed(turn, nowMs);
      const isHeard = !sent.some((part) => part.turn === turn);
      if (turn.ended && turn.written === turn.pushed && isHeard) {
        tell(turn, 'ended', nowMs);
        turns.shift();
        continue;
      }
      if (turn.written > 0 && isHeard && !turn.ended) {
        turn.priming = true;
        tell(turn, 'stalled', nowMs);
      } else if (turn.written > 0) {
        tell(turn, 'playing', nowMs);
        // The next turn follows without a gap.
        const next = turns[1];
        if (turn.ended && turn.written === turn.pushed && next) feed(next, nowMs);
      }
      break;
    }
    if (turns.length > 0) ticking.set(TICK_MS);
  };
  const ticking = createTimer(clock, look);
  const turnOf = (number: number): Turn => {
    const newest = turns.at(-1);
    if (newest?.turn === number) return newest;
    if (newest) newest.ended = true;
    const turn = { turn: number, chunks: [], pushed: 0, written: 0, ended: false, priming: true };
    turns.push(turn);
    return turn;
  };
  const drop = () => {
    turns.length = 0;
    sent = [];
    reported = undefined;
    ticking.cancel();
  };

  return {
    play(number, pcm) {
      const turn = turnOf(number);
      if (turn.ended) return;
      turn.chunks.push(pcm);
      turn.pushed += pcm.length;
      look();
    },
    end(number) {
      const turn = turns.find((each) => each.turn === number) ?? turnOf(number);
      turn.ended = true;
      look();
    },
    async clear() {
      listen(clock.monotonicMs());
      const turn = turns[0] ?? heard?.turn;
      const playedSamples = heard?.turn === turn ? (heard?.playedSamples ?? 0) : 0;
      // What the device has will be heard, and is not counted: at most `aheadMs`.
      drop();
      return { turn: turn?.turn ?? 0, playedSamples };
    },
    loudness() {
      const nowMs = clock.monotonicMs();
      const part = sent.find(({ pcm, fromMs }) => nowMs >= fromMs && nowMs < fromMs + msOf(pcm.length));
      if (!part) return 0;
      const power = part.pcm.reduce((sum, sample) => sum + sample * sample, 0) / part.pcm.length;
      return Math.sqrt(power) / 32_768;
    },
    pause() {
      if (paused) return;
      const nowMs = clock.monotonicMs();
      listen(nowMs);
      for (const { turn, pcm, fromMs } of sent.splice(0).reverse()) {
        const lost = pcm.subarray(Math.max(0, Math.floor(((nowMs - fromMs) * rate) / 1000)));
        turn.chunks.unshift(lost);
        turn.written -= lost.length;
      }
      paused = true;
      ticking.cancel();
    },
    resume() {
      if (!paused) return;
      paused = false;
      dryAtMs = 0;
      look();
    },
    stop() {
      drop();
      dryAtMs = 0;
      paused = false;
    },
  };
}
