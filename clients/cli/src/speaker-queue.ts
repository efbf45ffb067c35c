import type { ClearedAudio, PlaybackPosition } from '@kuku-coach/core';
import type { HeardSegment } from './virtual-audio.ts';

/** The queue of a virtual speaker. Time is counted in samples here; who calls says how far it has come. */
export interface SpeakerQueue {
  play(turn: number, pcm: Int16Array): void;
  end(turn: number): void;
  clear(): ClearedAudio;
  /**
   * Plays up to `sample` (from the start), tells each position that a listener should know, and answers with what came
   * out: samples where there were some, silence elsewhere.
   */
  advanceTo(sample: number, onPosition: (position: PlaybackPosition) => void): Int16Array;
  heard(): Int16Array;
  readonly segments: readonly HeardSegment[];
}

interface Chunk {
  turn: number;
  pcm: Int16Array;
}

export function createSpeakerQueue({ rate, keep }: { rate: number; keep: boolean }): SpeakerQueue {
  const chunks: Chunk[] = [];
  const ended = new Set<number>();
  const record: Int16Array[] = [];
  const segments: HeardSegment[] = [];
  let now = 0;
  let buffered = 0;
  /** The turn that is played or was played last, and how much of it was. */
  let turn = 0;
  let played = 0;
  let state: PlaybackPosition['state'] = 'ended';

  const position = (): PlaybackPosition => ({ turn, playedSamples: played, bufferedSamples: buffered, state });
  const begin = (next: number) => {
    turn = next;
    played = 0;
    state = 'stalled';
  };
  const note = (at: number, samples: number) => {
    if (!keep) return;
    const last = segments.at(-1);
    const goesOn = last?.turn === turn && Math.round((last.startMs * rate) / 1000) + last.samples === at;
    if (last && goesOn) last.samples += samples;
    else segments.push({ turn, startMs: (at * 1000) / rate, samples });
  };
  /** Takes from the front what belongs to one turn, at most `limit` samples. */
  const takePart = (limit: number): Int16Array => {
    const chunk = chunks[0] as Chunk;
    const part = chunk.pcm.subarray(0, limit);
    chunk.pcm = chunk.pcm.subarray(part.length);
    if (chunk.pcm.length === 0) chunks.shift();
    buffered -= part.length;
    return part;
  };
  /** Nothing of the turn is queued and no more will come. */
  const isOver = () => ended.has(turn) && chunks[0]?.turn !== turn;
  const finishIfOver = (onPosition: (position: PlaybackPosition) => void) => {
    if (state === 'ended' || !isOver()) return;
    ended.delete(turn);
    state = 'ended';
    onPosition(position());
  };

  return {
    play(next, pcm) {
      if (pcm.length === 0) return;
      chunks.push({ turn: next, pcm });
      buffered += pcm.length;
    },
    end(next) {
      ended.add(next);
      // A turn without any audio is over at once.
      if (next !== turn && chunks.length === 0) begin(next);
    },
    clear() {
      chunks.length = 0;
      buffered = 0;
      ended.clear();
      const cleared = { turn, playedSamples: played };
      // What comes of this turn from now on counts from 0 again.
      played = 0;
      state = 'ended';
      return cleared;
    },
    advanceTo(sample, onPosition) {
      const out = new Int16Array(Math.max(0, sample - now));
      let filled = 0;
      while (filled < out.length) {
        const chunk = chunks[0];
        if (!chunk) break;
        if (chunk.turn !== turn || state === 'ended') {
          finishIfOver(onPosition);
          begin(chunk.turn);
        }
        state = 'playing';
        const part = takePart(out.length - filled);
        out.set(part, filled);
        note(now + filled, part.length);
        filled += part.length;
        played += part.length;
      }
      if (state === 'playing' && out.length > 0 && !isOver()) {
        if (filled < out.length) state = 'stalled';
        onPosition(position());
      }
      finishIfOver(onPosition);
      now += out.length;
      if (keep && out.length > 0) record.push(out);
      return out;
    },
    heard() {
      const whole = new Int16Array(keep ? now : 0);
      let at = 0;
      for (const part of record) {
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
    segments,
  };
}
