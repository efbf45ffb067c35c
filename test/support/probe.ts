/** A look into a server in another process: its memory after collecting garbage, and its event loop. */
import type { RealServer } from './real-server.ts';

export interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
}

export interface Probe {
  /** Bytes. */
  memory: Memory;
  /** How late the event loop was since the probe before. */
  loop: { lagP50Ms: number; lagP99Ms: number; lagMaxMs: number };
}

const program = new URL('./workers/probe.ts', import.meta.url);

/** For `startRealServer`: lets `probe` ask it. */
export const PROBED: readonly string[] = ['--expose-gc', '--import', program.href];

export async function probe({ pid, child }: RealServer): Promise<Probe> {
  process.kill(pid, 'SIGUSR2');
  const said = await child.until((line) => line.startsWith('{"probe"'));
  return (JSON.parse(said.at(-1) ?? '') as { probe: Probe }).probe;
}

/** What JavaScript holds, in its heap and outside of it. */
export function heldBytes({ heapUsed, external }: Memory): number {
  return heapUsed + external;
}
