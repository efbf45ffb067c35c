/** What the built-in coach remembers of a session, in `notes.memo`. Plain JSON, bounded to a few kilobytes. */
import type { CoachNotes } from '../ports/language-model.ts';

/** What the coach has just asked for in the way forward. */
export const AWAITED = ['nothing', 'what', 'when', 'confidence', 'raise'] as const;
export type Awaited = (typeof AWAITED)[number];

export interface Memo {
  engine: 'builtin';
  /** Replies given, the greeting not counted. */
  turns: number;
  /** The person's turns with content since the stage began, this one included. */
  stageTurns: number;
  /** Ids of every question asked; none is asked twice. */
  asked: string[];
  /** What the last question was after: "obstacle", "option". */
  slot: string;
  awaiting: Awaited;
  /** What the topic is called in a sentence: "your thesis". Empty when there is no short name for it. */
  focus: string;
  /** Clauses and phrases as they are said to the person ("your boss never listens to you"). */
  facts: string[];
  obstacles: string[];
  options: string[];
  feelings: string[];
  /** Answers to "how will you know": makes a goal concrete. */
  goalSigns: number;
  /** Turns in a row without substance: "yes", "hm", "I don't know". */
  vague: number;
  /** Replies since the last one without a question. */
  sinceQuiet: number;
  /** How often advice was asked for. */
  adviceAsked: number;
  /** Phrasings used last, so that the next one differs. */
  recent: string[];
  /** The way forward was left for more options once. */
  wentBack: boolean;
  /** A commitment with when and confidence stands: the session may propose to wrap up. */
  committed: boolean;
}

const LIMITS = { asked: 200, facts: 8, obstacles: 5, options: 6, feelings: 5, recent: 8 } as const;
const MAX_ITEM_CHARS = 160;

const freshMemo: Memo = {
  engine: 'builtin',
  turns: 0,
  stageTurns: 0,
  asked: [],
  slot: '',
  awaiting: 'nothing',
  focus: '',
  facts: [],
  obstacles: [],
  options: [],
  feelings: [],
  goalSigns: 0,
  vague: 0,
  sinceQuiet: 0,
  adviceAsked: 0,
  recent: [],
  wentBack: false,
  committed: false,
};

/** A copy of the memo in the notes; a fresh one where another engine kept the notes so far. Never throws. */
export function memoOf(notes: CoachNotes): Memo {
  const kept = notes.memo;
  if (typeof kept !== 'object' || kept === null || !('engine' in kept) || kept.engine !== 'builtin')
    return copied(freshMemo);
  return copied({ ...freshMemo, ...onlyKnown(Object.fromEntries(Object.entries(kept))) });
}

/** Fields of the type they should have; the store gives back what was put in, but a later version may differ. */
function onlyKnown(kept: Record<string, unknown>): Partial<Memo> {
  const known = Object.entries(freshMemo).filter(([key, fallback]) => {
    const value = kept[key];
    if (Array.isArray(fallback)) return Array.isArray(value) && value.every((item) => typeof item === 'string');
    return typeof value === typeof fallback;
  });
  const memo = Object.fromEntries(known.map(([key]) => [key, kept[key]])) as Partial<Memo>;
  if (memo.awaiting !== undefined && !AWAITED.includes(memo.awaiting)) delete memo.awaiting;
  return memo;
}

function copied(memo: Memo): Memo {
  return {
    ...memo,
    asked: [...memo.asked],
    facts: [...memo.facts],
    obstacles: [...memo.obstacles],
    options: [...memo.options],
    feelings: [...memo.feelings],
    recent: [...memo.recent],
  };
}

/** Appends what is new; the oldest go when there are too many. Changes `memo`. */
export function remember(memo: Memo, list: keyof typeof LIMITS, item: string): void {
  const short = item.slice(0, MAX_ITEM_CHARS);
  if (short === '' || memo[list].some((known) => known.toLowerCase() === short.toLowerCase())) return;
  memo[list] = [...memo[list], short].slice(-LIMITS[list]);
}
