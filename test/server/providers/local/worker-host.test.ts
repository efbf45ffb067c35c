import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/ports/clock.ts';
import type { Clock } from '../../../../server/ports/clock.ts';
import { createWorkerHost } from '../../../../server/providers/local/worker-host.ts';
import type { WorkerHost, WorkerHostOptions } from '../../../../server/providers/local/worker-host.ts';
import { COOL_OFF_MS, MAX_DEATHS } from '../../../../server/providers/local/worker-supervisor.ts';
import type { Order } from './workers/scripted-worker.ts';

const open: WorkerHost<Order, string>[] = [];

function hostOf(options: Partial<WorkerHostOptions> = {}): WorkerHost<Order, string> {
  const created = createWorkerHost<Order, string>({
    name: 'scripted',
    url: new URL('./workers/scripted-worker.ts', import.meta.url),
    clock: systemClock,
    random: () => 0,
    ...options,
  });
  open.push(created);
  return created;
}

/** Real time, but that the waits from `fromMs` on are held until they are let go. */
function clockHolding(fromMs: number): { clock: Clock; held: { ms: number; run(): void }[] } {
  const held: { ms: number; run(): void }[] = [];
  const after: Clock['after'] = (ms, run) => {
    if (ms < fromMs) return systemClock.after(ms, run);
    const entry = { ms, run };
    held.push(entry);
    return () => void (held.includes(entry) && held.splice(held.indexOf(entry), 1));
  };
  return { clock: { ...systemClock, after }, held };
}

