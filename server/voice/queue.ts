/**
 * A bounded queue between one producer and one consumer. Full: `put` waits. The end or a failure of the producer
 * reaches the consumer after what was put before it.
 */
export interface BoundedQueue<T> extends AsyncIterable<T> {
  /** Resolves when there is room again; rejects with the signal's reason when aborted. */
  put(item: T, options: { signal: AbortSignal }): Promise<void>;
  end(): void;
  fail(error: unknown): void;
  readonly size: number;
}

export function createQueue<T>(capacity: number): BoundedQueue<T> {
  const items: T[] = [];
  let outcome: { error?: unknown } | undefined;
  let wakeConsumer: (() => void) | undefined;
  let wakeProducer: (() => void) | undefined;

  const close = (result: { error?: unknown }) => {
    outcome ??= result;
    wakeConsumer?.();
  };

  async function* read(): AsyncGenerator<T> {
    for (;;) {
      if (items.length > 0) {
        const item = items.shift() as T;
        wakeProducer?.();
        yield item;
      } else if (outcome) {
        if ('error' in outcome) throw outcome.error;
        return;
      } else {
        await new Promise<void>((resolve) => (wakeConsumer = resolve));
        wakeConsumer = undefined;
      }
    }
  }

  return {
    async put(item, { signal }) {
      signal.throwIfAborted();
      items.push(item);
      wakeConsumer?.();
      while (items.length >= capacity && !outcome) {
        await new Promise<void>((resolve, reject) => {
          const onAbort = () => reject(signal.reason);
          signal.addEventListener('abort', onAbort, { once: true });
          wakeProducer = () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          };
        });
        wakeProducer = undefined;
      }
    },
    end: () => close({}),
    fail: (error) => close({ error }),
    get size() {
      return items.length;
    },
    [Symbol.asyncIterator]: read,
  };
}
