import { describe, expect, it } from 'vitest';
import { createQueue } from '../../../server/voice/queue.ts';
import { settle } from '../../support/fake-clock.ts';

const { signal } = new AbortController();

describe('the bounded queue', () => {
  it('gives what was put, in order, and ends', async () => {
    const queue = createQueue<number>(10);
    for (const item of [1, 2, 3]) await queue.put(item, { signal });
    queue.end();
    const given: number[] = [];
    for await (const item of queue) given.push(item);
    expect(given).toEqual([1, 2, 3]);
  });

  it('makes the producer wait while it is full', async () => {
    const queue = createQueue<number>(2);
    await queue.put(1, { signal });
    let through = false;
    const waiting = queue.put(2, { signal }).then(() => (through = true));
    await settle();
    expect(through).toBe(false);
    const reader = queue[Symbol.asyncIterator]();
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await waiting;
    expect(through).toBe(true);
  });

  it('tells the consumer of a failure after what was put before it', async () => {
    const queue = createQueue<number>(10);
    await queue.put(1, { signal });
    queue.fail(new Error('broken'));
    const reader = queue[Symbol.asyncIterator]();
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await expect(reader.next()).rejects.toThrow('broken');
  });

  it('lets a waiting producer go when it is aborted', async () => {
    const controller = new AbortController();
    const queue = createQueue<number>(1);
    const waiting = queue.put(1, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(queue.put(2, { signal: controller.signal })).rejects.toThrow('enough');
  });
});
