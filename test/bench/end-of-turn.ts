/**
 * How often the coach takes a pause for the end, and how long it waits after the end: speech with pauses on the real
 * detector and recogniser, in real time. `npm run bench:end-of-turn`
 *
 * Human: the recorded clips, cut at their longest inner silences; nobody in them was thinking, so that these are hard
 * cases. Spoken: turns of a coachee with marked places to think (`end-of-turn-turns.ts`), in a synthetic voice. Each
 * pause lasts what its place in `PAUSES_MS` says: quantiles of a log-normal distribution with a median of 450 ms, after
 * pauses within turns of conversations (Heldner and Edlund, "Pauses, gaps and overlaps in conversations", J. Phonetics
 * 38, 2010). `cutIn`: the turn was taken for over before its last part began. `wait`: last sound → decided, in ms of
 * audio.
 */
import { resolve } from 'node:path';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { createSherpaSpeechToText } from '../../server/providers/local/sherpa-stt.ts';
import { createSileroVad } from '../../server/providers/local/silero-vad.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { createListener } from '../../server/voice/listen.ts';
import { loadClips } from '../support/clips.ts';
import { spokenLines } from '../support/spoken-person.ts';
import { HELD_OUT_TURNS, PLAIN_TURNS, THOUGHTFUL_TURNS } from './end-of-turn-turns.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

process.env['KUKU_MODELS_DIR'] ??= resolve(import.meta.dirname, '../../models');
const modelsDir = process.env['KUKU_MODELS_DIR'];

const RATE = 16_000;
const FRAME_SAMPLES = 320;
/** exp(ln 450 + 0.6 z), z in the middles of nine equally likely parts. */
const PAUSES_MS = [173, 252, 316, 380, 450, 533, 641, 804, 1170];
const LEAD_MS = 300;
const TAIL_MS = 3500;
const TOGETHER = 12;

interface Turn {
  name: string;
  question: string | undefined;
  parts: readonly Int16Array[];
}

interface Outcome {
  cutIn: boolean;
  waitMs: number;
  pausesMs: readonly number[];
}

const vad = createSileroVad({ modelsDir, clock });
const stt = createSherpaSpeechToText({ modelsDir, clock });
const samplesOf = (ms: number) => Math.round((ms * RATE) / 1000);
/** About −60 dB: a quiet room. */
const room = (ms: number) => Int16Array.from({ length: samplesOf(ms) }, (_, i) => ((i * 7919) % 65) - 32);

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Without the silence around it: what is 35 dB below the loudest does not count. */
function trimmed(pcm: Int16Array): Int16Array {
  const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const isSound = (sample: number) => Math.abs(sample) > peak * 10 ** (-35 / 20);
  return pcm.slice(pcm.findIndex(isSound), pcm.findLastIndex(isSound) + 1);
}

/** Cut in two in the middle of its longest inner silence; whole where there is none of 50 ms. */
function cutAtSilence(pcm: Int16Array): Int16Array[] {
  const step = 160;
  const loudness = Array.from({ length: Math.floor(pcm.length / step) }, (_, i) =>
    Math.sqrt(pcm.subarray(i * step, (i + 1) * step).reduce((sum, s) => sum + s ** 2, 0) / step),
  );
  const loud = loudness.toSorted((a, b) => a - b)[Math.floor(loudness.length * 0.9)] ?? 0;
  let best = { length: 4, middle: -1 };
  let length = 0;
  for (const [i, level] of loudness.entries()) {
    length = level < loud * 0.06 ? length + 1 : 0;
    const inner = i > 60 && i < loudness.length - 60;
    if (inner && length > best.length) best = { length, middle: i - Math.floor(length / 2) };
  }
  if (best.middle < 0) return [pcm];
  return [trimmed(pcm.subarray(0, best.middle * step)), trimmed(pcm.subarray(best.middle * step))];
}

