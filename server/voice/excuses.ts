/**
 * What is said aloud around one reply that is late or breaks: fillers while it is waited for, an apology when it does
 * not come, a word when it broke off. All of it goes through the reply's own playout, so that two voices are never heard
 * at once; none of it is text of the reply.
 */
import type { NoticeCode } from '../../protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import { type Filler, type Fillers, isUtteranceLost, losePatience, tooLate } from './fillers.ts';
import type { Playout } from './playout.ts';

export interface Excuses {
  /** The first of the reply's own speech is here: nothing is excused any more. */
  heard(): void;
  /**
   * The text broke off after so many whole sentences. True when the person is told aloud: the sentences are then said
   * to their end, and after them that there are no more. False: nobody can be told.
   */
  brokeOff(error: unknown, sentences: number): boolean;
  /** All sentences are through; `lost`: some could not be said. */
  over(lost: boolean): void;
  /** The reply was given up: nothing more of it may be said. */
  readonly isClosed: boolean;
  /** Why the reply counts as failed although its playout comes to an end. */
  readonly failure: unknown;
}

export interface ExcusesOptions {
  fillers: Fillers;
  playout: Playout;
  rate: number;
  clock: Clock;
  signal: AbortSignal;
  /** What is said when the reply is given up. */
  apology: 'apology' | 'saved';
  /** Monotonic ms when the person's turn was over. */
  sinceMs: number;
  onNotice(code: NoticeCode, message: string): void;
}

export function createExcuses({ fillers, playout, rate, apology, onNotice, ...waiting }: ExcusesOptions): Excuses {
  const { signal } = waiting;
  let failure: unknown;
  let isClosed = false;
  let hasSpoken = false;
  let breaksOff = false;

  const say = (filler: Filler) => {
    const { text, pcm } = fillers.clip(filler, rate);
    playout.aside(pcm);
    return text;
  };
  const giveUp = (error: unknown) => {
    patience.end();
    isClosed = true;
    failure = error;
    if (apology === 'apology' && isUtteranceLost(error)) say('unheard');
    else onNotice('slow_provider', say(apology));
    playout.end();
  };
  const patience = losePatience({
    ...waiting,
    onDue(filler) {
      if (filler === 'apology') giveUp(tooLate());
      else say(filler);
    },
  });

  return {
    heard() {
      hasSpoken = true;
      patience.end();
    },
    brokeOff(error, sentences) {
      if (isClosed || signal.aborted) return isClosed;
      breaksOff = sentences > 0;
      if (!breaksOff) giveUp(error);
      return true;
    },
    over(lost) {
      patience.end();
      // Also when no voice could say any of it: there is the text, but nobody may be looking.
      if (!isClosed && !signal.aborted && (breaksOff || (lost && !hasSpoken))) onNotice('slow_provider', say('lost'));
    },
    get isClosed() {
      return isClosed;
    },
    get failure() {
      return failure;
    },
  };
}
