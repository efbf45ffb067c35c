/** Many people in threads of their own, so that their clients do not share a loop with what is measured. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PersonRecord } from './person.ts';

export interface PeopleOptions {
  url: string;
  count: number;
  thinkMs: number;
  /** Within which they arrive, one after the other. */
  arriveMs: number;
  threads?: number;
}

export interface Crowd {
  people: number;
  live: number;
  /** Nobody waits for an answer. */
  quiet: number;
  /** Their sessions have ended. */
  over: number;
}

export type Order =
  | { type: 'count' }
  /** Says nothing more. */
  | { type: 'hush' }
  /** A share of them (0 to 1) finds out whether the line lives. */
  | { type: 'probe'; share: number }
  | { type: 'records' }
  | { type: 'leave' };

/** What a thread is started with. */
export interface ThreadJob extends Omit<PeopleOptions, 'threads'> {
  thread: number;
}

export interface People {
  count(): Promise<Crowd>;
  /** Resolves when `fits` holds, with ms it took; rejects after `withinMs`. */
  until(fits: (crowd: Crowd) => boolean, withinMs: number): Promise<number>;
  hush(): Promise<void>;
  probe(share: number): Promise<void>;
  records(): Promise<PersonRecord[]>;
  /** All leave, and the threads end. */
  leave(): Promise<void>;
}

/** Resolves when all have arrived. Rejects when somebody can't. */
export async function startPeople({ threads = 2, ...options }: PeopleOptions): Promise<People> {
  const share = (thread: number) => Math.floor(((thread + 1) * options.count) / threads);
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: ThreadJob = { ...options, thread, count: share(thread) - share(thread - 1) };
    return new Worker(new URL('./workers/people.ts', import.meta.url), { workerData });
  });
  const tell = async <T>(worker: Worker, order: Order): Promise<T> => {
    const answered = once(worker, 'message');
    worker.postMessage(order);
    return ((await answered) as [T])[0];
  };
  // One order after the other: each answer belongs to the order before it.
  let last: Promise<unknown> = Promise.all(workers.map((worker) => once(worker, 'message')));
  const tellAll = <T>(order: Order): Promise<T[]> => {
    const told = last.then(() => Promise.all(workers.map((worker) => tell<T>(worker, order))));
    last = told;
    return told;
  };
  const count = async () => {
    const crowds = await tellAll<Crowd>({ type: 'count' });
    const sum = (of: keyof Crowd) => crowds.reduce((total, crowd) => total + crowd[of], 0);
    return { people: sum('people'), live: sum('live'), quiet: sum('quiet'), over: sum('over') };
  };
  await last;

  return {
    count,
    async until(fits, withinMs) {
      const startMs = performance.now();
      for (;;) {
        const crowd = await count();
        const tookMs = performance.now() - startMs;
        if (fits(crowd)) return tookMs;
        if (tookMs > withinMs) throw new Error(`after ${withinMs} ms: ${JSON.stringify(crowd)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    hush: async () => void (await tellAll({ type: 'hush' })),
    probe: async (share) => void (await tellAll({ type: 'probe', share })),
    records: async () => (await tellAll<PersonRecord[]>({ type: 'records' })).flat(),
    async leave() {
      await tellAll({ type: 'leave' });
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