async function take(turn: Turn, place: number): Promise<Outcome> {
  const pausesMs = turn.parts.slice(1).map((_, i) => PAUSES_MS[(place * 2 + i * 5) % PAUSES_MS.length] ?? 0);
  const sound = joined([
    room(LEAD_MS),
    ...turn.parts.flatMap((part, i) => [part, room(pausesMs[i] ?? 0)]),
    room(TAIL_MS),
  ]);
  const lastPart = turn.parts.at(-1)?.length ?? 0;
  const endMs = (sound.length * 1000) / RATE - TAIL_MS;
  const lastBeginsMs = endMs - (lastPart * 1000) / RATE;
  const over = new AbortController();
  let heardSamples = 0;
  let utterances = 0;
  const decidedMs: number[] = [];
  const listener = createListener({
    rate: RATE,
    vad,
    stt,
    endOfTurn: ruleEndOfTurn,
    question: () => turn.question,
    nextUtterance: () => ++utterances,
    clock,
    signal: over.signal,
    events: {
      onSpeechStarted() {},
      onSpeechStopped() {},
      onPartial() {},
      // Its text comes a little later than it was decided.
      onUtterance: ({ decidedAtMs }) =>
        decidedMs.push((heardSamples * 1000) / RATE - (clock.monotonicMs() - decidedAtMs)),
      onLost(_, error) {
        throw error;
      },
    },
  });
  const startMs = clock.monotonicMs();
  for (; heardSamples < sound.length; heardSamples += FRAME_SAMPLES) {
    const aheadMs = (heardSamples * 1000) / RATE - (clock.monotonicMs() - startMs);
    if (aheadMs > 0) await new Promise((done) => setTimeout(done, aheadMs));
    listener.push(sound.slice(heardSamples, heardSamples + FRAME_SAMPLES));
  }
  over.abort();
  const last = decidedMs.at(-1);
  if (last === undefined) throw new Error(`nothing was heard of: ${turn.name}`);
  return { cutIn: decidedMs.some((ms) => ms < lastBeginsMs), waitMs: last - endMs, pausesMs };
}

async function takeAll(turns: readonly Turn[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...turns.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) outcomes.push(await take(next[1], next[0]));
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  return outcomes;
}

async function spokenTurns(turns: readonly { question?: string; said: string }[]): Promise<Turn[]> {
  const spoken = await spokenLines(turns.flatMap(({ said }) => said.split('|').map((part) => part.trim())));
  return turns.map(({ said, question }) => {
    const parts = spoken.splice(0, said.split('|').length).map(trimmed);
    return { name: said, question, parts };
  });
}

const row = (speech: string, outcomes: readonly Outcome[]) => ({
  speech,
  turns: outcomes.length,
  pauses: outcomes.flatMap(({ pausesMs }) => pausesMs).length,
  cutInPercent: (outcomes.filter(({ cutIn }) => cutIn).length * 100) / outcomes.length,
  waitP50Ms: quantile(
    outcomes.map(({ waitMs }) => waitMs),
    0.5,
  ),
  waitP95Ms: quantile(
    outcomes.map(({ waitMs }) => waitMs),
    0.95,
  ),
});

try {
  await Promise.all([vad.ready(), stt.ready()]);
  const clips = loadClips().map(({ name, pcm }) => ({ name, question: undefined, parts: cutAtSilence(trimmed(pcm)) }));
  const cut = clips.filter(({ parts }) => parts.length > 1);
  // Each clip with a third of the pauses, so that short, middling and long ones fall on each place.
  const human = await takeAll([...cut, ...cut, ...cut]);
  const thoughtful = await takeAll(await spokenTurns(THOUGHTFUL_TURNS));
  const heldOut = await takeAll(await spokenTurns(HELD_OUT_TURNS));
  const plain = await takeAll(await spokenTurns(PLAIN_TURNS));
  report({
    name: 'end-of-turn',
    parameters: { pauseMedianMs: 450 },
    rows: [
      row('human, cut at silences', human),
      row('spoken, with pauses', thoughtful),
      row('spoken, with pauses, held out', heldOut),
      row('spoken, without', plain),
      row('spoken, all', [...thoughtful, ...heldOut, ...plain]),
    ],
  });
} finally {
  await Promise.all([vad.close(), stt.close()]);
}
