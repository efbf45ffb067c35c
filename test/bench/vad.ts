/** How long a window waits for its answer, and what that costs, with 1 to 500 microphones in real time. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { systemClock } from '../../server/ports/clock.ts';
import { createSileroVad } from '../../server/providers/local/silero-vad.ts';
import type { SileroVad } from '../../server/providers/local/silero-vad.ts';
import { loadClip } from '../support/clips.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

const WINDOW_SAMPLES = 512;
const WINDOW_MS = 32;
const RUN_MS = 6000;

process.env['KUKU_MODELS_DIR'] ??= resolve(import.meta.dirname, '../../models');

interface VadRow extends Record<string, number> {
  streams: number;
  windows: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  loopLagP99Ms: number;
  /** Of one core: the server's side. The engine has a process of its own. */
  serverCpuPercent: number;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Each stream speaks the clip from a place of its own, a window each 32 ms, evenly spread over the time. */
async function measure(vad: SileroVad, count: number, pcm: Int16Array): Promise<VadRow> {
  const streams = Array.from({ length: count }, () => vad.open());
  const latenciesMs: number[] = [];
  const pending: Promise<unknown>[] = [];
  const windows = Math.floor(pcm.length / WINDOW_SAMPLES);
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const cpu = process.cpuUsage();
  const beginMs = performance.now();
  let given = 0;
  const give = (): void => {
    const elapsedMs = Math.min(RUN_MS, performance.now() - beginMs);
    const due = Math.floor((elapsedMs / WINDOW_MS) * count);
    for (; given < due; given += 1) {
      const stream = given % count;
      const at = ((Math.floor(given / count) + stream * 7) % windows) * WINDOW_SAMPLES;
      const sentMs = performance.now();
      const answer = streams[stream]?.process(pcm.subarray(at, at + WINDOW_SAMPLES));
      if (answer) pending.push(answer.then(() => latenciesMs.push(performance.now() - sentMs)));
    }
  };
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      give();
      if (performance.now() - beginMs < RUN_MS) return;
      clearInterval(timer);
      done();
    }, 1);
  });
  const { user, system } = process.cpuUsage(cpu);
  lag.disable();
  await Promise.all(pending);
  for (const stream of streams) stream.close();
  return {
    streams: count,
    windows: latenciesMs.length,
    p50Ms: quantile(latenciesMs, 0.5),
    p95Ms: quantile(latenciesMs, 0.95),
    p99Ms: quantile(latenciesMs, 0.99),
    // The timer's own period of 1 ms is part of what is measured.
    loopLagP99Ms: rounded(Math.max(0, lag.percentile(99) / 1e6 - 1)),
    serverCpuPercent: rounded((user + system) / RUN_MS / 10),
  };
}

const vad = createSileroVad({ modelsDir: process.env['KUKU_MODELS_DIR'], clock: systemClock });
await vad.ready();
const { pcm } = loadClip('jfk');
await measure(vad, 20, pcm);
const rows: VadRow[] = [];
for (const count of [1, 10, 50, 100, 250, 500]) rows.push(await measure(vad, count, pcm));
await vad.close();
report({ name: 'vad', parameters: { runMs: RUN_MS, windowMs: WINDOW_MS }, rows });
