/**
 * How fast the coach falls silent when a person starts to speak: recorded human speech, in real time, on the real
 * detector and over a real socket. `npm run bench:barge-in [-- INTERRUPTIONS]`
 *
 * Measured by the client: first speech frame handed to the socket → `audio.clear` received. Each clip begins with its
 * first speech, at a moment that is random to the detector's windows of 32 ms; two of them make a start.
 */
import { resolve } from 'node:path';
import { loadClips } from '../support/clips.ts';
import { createInterrupter } from '../support/interrupter.ts';
import { startRealServer } from '../support/real-server.ts';
import { fromFirstSpeech } from '../support/speech-onset.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

process.env['KUKU_MODELS_DIR'] ??= resolve(import.meta.dirname, '../../models');

const SESSIONS = 3;
/** A moment of the coach's speech before each interruption, and up to as much more. */
const COACH_HEARD_MS = 400;
/** So much of a clip is enough to interrupt. */
const CLIP_SAMPLES = 1.5 * 16_000;

const asked = Number(process.argv[2] ?? 27);
const clips = loadClips().map(({ name, pcm }) => ({ name, pcm: fromFirstSpeech(pcm).subarray(0, CLIP_SAMPLES) }));
const measured: { name: string; clearAfterMs: number }[] = [];
let next = 0;

async function person(url: string): Promise<void> {
  while (next < asked) {
    const clip = clips[next++ % clips.length];
    if (!clip) throw new Error('there are no clips');
    const interrupter = await createInterrupter(url);
    try {
      const { clearAfterMs } = await interrupter.interrupt(clip.pcm, COACH_HEARD_MS * (1 + Math.random()));
      measured.push({ name: clip.name, clearAfterMs });
    } finally {
      await interrupter.close();
    }
  }
}

const server = await startRealServer({ env: { KUKU_MODELS_DIR: process.env['KUKU_MODELS_DIR'] } });
try {
  await Promise.all(Array.from({ length: SESSIONS }, () => person(server.url)));
} finally {
  await server.stop();
}
const rows = [...clips.map(({ name }) => name), 'all'].map((name) => {
  const times = measured.filter((each) => name === 'all' || each.name === name).map(({ clearAfterMs }) => clearAfterMs);
  return {
    clip: name,
    interruptions: times.length,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    maxMs: quantile(times, 1),
  };
});
report({ name: 'barge-in', parameters: { sessions: SESSIONS, windowMs: 32 }, rows });
