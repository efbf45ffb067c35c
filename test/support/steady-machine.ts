/**
 * Runs a test that needs real time; when it fails and the machine stood still for more than a second meanwhile (a busy
 * CI runner), it is run once more. A failure on a machine that kept going is a failure.
 */
export async function onSteadyMachine(run: () => Promise<void>): Promise<void> {
  let longestMs = 0;
  let lastMs = performance.now();
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastMs);
    lastMs = performance.now();
  }, 50);
  try {
    await run();
  } catch (error) {
    if (longestMs < 1000) throw error;
    console.warn(`the machine stood still for ${Math.round(longestMs)} ms: running the test once more`);
    await run();
  } finally {
    clearInterval(watch);
  }
}
