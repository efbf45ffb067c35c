/**
 * The page in Chromium, alone on the machine: how soon the loudspeaker is silent when a person breaks in, how soon the
 * page is there, and what it holds after an hour of talk at many times its speed. `npm run bench:browser`
 *
 * Barge-in is measured in samples of the browser's one audio clock: first speech in the microphone → last sound that
 * leaves the page, with the real server, detector and recorded human speech.
 */
import { resolve } from 'node:path';
import { startLastingServer } from '../../clients/browser/test/support/lasting-server.ts';
import { liveUntil } from '../../clients/browser/test/support/long-session.ts';
import { interruptGreetings } from '../../clients/browser/test/support/interruptions.ts';
import { openPage, openTalk } from '../../clients/browser/test/support/page.ts';
import { loadClips } from '../support/clips.ts';
import { fromFirstSpeech } from '../support/speech-onset.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

process.env['KUKU_MODELS_DIR'] ??= resolve(import.meta.dirname, '../../models');

const ROUNDS = 3;
const CLIP_SAMPLES = 1.5 * 16_000;
const LOADS = 10;
/** One half a minute. */
const EXCHANGES = [10, 40, 70, 100, 130];

async function bargeIn(): Promise<number[]> {
  const clips = loadClips().map(({ pcm }) => fromFirstSpeech(pcm).subarray(0, CLIP_SAMPLES));
  await using server = await startLastingServer({ KUKU_MODELS_DIR: process.env['KUKU_MODELS_DIR'] ?? '' });
  return await interruptGreetings(server.url, Array.from({ length: ROUNDS }, () => clips).flat());
}

async function firstPaints(): Promise<number[]> {
  await using rig = await openPage();
  const found: number[] = [];
  while (found.length < LOADS) {
    await rig.page.reload();
    await rig.page.waitForSelector('.home');
    found.push(
      await rig.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity),
    );
  }
  return found;
}

async function memory() {
  await using rig = await openTalk();
  const debuggerOf = await rig.page.context().newCDPSession(rig.page);
  const rows = [];
  for (const [i, to] of EXCHANGES.entries()) {
    const { heapBytes, nodes, listeners } = await liveUntil(rig, { from: (EXCHANGES[i - 1] ?? 0) + 1, to, debuggerOf });
    rows.push({ minutes: to / 2, heapKB: Math.round(heapBytes / 1024), nodes, listeners });
  }
  return rows;
}

const timesOf = (what: string, times: readonly number[]) => ({
  what,
  times: times.length,
  p50Ms: quantile(times, 0.5),
  p95Ms: quantile(times, 0.95),
  maxMs: quantile(times, 1),
});
const rows = [
  timesOf('speech begins → the loudspeaker is silent', await bargeIn()),
  timesOf('first contentful paint', await firstPaints()),
];
report({ name: 'browser', rows });
report({
  name: 'browser-memory',
  parameters: { exchangesAMinute: 2, speechSecondsAnExchange: 12 },
  rows: await memory(),
});
