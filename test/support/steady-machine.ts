import { availableParallelism, loadavg } from 'node:os';

/** A pause of this process by which sound or a picture may come too late. */
const STALL_MS = 100;
const TICK_MS = 20;
const MAX_TRIES = 3;

/**
 * Runs a test that needs real time. When it fails and the machine had other things to do meanwhile (this process was kept
 * waiting for 100 ms, or more wants to run than there are processors) it is run again, three times in all. A failure on
 * a machine that kept going is a failure, and so is one that comes three times.
 */
export async function onSteadyMachine(run: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    const watch = watchMachine();
    try {
      return await run();
    } catch (error) {
      const why = watch.disturbance();
      if (why === undefined || tries === MAX_TRIES) throw error;
      console.warn(`${why}: running the test once more, after: ${String(error)}`);
    } finally {
      watch.end();
    }
  }
}

function watchMachine() {
  let longestMs = 0;
  let lastMs = performance.now();
  let used = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(used);
    // What this process worked meanwhile kept nobody waiting but itself.
    longestMs = Math.max(longestMs, performance.now() - lastMs - TICK_MS - (user + system) / 1000);
    lastMs = performance.now();
    used = process.cpuUsage();
  }, TICK_MS);
  return {
    /** What kept the machine from going on, if anything did. */
    disturbance(): string | undefined {
      if (longestMs > STALL_MS) return `the machine stood still for ${Math.round(longestMs)} ms`;
      const [load = 0] = loadavg();
      return load > availableParallelism() ? `the machine is busy (load ${load.toFixed(1)})` : undefined;
    },
    end: () => clearInterval(timer),
  };
}
