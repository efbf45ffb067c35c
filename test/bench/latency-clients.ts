/** The people of `latency.ts`, in a thread of their own: each speaks, waits for the answer, and at last interrupts it. */
import { parentPort, workerData } from 'node:worker_threads';
import { connectTestClient, createTestSession, type TestClient } from '../support/test-client.ts';
import { tone } from '../support/scripted.ts';

export interface LatencyJob {
  url: string;
  sessions: number;
  turns: number;
}

export interface LatencyMeasured {
  totalsMs: number[];
  /** First speech frame sent → `audio.clear` received. */
  bargeInMs: number[];
}

const FRAME_MS = 20;
const silence = new Int16Array(320);
const speech = tone(320, 16_000);

/** A microphone that is never off: a frame each 20 ms by the clock, speech while `speaking` says so. */
function microphone(client: TestClient) {
  let speaking = false;
  let firstSpeechAtMs = 0;
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (; startMs + sent * FRAME_MS <= performance.now(); sent++) {
      if (speaking && firstSpeechAtMs === 0) firstSpeechAtMs = performance.now();
      client.speak(speaking ? speech : silence);
    }
  }, FRAME_MS);
  return {
    async speak(ms: number) {
      firstSpeechAtMs = 0;
      speaking = true;
      await new Promise((resolve) => setTimeout(resolve, ms));
      speaking = false;
    },
    get firstSpeechAtMs() {
      return firstSpeechAtMs;
    },
    stop: () => clearInterval(timer),
  };
}

async function person({ url, turns }: LatencyJob, startAfterMs: number): Promise<LatencyMeasured> {
  await new Promise((resolve) => setTimeout(resolve, startAfterMs));
  const { socket } = await createTestSession(url);
  const client = connectTestClient({ access: socket, plays: 'in real time' });
  await client.next('turn.done');
  const mic = microphone(client);
  const totalsMs: number[] = [];
  for (let turn = 2; turn < 2 + turns; turn++) {
    await mic.speak(900);
    const { latency } = await client.next('turn.done', (done) => done.turn === turn);
    if (latency.total !== undefined) totalsMs.push(latency.total);
  }
  await mic.speak(900);
  await client.next('transcript.coach', ({ turn }) => turn === 2 + turns);
  client.forget();
  const interrupting = mic.speak(700);
  await client.next('audio.clear');
  const clearedAtMs = client.received.findLast(({ message }) => message.type === 'audio.clear')?.atMs ?? Number.NaN;
  const bargeInMs = [clearedAtMs - mic.firstSpeechAtMs];
  await interrupting;
  mic.stop();
  await client.close();
  return { totalsMs, bargeInMs };
}

const job = workerData as LatencyJob;
// Spread over two seconds, so that their turns do not all end in the same tick.
const people = Array.from({ length: job.sessions }, (_, index) => person(job, (index * 2000) / job.sessions));
const results = await Promise.all(people);
parentPort?.postMessage({
  totalsMs: results.flatMap(({ totalsMs }) => totalsMs),
  bargeInMs: results.flatMap(({ bargeInMs }) => bargeInMs),
} satisfies LatencyMeasured);
