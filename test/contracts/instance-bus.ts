/** The contract of `ports/instance-bus.ts`, run on each adapter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KukuError } from '../../server/errors.ts';
import type { InstanceBus } from '../../server/ports/instance-bus.ts';

export interface BusesUnderTest {
  /** The buses of two instances. */
  one: InstanceBus;
  other: InstanceBus;
  /** Resolves when everything that was set up is heard by everybody. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function instanceBusContract(name: string, setUp: () => Promise<BusesUnderTest>): void {
  describe(`${name} as a bus between instances`, () => {
    let buses: BusesUnderTest;
    beforeAll(async () => {
      buses = await setUp();
    });
    afterAll(() => buses.close());

    let count = 0;
    const options = (timeoutMs = 5000) => ({ signal: new AbortController().signal, timeoutMs });
    const serving = async (handler: (request: unknown) => Promise<unknown>) => {
      const instanceId = `instance-${count++}`;
      const stop = buses.other.serve(instanceId, handler);
      await buses.settled();
      return { instanceId, stop };
    };

    it('brings a question to the instance that is asked, and its answer back', async () => {
      const { instanceId } = await serving(async (request) => ({ heard: request }));
      const asked = { type: 'end', words: ['ä', '🙂'], at: null };
      expect(await buses.one.ask(instanceId, asked, options())).toEqual({ heard: asked });
    });

    it('keeps answers apart that come in another order than their questions', async () => {
      const finish: (() => void)[] = [];
      const { instanceId } = await serving(
        (request) => new Promise((resolve) => void finish.push(() => resolve(request))),
      );
      const asked = [1, 2, 3].map((n) => buses.one.ask(instanceId, n, options()));
      await expect.poll(() => finish.length).toBe(3);
      for (const done of finish.toReversed()) done();
      expect(await Promise.all(asked)).toEqual([1, 2, 3]);
    });

    it('rejects as the handler did, but tells nothing of an error that is not ours', async () => {
      const { instanceId } = await serving(async (request) => {
        if (request === 'known') {
          throw new KukuError('It is over.', { code: 'session_not_active', status: 409, retryAfterMs: 5 });
        }
        throw new Error('the password is secret');
      });
      await expect(buses.one.ask(instanceId, 'known', options())).rejects.toMatchObject({
        name: 'KukuError',
        message: 'It is over.',
        code: 'session_not_active',
        status: 409,
        retryAfterMs: 5,
      });
      await expect(buses.one.ask(instanceId, 'unknown', options())).rejects.toMatchObject({
        code: 'internal',
        message: expect.not.stringContaining('secret'),
      });
    });

    it('says at once that an instance that nobody serves is away', async () => {
      const started = performance.now();
      await expect(buses.one.ask('nobody', 1, options(10_000))).rejects.toMatchObject({
        code: 'owner_away',
        status: 503,
        retryable: true,
        retryAfterMs: 1000,
      });
      const { instanceId, stop } = await serving(async () => 'here');
      await stop();
      await buses.settled();
      await expect(buses.one.ask(instanceId, 1, options(10_000))).rejects.toMatchObject({ code: 'owner_away' });
      expect(performance.now() - started).toBeLessThan(9000);
    });

    it('gives up when no answer comes in time, and drops what comes later', async () => {
      const { promise: late, resolve } = Promise.withResolvers<string>();
      const { instanceId } = await serving((request) => (request === 'slow' ? late : Promise.resolve('quick')));
      await expect(buses.one.ask(instanceId, 'slow', options(100))).rejects.toMatchObject({ code: 'owner_away' });
      resolve('late');
      expect(await buses.one.ask(instanceId, 'fast', options())).toBe('quick');
    });

    it('gives up when the asker does', async () => {
      const { instanceId } = await serving(() => new Promise(() => {}));
      const asker = new AbortController();
      const asked = buses.one.ask(instanceId, 1, { signal: asker.signal, timeoutMs: 5000 });
      const reason = new Error('hung up');
      asker.abort(reason);
      await expect(asked).rejects.toBe(reason);
      await expect(buses.one.ask(instanceId, 1, { signal: AbortSignal.abort(reason), timeoutMs: 5000 })).rejects.toBe(
        reason,
      );
    });
  });
}