async function partsOf(stream: AsyncIterable<string>): Promise<{ parts: string[]; error: unknown }> {
  const parts: string[] = [];
  try {
    for await (const part of stream) parts.push(part);
    return { parts, error: undefined };
  } catch (error) {
    return { parts, error };
  }
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe.each(['thread', 'process'] as const)('a worker host with a %s', (isolation) => {
  const host = (options: Partial<WorkerHostOptions> = {}) => hostOf({ isolation, ...options });

  it('answers requests, those too that came before the worker was ready', async () => {
    const scripted = host({ workerData: { greeting: 'hello ' } });
    const answers = await Promise.all(['a', 'b', 'c'].map((text) => scripted.request({ do: 'echo', text })));
    expect(answers).toEqual(['hello a', 'hello b', 'hello c']);
    expect(scripted.state).toBe('ready');
  });

  it('gives buffers to the worker: a thread has them moved, a process copied', async () => {
    const scripted = host();
    const samples = Int16Array.of(1, 2, 3);
    expect(await scripted.request({ do: 'sum', samples }, { transfer: [samples.buffer] })).toBe('6');
    expect(samples.byteLength).toBe(isolation === 'thread' ? 0 : 6);
  });

  it('yields the parts of a stream in order', async () => {
    expect(await partsOf(host().stream({ do: 'count', to: 3, pauseMs: 0 }))).toEqual({
      parts: ['1', '2', '3'],
      error: undefined,
    });
  });

  it('runs one request at a time unless told otherwise', async () => {
    const order: string[] = [];
    const run = async (scripted: WorkerHost<Order, string>): Promise<string[]> => {
      await Promise.all([
        scripted.request({ do: 'echo', text: 'slow', delayMs: 60 }).then((text) => order.push(text)),
        scripted.request({ do: 'echo', text: 'quick' }).then((text) => order.push(text)),
      ]);
      return order.splice(0);
    };
    expect(await run(host())).toEqual(['slow', 'quick']);
    expect(await run(host({ concurrency: 2 }))).toEqual(['quick', 'slow']);
  });

  it('passes on what the handler throws, and goes on', async () => {
    const scripted = host();
    await expect(scripted.request({ do: 'refuse' })).rejects.toMatchObject({ code: 'refused', retryable: false });
    await expect(scripted.request({ do: 'throw' })).rejects.toMatchObject({ code: 'engine_failed', retryable: true });
    expect(await scripted.request({ do: 'echo', text: 'still here' })).toBe('still here');
  });

  it('fails only the request that can not be cloned', async () => {
    const scripted = host();
    const odd = { do: 'echo', text: (() => 'x') as unknown as string } as const;
    await expect(scripted.request(odd)).rejects.toThrow(/could not be cloned/);
    expect(await scripted.request({ do: 'echo', text: 'fine' })).toBe('fine');
  });

  it.each(['crash', 'exit'] as const)('rejects what a worker had when it ends by %s, and replaces it', async (how) => {
    const scripted = host({ concurrency: 2 });
    const slow = scripted.request({ do: 'echo', text: 'never', delayMs: 5000 });
    const [slowEnd, end] = await Promise.allSettled([slow, scripted.request({ do: how })]);
    for (const settled of [slowEnd, end]) {
      expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'engine_died', retryable: true } });
    }
    expect(await scripted.request({ do: 'echo', text: 'next' })).toBe('next');
  });

  it('replaces a worker that misses a deadline, and gives the waiting requests to the next one', async () => {
    const scripted = host({ deadlineMs: 250 });
    await scripted.ready();
    const hung = scripted.request({ do: 'hang' });
    const waiting = scripted.request({ do: 'echo', text: 'waited' });
    await expect(hung).rejects.toMatchObject({ code: 'engine_died', retryable: true });
    expect(await waiting).toBe('waited');
  });

  it('keeps the parts that came before the worker died', async () => {
    const scripted = host();
    const stream = scripted.stream({ do: 'count', to: 1000, pauseMs: 1 });
    const parts: string[] = [];
    const reading = (async () => {
      for await (const part of stream) {
        parts.push(part);
        if (part === '5') scripted.terminate();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'engine_died' });
    expect(parts.slice(0, 5)).toEqual(['1', '2', '3', '4', '5']);
    expect(parts.length).toBeLessThan(100);
  });

  it('throws the reason of an abort at once and frees the worker', async () => {
    const scripted = host();
    const controller = new AbortController();
    const stopped = partsOf(scripted.stream({ do: 'count', to: 1e6, pauseMs: 1 }, { signal: controller.signal }));
    const queued = scripted.request({ do: 'echo', text: 'x' }, { signal: controller.signal });
    await scripted.ready();
    controller.abort(new Error('enough'));
    expect((await stopped).error).toBe(controller.signal.reason);
    await expect(queued).rejects.toBe(controller.signal.reason);
    expect(await scripted.request({ do: 'echo', text: 'free' })).toBe('free');
  });

  it('frees the worker when the reader of a stream leaves early', async () => {
    const scripted = host();
    for await (const part of scripted.stream({ do: 'count', to: 1e6, pauseMs: 1 })) if (part === '2') break;
    expect(await scripted.request({ do: 'echo', text: 'free' })).toBe('free');
  });

  it('refuses more than may wait', async () => {
    const scripted = host({ maxWaiting: 1 });
    const first = scripted.request({ do: 'echo', text: 'first' });
    await expect(scripted.request({ do: 'echo', text: 'second' })).rejects.toMatchObject({ code: 'engine_busy' });
    expect(await first).toBe('first');
  });

  it('is broken after repeated deaths, and tries again after the cool-off', async () => {
    const { clock, held } = clockHolding(COOL_OFF_MS);
    const scripted = host({ clock, workerData: { failAtStart: true } });
    const waiting = scripted.request({ do: 'echo', text: 'x' });
    await expect(scripted.ready()).rejects.toMatchObject({
      code: 'engine_died',
      cause: { code: 'model_missing', message: 'no model here' },
    });
    await expect(waiting).rejects.toMatchObject({ code: 'engine_died' });
    expect(scripted.state).toBe('broken');
    await expect(scripted.request({ do: 'echo', text: 'x' })).rejects.toMatchObject({
      code: 'engine_broken',
      retryable: true,
    });
    expect(held.map(({ ms }) => ms)).toEqual([COOL_OFF_MS]);
    held[0]?.run();
    expect(scripted.state).toBe('starting');
  });

  it('waits longer after each death, with full jitter', async () => {
    const { clock, held } = clockHolding(50);
    const scripted = host({ clock, random: () => 0.99 });
    const pausesMs: number[] = [];
    for (let death = 1; death < MAX_DEATHS; death += 1) {
      await scripted.ready();
      scripted.terminate();
      const pause = held.find(({ ms }) => ms < 15_000);
      pausesMs.push(Math.round(pause?.ms ?? 0));
      held.splice(0);
      pause?.run();
    }
    expect(pausesMs).toEqual([99, 198, 396, 792]);
  });

  it('rejects everything once closed', async () => {
    const scripted = host();
    const waiting = scripted.request({ do: 'echo', text: 'x', delayMs: 1000 });
    const closing = scripted.close();
    await expect(waiting).rejects.toMatchObject({ code: 'engine_closed' });
    await closing;
    await expect(scripted.request({ do: 'echo', text: 'x' })).rejects.toMatchObject({ code: 'engine_closed' });
    await expect(scripted.ready()).rejects.toMatchObject({ code: 'engine_closed' });
  });
});
