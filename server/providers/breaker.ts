/**
 * Whether a provider is worth asking: a circuit breaker for one provider and model. Five failures in a row, or half of
 * ten seconds' calls, and it is left out for 15 s; then one call may try, and its success closes the breaker.
 */
import {
  type CircuitBreakerPolicy,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  SamplingBreaker,
} from 'cockatiel';
import { KukuError } from '../errors.ts';

export interface BreakerOptions {
  /** Default 5. */
  failuresInARow?: number | undefined;
  /** Default 15,000. */
  openMs?: number | undefined;
  onChange?(state: 'open' | 'half_open' | 'closed'): void;
}

const FAILURES_IN_A_ROW = 5;
const OPEN_MS = 15_000;
const SAMPLE = { threshold: 0.5, duration: 10_000, minimumRps: 1 };
/** The request's fault, not the provider's: others may be answered. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set(['provider_bad_request', 'provider_refused']);

class Dropped extends Error {}

/** One call under way. Exactly one of its methods is called, once; more have no effect. */
export interface Attempt {
  succeeded(): void;
  failed(error: unknown): void;
  /** It came to nothing for other reasons, such as an abort. */
  dropped(): void;
}

export interface Breaker {
  /** Undefined while it is open, or while another call tries whether it may close. */
  attempt(): Attempt | undefined;
}

export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { failuresInARow = FAILURES_IN_A_ROW, openMs = OPEN_MS, onChange } = options;
  const [inARow, sampled] = [new ConsecutiveBreaker(failuresInARow), new SamplingBreaker(SAMPLE)];
  const policy: CircuitBreakerPolicy = circuitBreaker(handleWhen(countsAgainst), {
    halfOpenAfter: openMs,
    breaker: {
      state: undefined,
      success(state) {
        inARow.success();
        sampled.success(state);
      },
      failure(state) {
        // Both count, so both are asked.
        return [inARow.failure(), sampled.failure(state)].includes(true);
      },
    },
  });
  policy.onStateChange((state) => {
    if (state === CircuitState.Open) onChange?.('open');
    if (state === CircuitState.HalfOpen) onChange?.('half_open');
    if (state === CircuitState.Closed) onChange?.('closed');
  });
  const isTrying = () => policy.state === CircuitState.HalfOpen;
  return {
    attempt() {
      // Waiting for somebody else's try would keep a person waiting.
      if (isTrying()) return undefined;
      const outcome = Promise.withResolvers<undefined>();
      let admitted = false;
      policy
        .execute(() => {
          // Called within `execute`, before it returns.
          admitted = true;
          return outcome.promise;
        })
        .catch(() => {});
      if (!admitted) return undefined;
      const isTrial = isTrying();
      return {
        succeeded: () => outcome.resolve(undefined),
        failed: (error) => outcome.reject(error),
        // A trial that came to nothing has shown nothing: the breaker opens again.
        dropped: () => outcome.reject(isTrial ? new Error('the trial was dropped') : new Dropped()),
      };
    },
  };
}

function countsAgainst(error: Error): boolean {
  return !(error instanceof Dropped) && !(error instanceof KukuError && NOT_ITS_FAULT.has(error.code));
}
