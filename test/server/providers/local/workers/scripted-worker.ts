/** A worker that does what it is told: for the tests of the worker host. */
import { serveWorker } from '../../../../../server/providers/local/worker-serve.ts';
import { KukuError } from '../../../../../server/errors.ts';

export type Order =
  | { do: 'echo'; text: string; delayMs?: number }
  | { do: 'sum'; samples: Int16Array }
  | { do: 'count'; to: number; pauseMs: number }
  | { do: 'refuse' }
  | { do: 'throw' }
  | { do: 'crash' }
  | { do: 'exit' }
  | { do: 'hang' };

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function* count(to: number, pauseMs: number): AsyncGenerator<string> {
  for (let i = 1; i <= to; i += 1) {
    await pause(pauseMs);
    yield String(i);
  }
}

async function echo(text: string, delayMs: number): Promise<string> {
  await pause(delayMs);
  return text;
}

serveWorker<Order, string>((data) => {
  const { failAtStart = false, greeting = '' } = (data ?? {}) as { failAtStart?: boolean; greeting?: string };
  if (failAtStart) throw new KukuError('no model here', { code: 'model_missing' });
  return (order) => {
    switch (order.do) {
      case 'echo':
        return echo(greeting + order.text, order.delayMs ?? 0);
      case 'sum':
        return String(order.samples.reduce((sum, sample) => sum + sample, 0));
      case 'count':
        return count(order.to, order.pauseMs);
      case 'refuse':
        throw new KukuError('not today', { code: 'refused', retryable: false });
      case 'throw':
        throw new TypeError('odd');
      case 'crash':
        setImmediate(() => {
          throw new Error('crashed on order');
        });
        return new Promise<string>(() => {});
      case 'exit':
        process.exit(3);
      case 'hang':
        for (;;);
    }
  };
});
