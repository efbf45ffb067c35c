/** The audio of one utterance until it is sent, and after, in case that it has to be sent again. Holds 60 s. */
const RATE = 16_000;
const MAX_SAMPLES = 60 * RATE;

export interface Utterance {
  /** Copies the samples; past 60 s the oldest go. */
  push(pcm: Int16Array): void;
  /** What was not taken yet; undefined when there is nothing. */
  take(): Int16Array | undefined;
  /** All that is kept is there to be taken again. */
  rewind(): void;
  /** All that is kept, in one piece. */
  whole(): Int16Array<ArrayBuffer>;
  /** True when something was dropped that nobody was given. */
  readonly lost: boolean;
  readonly seconds: number;
}

export function createUtterance(): Utterance {
  const pieces: Int16Array[] = [];
  let next = 0;
  let kept = 0;
  let pushed = 0;
  let lost = false;
  let forgotten = false;

  const dropOldest = (): number => {
    kept -= pieces.shift()?.length ?? 0;
    if (next > 0) next -= 1;
    else lost = true;
    forgotten = true;
    return kept;
  };

  return {
    push(pcm) {
      pieces.push(pcm.slice());
      kept += pcm.length;
      pushed += pcm.length;
      for (let left = kept; left > MAX_SAMPLES && pieces.length > 1;) left = dropOldest();
    },
    take: () => pieces[next++] ?? void (next = pieces.length),
    rewind() {
      next = 0;
      if (forgotten) lost = true;
    },
    whole() {
      if (forgotten) lost = true;
      const all = new Int16Array(kept);
      let at = 0;
      for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
      }
      return all;
    },
    get lost() {
      return lost;
    },
    get seconds() {
      return pushed / RATE;
    },
  };
}
