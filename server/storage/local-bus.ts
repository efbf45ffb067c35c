import { KukuError } from '../errors.ts';
import type { InstanceBus } from '../ports/instance-bus.ts';

/** The bus of a deployment of one process: nobody else is there to ask. */
export function createLocalBus(): InstanceBus {
  return {
    serve: () => () => Promise.resolve(),
    ask: () =>
      Promise.reject(
        new KukuError('The server that has this session does not answer. Please try again.', {
          code: 'owner_away',
          status: 503,
          retryable: true,
          retryAfterMs: 1000,
        }),
      ),
    close: () => Promise.resolve(),
  };
}
