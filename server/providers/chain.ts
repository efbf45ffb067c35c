/** What the fallback chains have in common: who is asked in which order, and whether the same is asked again. */
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { type Log, silentLog } from '../ports/log.ts';
import { WORTH_ASKING_AGAIN } from '../ports/provider-failure.ts';
import { type Attempt, type BreakerOptions, createBreaker } from './breaker.ts';

/** A provider in a chain; `model` is of use where one provider is there with several. */
export interface Provider {
  readonly name: string;
  readonly model?: string;
}

export interface ChainOptions {
  clock: Clock;
  log?: Log | undefined;
  breaker?: Omit<BreakerOptions, 'onChange'> | undefined;
  /** 0 to 1; for tests. */
  random?: (() => number) | undefined;
}

export interface Link<P extends Provider> {
  provider: P;
  /** 0 is the first choice. */
  place: number;
  /** Nobody comes after it: it is given more time. */
  isLast: boolean;
  attempt: Attempt;
}

export interface Chain<P extends Provider> {
  readonly names: string;
  /**
   * Those that may be asked now, best first, from `place` on, each with its attempt begun when it is reached. When all
   * breakers are open, the last one is asked in spite of it: somebody has to.
   */
  links(place?: number): Generator<Link<P>>;
  /** How long to wait before the same provider is asked again; undefined: it is not. */
  waitMs(error: unknown): number | undefined;
  failed(link: Link<P>, error: unknown): void;
}

const WAIT_FROM_MS = 100;
const WAIT_TO_MS = 400;
const UNGUARDED: Attempt = { succeeded() {}, failed() {}, dropped() {} };

export function createChain<P extends Provider>(
  kind: string,
  providers: readonly [P, ...P[]],
  options: ChainOptions,
): Chain<P> {
  const { log = silentLog, breaker, random = Math.random } = options;
  const nameOf = ({ name, model }: Provider) => (model === undefined ? name : `${name} ${model}`);
  const guarded = providers.map((provider) => {
    const fields = { kind, provider: nameOf(provider) };
    const onChange = (state: string) => log.warn({ ...fields, state }, 'a breaker changed');
    return { provider, breaker: createBreaker({ ...breaker, onChange }) };
  });
  return {
    names: providers.map(({ name }) => name).join(', '),
    *links(from = 0) {
      let asked = 0;
      for (const [place, { provider, breaker }] of guarded.entries()) {
        const isLast = place === guarded.length - 1;
        // The preferred place may be behind one that has recovered since, or be the last.
        if (place < from && !isLast) continue;
        const attempt = breaker.attempt() ?? (isLast && asked === 0 ? UNGUARDED : undefined);
        if (!attempt) continue;
        asked += 1;
        yield { provider, place, isLast, attempt };
      }
    },
    waitMs(error) {
      if (!(error instanceof KukuError) || !WORTH_ASKING_AGAIN.has(error.code)) return undefined;
      const { retryAfterMs = 0 } = error;
      // What the provider asks for is waited for only where the person would not notice.
      if (retryAfterMs > WAIT_TO_MS) return undefined;
      return Math.max(retryAfterMs, WAIT_FROM_MS + random() * (WAIT_TO_MS - WAIT_FROM_MS));
    },
    failed({ provider, attempt }, error) {
      attempt.failed(error);
      const code = error instanceof KukuError ? error.code : 'unknown';
      log.warn({ kind, provider: nameOf(provider), code, err: error }, 'a provider failed');
    },
  };
}
