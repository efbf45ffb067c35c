/**
 * What the server adds to its providers' own delays, and how fast it falls silent: real sockets, 20 ms frames in real
 * time from another thread, engines with fixed delays. `npm run bench:latency [-- SESSIONS...]`
 *
 * Added latency of a turn = `latency.total` of `turn.done` (turn decided → first speech handed to the socket) minus the
 * delays of the scripted recogniser, model and synthesiser. Their timers come late themselves: `timersP50Ms` is what the
 * same three waits, one after the other and with nothing between them, took too long in the same process meanwhile.
 * A second table has what a person waits in all, with the clouds' adapters (`voice-to-voice.ts`).
 */
import { Worker } from 'node:worker_threads';
import { sleep, systemClock as clock } from '../../server/ports/clock.ts';
import { energyVad, scriptedEngine, scriptedStt, scriptedTts } from '../support/scripted.ts';
import type { LatencyJob, LatencyMeasured } from './latency-clients.ts';
import { report } from './report.ts';
import { startBenchServer } from './server.ts';
import { quantile } from './statistics.ts';
import { measureVoiceToVoice } from './voice-to-voice.ts';

const DELAYS = { recogniserMs: 150, modelMs: 300, synthesiserMs: 150 };
const TURNS = 4;
const REPLY = 'That sounds hard. What would you like to change about it in the next weeks?';

/** Control: how late the three waits of a turn are on their own, while the people talk. */
const CONTROLS = 5;

async function measureTimers(signal: AbortSignal): Promise<number[]> {
  const lateMs: number[] = [];
  const waits = Object.values(DELAYS);
  const fixedMs = waits.reduce((sum, ms) => sum + ms, 0);
  const control = async () => {
    while (!signal.aborted) {
      const startMs = clock.monotonicMs();
      for (const ms of waits) await sleep(clock, ms);
      lateMs.push(clock.monotonicMs() - startMs - fixedMs);
    }
  };
  await Promise.all(Array.from({ length: CONTROLS }, control));
  return lateMs;
}

interface Measured extends LatencyMeasured {
  timersLateMs: number[];
}

async function measure(sessions: number): Promise<Measured> {
  const server = await startBenchServer(
    {
      engine: scriptedEngine({ clock, firstTokenMs: DELAYS.modelMs, answer: () => REPLY }),
      vad: energyVad(),
      stt: scriptedStt({ clock, texts: ['I want to talk about my boss'], finalMs: DELAYS.recogniserMs }),
      tts: scriptedTts({ clock, firstByteMs: DELAYS.synthesiserMs, charMs: 25 }),
    },
    // Added to is what is waited for: nothing is begun early here, see `voice-to-voice.ts`.
    { LIMIT_SOCKETS_PER_ADDRESS: '1000', LLM_EARLY_START: 'no' },
  );
  const measured = new AbortController();
  const timers = measureTimers(measured.signal);
  try {
    const people = await runClients({ url: server.url, sessions, turns: TURNS });
    measured.abort();
    return { ...people, timersLateMs: await timers };
  } finally {
    measured.abort();
    await server.close();
  }
}

function runClients(workerData: LatencyJob): Promise<LatencyMeasured> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./latency-clients.ts', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

const asked = process.argv
  .slice(2)
  .map(Number)
  .filter((count) => count > 0);
// Compiles what the measured turns run.
await measure(5);
const rows = [];
for (const sessions of asked.length > 0 ? asked : [10, 50, 100]) {
  const { totalsMs, bargeInMs, timersLateMs } = await measure(sessions);
  const fixedMs = DELAYS.recogniserMs + DELAYS.modelMs + DELAYS.synthesiserMs;
  const addedMs = totalsMs.map((totalMs) => totalMs - fixedMs);
  rows.push({
    sessions,
    turns: totalsMs.length,
    addedP50Ms: quantile(addedMs, 0.5),
    addedP95Ms: quantile(addedMs, 0.95),
    addedP99Ms: quantile(addedMs, 0.99),
    timersP50Ms: quantile(timersLateMs, 0.5),
    timersP95Ms: quantile(timersLateMs, 0.95),
    totalP50Ms: quantile(totalsMs, 0.5),
    bargeIns: bargeInMs.length,
    bargeInP50Ms: quantile(bargeInMs, 0.5),
    bargeInP95Ms: quantile(bargeInMs, 0.95),
  });
}
report({ name: 'latency', parameters: DELAYS, rows });
report({ name: 'voice-to-voice', parameters: DELAYS, rows: await measureVoiceToVoice(DELAYS, runClients) });
