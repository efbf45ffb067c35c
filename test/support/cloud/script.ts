/** What the loopback cloud answers, request by request, and what goes wrong on the way. */

/** Instead of an answer. */
export type Trouble =
  | { trouble: 'status'; status: number; headers?: Readonly<Record<string, string>>; body: unknown }
  /** Takes the request and says nothing, ever. */
  | { trouble: 'hang' }
  /** Resets the connection instead of answering. */
  | { trouble: 'reset' };

/** How an answer is sent. */
export interface Pace {
  /** From the request to the first piece. */
  firstMs?: number;
  /** Between pieces. */
  gapMs?: number;
  /** What happens after so many pieces: nothing more comes, the connection breaks, or nonsense comes. */
  breaks?: { after: number; how: 'hang' | 'cut' | 'garbage' };
}

export interface Script<Answer> {
  /** Answers of the next requests, in order. */
  next(...answers: (Answer | Trouble)[]): void;
  /** Answers all for which nothing is scripted. */
  always(answer: Answer | Trouble): void;
}

export interface ScriptReader<Answer> extends Script<Answer> {
  take(): Answer | Trouble;
}

export function createScript<Answer extends object>(usual: Answer): ScriptReader<Answer> {
  const waiting: (Answer | Trouble)[] = [];
  let otherwise: Answer | Trouble = usual;
  return {
    next: (...answers) => void waiting.push(...answers),
    always: (answer) => void (otherwise = answer),
    take: () => waiting.shift() ?? otherwise,
  };
}

export function isTrouble(answer: object): answer is Trouble {
  return 'trouble' in answer;
}

export const hang: Trouble = { trouble: 'hang' };
export const reset: Trouble = { trouble: 'reset' };
