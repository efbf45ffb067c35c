import { createJitter } from './jitter.ts';

/**
 * The jitter buffer between the socket and the loudspeaker: speech comes in bursts, leaves a render quantum at a time,
 * and at each moment it is known how much of which turn was played. Runs in the playback worklet; pure, so that tests
 * run it faster than real time.
 */

export interface PlaybackReport {
  turn: number;
  /** Samples of the turn handed to the device since its first, or its first after a `clear`; at the stream's rate. */
  playedSamples: number;
  /** Samples that wait, newer turns included; at the stream's rate. */
  bufferedSamples: number;
  /** `stalled`: ran dry before the turn's end and fills up again. `ended`: the turn was played to its end. */
  state: 'playing' | 'stalled' | 'ended';
}

/** Converts one turn's samples to the output's rate. `flush` gives what the filter still holds. */
export interface RateConverter {
  convert(pcm: Int16Array): Float32Array;
  flush(): Float32Array;
}

export interface PlaybackBufferOptions {
  /** Samples a second that are pushed. */
  streamRate: number;
  /** Samples a second that are rendered. */
  outputRate: number;
  /** Called once a turn, so that no turn rings on in the next. */
  createConverter: () => RateConverter;
  onReport: (report: PlaybackReport) => void;
  fadeMs?: number;
  /** Time between two reports of a turn that plays. */
  reportMs?: number;
  /** What the buffer holds at most; past it the newest pushes are dropped, whole. The server stays within 1 s. */
  capacityMs?: number;
}

export interface PlaybackBuffer {
  /** Appends to a turn. Turns play in the order of their first push; samples of a turn before the last are dropped. */
  push(turn: number, pcm: Int16Array): void;
  /** No more samples of this turn will come. */
  end(turn: number): void;
  /** Fades out and drops everything. Answers what of the turn was played when it was called; turn 0 before any. */
  clear(): { turn: number; playedSamples: number };
  /** Fills one block; silence where there is nothing to play. Allocates nothing. */
  render(out: Float32Array): void;
}

interface Turn {
  readonly turn: number;
  readonly converter: RateConverter;
  /** Stream samples pushed. */
  pushed: number;
  /** Output samples in the ring since the turn's start, and those that were rendered. */
  written: number;
  read: number;
  ended: boolean;
}

export function createPlaybackBuffer(options: PlaybackBufferOptions): PlaybackBuffer {
  const { streamRate, outputRate, createConverter, onReport } = options;
  const outputSamples = (ms: number) => Math.round((outputRate * ms) / 1000);
  const inStream = (samples: number) => (samples * streamRate) / outputRate;
  const fadeSamples = outputSamples(options.fadeMs ?? 5);
  const reportSamples = outputSamples(options.reportMs ?? 50);
  const ring = new Float32Array(outputSamples(options.capacityMs ?? 15_000));
  const tail = new Float32Array(fadeSamples);
  const turns: Turn[] = [];
  const jitter = createJitter(streamRate);
  let readAt = 0;
  let held = 0;
  let playing = false;
  let gain = 0;
  let tailAt = fadeSamples;
  let sinceReport = 0;
  /** Output samples rendered, silence included: the clock. */
  let rendered = 0;
  let last = { turn: 0, playedSamples: 0 };

  const played = (turn: Turn) => Math.min(turn.pushed, Math.round(inStream(turn.read)));

  function report(turn: Turn, state: PlaybackReport['state']): void {
    sinceReport = 0;
    const playedSamples = state === 'ended' ? turn.pushed : played(turn);
    const pushedSamples = turns.reduce((sum, { pushed }) => sum + pushed, 0);
    onReport({ turn: turn.turn, playedSamples, bufferedSamples: pushedSamples - playedSamples, state });
  }

  function write(turn: Turn, samples: Float32Array): void {
    const room = Math.min(samples.length, ring.length - held);
    for (let i = 0; i < room; i++) ring[(readAt + held + i) % ring.length] = samples[i] ?? 0;
    held += room;
    turn.written += room;
  }

  function finishWriting(turn: Turn): void {
    if (turn.ended) return;
    write(turn, turn.converter.flush());
    turn.ended = true;
  }

  /** The turn to play from, once it is primed; turns that are through are reported and left behind. */
  function playable(): Turn | undefined {
    for (let turn = turns[0]; turn !== undefined; turn = turns[0]) {
      const waiting = turn.written - turn.read;
      if (turn.ended && waiting === 0) {
        report(turn, 'ended');
        last = { turn: turn.turn, playedSamples: turn.pushed };
        turns.shift();
        playing = false;
        continue;
      }
      if (playing && waiting > 0) return turn;
      if (playing) {
        playing = false;
        jitter.ranDry();
        report(turn, 'stalled');
      }
      if (!turn.ended && !jitter.isEnough(inStream(waiting), inStream(rendered))) return undefined;
      playing = true;
      gain = 0;
      report(turn, 'playing');
    }
    return undefined;
  }

  /** One sample of the turn; the last 5 ms of what there is fade, since they may be the last before a gap. */
  function take(turn: Turn): number {
    gain = Math.min(1, gain + 1 / fadeSamples, (turn.written - turn.read) / fadeSamples);
    const sample = (ring[readAt] ?? 0) * gain;
    readAt = (readAt + 1) % ring.length;
    held--;
    turn.read++;
    return sample;
  }

  function fillTail(): void {
    tail.fill(0);
    tailAt = 0;
    const length = playing ? Math.min(fadeSamples, held) : 0;
    for (let i = 0; i < length; i++) {
      tail[i] = (ring[(readAt + i) % ring.length] ?? 0) * gain * (1 - (i + 1) / length);
    }
  }

  return {
    push(number, pcm) {
      const newest = turns.at(-1);
      if (newest !== undefined && number < newest.turn) return;
      let turn = newest;
      if (turn?.turn !== number) {
        if (turn !== undefined) finishWriting(turn);
        turn = { turn: number, converter: createConverter(), pushed: 0, written: 0, read: 0, ended: false };
        turns.push(turn);
        jitter.begin();
      }
      if (turn.ended || held + Math.ceil((pcm.length * outputRate) / streamRate) > ring.length) return;
      turn.pushed += pcm.length;
      jitter.came(pcm.length, inStream(rendered));
      write(turn, turn.converter.convert(pcm));
    },
    end(number) {
      const turn = turns.find((candidate) => candidate.turn === number);
      if (turn !== undefined) finishWriting(turn);
    },
    clear() {
      const turn = turns[0];
      if (turn !== undefined) last = { turn: turn.turn, playedSamples: played(turn) };
      fillTail();
      turns.length = 0;
      held = 0;
      playing = false;
      return last;
    },
    render(out) {
      rendered += out.length;
      for (let i = 0; i < out.length; i++) {
        const turn = playable();
        let sample = turn === undefined ? 0 : take(turn);
        if (tailAt < fadeSamples) sample += tail[tailAt++] ?? 0;
        out[i] = sample;
        if (turn !== undefined && ++sinceReport >= reportSamples) report(turn, 'playing');
      }
    },
  };
}
