/** Steps that run one after the other, inside one error boundary. */
export interface Inbox {
  /** Runs the step when those before it are done; its failure is the boundary's. */
  add(step: () => Promise<void>): void;
  /** The same for a step whose outcome, or failure, the caller wants. */
  run<T>(step: () => Promise<T>): Promise<T>;
  /** Resolves when all steps so far are done, and those that they added. */
  drained(): Promise<void>;
}

export function createInbox(onError: (error: unknown) => void): Inbox {
  let last: Promise<void> = Promise.resolve();
  const run = <T>(step: () => Promise<T>): Promise<T> => {
    const done = last.then(step);
    last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  };
  return {
    run,
    add: (step) => void run(step).catch(onError),
    async drained() {
      for (let seen: Promise<void> | undefined; seen !== last;) {
        seen = last;
        await seen;
      }
    },
  };
}
