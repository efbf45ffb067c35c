/**
 * Loaded before a program with `--expose-gc --import`: at each SIGUSR2 it prints a line `{"probe": …}`: how late the
 * event loop was since the last time, and, after collecting garbage, what memory is left, in bytes.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Between two looks at the loop; part of every delay that is measured. */
const RESOLUTION_MS = 5;
const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
lag.enable();

process.on('SIGUSR2', () => {
  const lateMs = (q: number) => Math.max(0, lag.percentile(q) / 1e6 - RESOLUTION_MS);
  const loop = { lagP50Ms: lateMs(50), lagP99Ms: lateMs(99), lagMaxMs: lateMs(100) };
  // Twice: what finalisers let go of in the first round goes in the second.
  globalThis.gc?.();
  setTimeout(() => {
    globalThis.gc?.();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    console.log(JSON.stringify({ probe: { memory: { rss, heapUsed, external, arrayBuffers }, loop } }));
    lag.reset();
  }, 100);
});
