/** Deletes what is older than it is to be: at the start and every hour, by one of all instances. */
import { isAbort } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Cutoffs, JobLeases, Retention } from '../ports/retention.ts';

/** How long each kind is kept, in ms; undefined: for ever. */
export interface Kept {
  transcriptsMs: number | undefined;
  recapsMs: number | undefined;
  audioMs: number | undefined;
}

export interface RetentionJobOptions {
  jobs: JobLeases;
  retention: Retention;
  kept: Kept;
  instanceId: string;
  clock: Clock;
  log: Log;
}

const JOB = 'retention';
const EVERY_MS = 60 * 60_000;
/** All instances ask at about the same time: what one has just done is not done again. */
const NOT_AGAIN_MS = EVERY_MS / 2;
const LEASE_MS = 10 * 60_000;
/** Longer than any session lasts. */
const LOST_MS = 2 * 86_400_000;

/** Starts at once; the result stops it. */
export function runRetention({
  jobs,
  retention,
  kept,
  instanceId: holder,
  clock,
  log,
}: RetentionJobOptions): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  let cancel: (() => void) | undefined;

  const work = async () => {
    const lease = { holder, now: clock.now(), leaseMs: LEASE_MS, everyMs: NOT_AGAIN_MS };
    if (!(await jobs.take(JOB, lease))) return;
    const swept = await retention.sweep(cutoffs(kept, clock.now()), { signal });
    await jobs.done(JOB, holder, clock.now());
    if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'what was kept long enough was deleted');
  };
  const round = async () => {
    try {
      await work();
    } catch (error) {
      // The lease runs out, and somebody tries again.
      if (!isAbort(error, signal)) log.warn({ err: error }, 'what was kept long enough could not be deleted');
    }
    if (!signal.aborted) cancel = clock.after(EVERY_MS, () => void round());
  };
  void round();
  return () => {
    stopped.abort();
    cancel?.();
  };
}

function cutoffs({ transcriptsMs, recapsMs, audioMs }: Kept, now: number): Cutoffs {
  return {
    ...(transcriptsMs !== undefined && { transcriptsBefore: now - transcriptsMs }),
    ...(recapsMs !== undefined && { recapsBefore: now - recapsMs }),
    ...(audioMs !== undefined && { audioBefore: now - audioMs }),
    lostBefore: now - LOST_MS,
  };
}
