import { type Clock, systemClock } from '../ports/clock.ts';
import type { InstanceBus } from '../ports/instance-bus.ts';
import { awaitAnswer } from './bus-answer.ts';
import { fromWireError, ownerAway, toWireError } from './bus-errors.ts';

/** The bus of a deployment of one process: whoever shares it can be asked. */
export function createLocalBus({ clock = systemClock }: { clock?: Clock } = {}): InstanceBus {
  const handlers = new Map<string, (request: unknown) => Promise<unknown>>();
  return {
    serve(instanceId, handler) {
      handlers.set(instanceId, handler);
      return async () => {
        if (handlers.get(instanceId) === handler) handlers.delete(instanceId);
      };
    },
    async ask(instanceId, request, options) {
      options.signal.throwIfAborted();
      const handler = handlers.get(instanceId);
      if (!handler) throw ownerAway();
      const answer = awaitAnswer(clock, options);
      handler(copy(request)).then(
        (value) => answer.resolve(copy(value)),
        (error: unknown) => answer.reject(fromWireError(toWireError(error))),
      );
      return answer.promise;
    },
    async close() {
      handlers.clear();
    },
  };
}

/** As it would come out of another process. */
function copy(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
