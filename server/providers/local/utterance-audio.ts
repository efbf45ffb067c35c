/**
 * The audio of one utterance: what waits to be fed to the recogniser, and what was fed and is kept in case that it dies.
 * Holds 60 s; beyond that the oldest goes.
 */
const MAX_SAMPLES = 60 * 16_000;
/** 0.2 s a feed: a long recording doesn't hold up the other utterances (about 3 ms of work each). */
const FEED_SAMPLES = 3200;

export interface Feed {
  /** Samples fed before, since the last rewind. */
  offset: number;
  pcm: Int16Array<ArrayBuffer>;
}

export interface UtteranceAudio {
  /** True when something was dropped that the recogniser has not heard. */
  readonly lost: boolean;
  /** Samples that wait. */
  readonly waiting: number;
  /** Copies the samples. */
  push(pcm: Int16Array): void;
  /** The next 0.2 s, or less; empty when nothing waits. Its buffer is the caller's. */
  take(): Feed;
  /** Everything kept waits again. */
  rewind(): void;
}

export function createUtteranceAudio(): UtteranceAudio {
  const pieces: Int16Array[] = [];
  /** Pieces before this one were fed. */
  let next = 0;
  let kept = 0;
  let waiting = 0;
  let fed = 0;
  let lost = false;
  let forgotten = false;

  /** Returns how many samples are kept now. */
  const dropOldest = (): number => {
    const length = pieces.shift()?.length ?? 0;
    kept -= length;
    if (next > 0) {
      next -= 1;
      forgotten = true;
    } else {
      waiting -= length;
      lost = true;
    }
    return kept;
  };

  return {
    get lost() {
      return lost;
    },
    get waiting() {
      return waiting;
    },
    push(pcm) {
      for (let at = 0; at < pcm.length; at += FEED_SAMPLES) {
        const piece = pcm.slice(at, at + FEED_SAMPLES);
        pieces.push(piece);
        kept += piece.length;
        waiting += piece.length;
      }
      for (let left = kept; left > MAX_SAMPLES;) left = dropOldest();
    },
    take() {
      const taken: Int16Array[] = [];
      let samples = 0;
      for (let piece = pieces[next]; piece && samples + piece.length <= FEED_SAMPLES; piece = pieces[next]) {
        taken.push(piece);
        samples += piece.length;
        next += 1;
      }
      const feed = { offset: fed, pcm: new Int16Array(samples) };
      let at = 0;
      for (const piece of taken) {
        feed.pcm.set(piece, at);
        at += piece.length;
      }
      waiting -= samples;
      fed += samples;
      return feed;
    },
    rewind() {
      next = 0;
      fed = 0;
      waiting = kept;
      // What is no longer kept was heard by the one that died, and nobody else will hear it.
      if (forgotten) lost = true;
    },
  };
}
