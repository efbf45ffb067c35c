/**
 * Local transcription: how long the final text takes after the end of the turn with several people talking at once in
 * real time, and whether memory stays flat over hundreds of utterances:
 * `node test/bench/transcription.ts [--utterances 200]`.
 */
import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../server/ports/clock.ts';
import { createSherpaSpeechToText } from '../../server/providers/local/sherpa-stt.ts';
import type { SherpaStt } from '../../server/providers/local/sherpa-stt.ts';
import { loadClips } from '../support/clips.ts';
import type { Clip } from '../support/clips.ts';
import { wordErrorRate } from '../support/word-error-rate.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

const WINDOW_SAMPLES = 512;
const WINDOW_MS = 32;

const { values } = parseArgs({ options: { utterances: { type: 'string', default: '200' } } });
process.env['KUKU_MODELS_DIR'] ??= resolve(import.meta.dirname, '../../models');
const signal = new AbortController().signal;

function pause(ms: number): Promise<void> {
  return new Promise((done) => void setTimeout(done, ms));
}

/** Speaks the clip, a window every `windowMs`; how long the final text took after the last window. */
async function speak(stt: SherpaStt, clip: Clip, windowMs: number): Promise<{ text: string; finalMs: number }> {
  const utterance = stt.open({ signal, onPartial() {} });
  const beginMs = performance.now();
  for (let at = 0; at < clip.pcm.length; at += WINDOW_SAMPLES) {
    utterance.push(clip.pcm.subarray(at, at + WINDOW_SAMPLES));
    const aheadMs = (at / WINDOW_SAMPLES + 1) * windowMs - (performance.now() - beginMs);
    if (aheadMs > 0) await pause(aheadMs);
  }
  const finishedMs = performance.now();
  const { text } = await utterance.finish();
  return { text, finalMs: performance.now() - finishedMs };
}

async function measure(stt: SherpaStt, clips: readonly Clip[], talking: number) {
  const spoken = Array.from({ length: talking }, (_, i) => clips[i % clips.length] as Clip);
  const heard = await Promise.all(
    spoken.map(async (clip, i) => {
      await pause((i * 37) % 500);
      return speak(stt, clip, WINDOW_MS);
    }),
  );
  const finals = heard.map(({ finalMs }) => finalMs);
  return {
    talking,
    finalP50Ms: quantile(finals, 0.5),
    finalP95Ms: quantile(finals, 0.95),
    wordErrorRate: wordErrorRate(spoken.map(({ reference }, i) => [reference, heard[i]?.text ?? ''] as const)),
  };
}

/** Resident memory of this process and of the engine's, in MB. */
function residentMB(): { serverMB: number; engineMB: number } {
  const children = execFileSync('ps', ['-A', '-o', 'ppid=,rss=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([parent, , command]) => Number(parent) === process.pid && command !== 'ps');
  const engineKB = children.reduce((sum, [, rss]) => sum + Number(rss), 0);
  return { serverMB: process.memoryUsage.rss() / 2 ** 20, engineMB: engineKB / 1024 };
}

const stt = createSherpaSpeechToText({ modelsDir: process.env['KUKU_MODELS_DIR'], clock: systemClock });
await stt.ready();
const clips = loadClips();
await measure(stt, clips, 1);
const live = [];
for (const talking of [1, 9, 18]) live.push(await measure(stt, clips, talking));
report({ name: 'transcription', parameters: { windowMs: WINDOW_MS }, rows: live });

const memory = [];
const count = Number(values.utterances);
for (let done = 0; done < count; done += 1) {
  await speak(stt, clips[done % clips.length] as Clip, 0);
  if ((done + 1) % Math.ceil(count / 8) === 0) {
    memory.push({ utterances: done + 1, ...residentMB() });
  }
}
report({ name: 'transcription-memory', parameters: { utterances: count }, rows: memory });
await stt.close();
