/** The product as it is cloned and started: server and CLI as processes, real recogniser, detector, voice and coach. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav } from '@kuku-coach/cli/wav';
import { type Clip, loadClips, modelsDir } from '../support/clips.ts';
import { type RealServer, startRealServer, STARTS_MS } from '../support/real-server.ts';
import { type Talked, runTalk } from '../support/talk.ts';
import { normalizedWords, wordErrorRate } from '../support/word-error-rate.ts';

/** Greeting, the longest clip (11 s) in real time and its answers take 28 s; on a busy machine more. */
const CLIPS_MS = 55_000;

interface Spoken extends Talked {
  clip: Clip;
  heardWav: string;
}

let server: RealServer;
let folder: string;
let spoken: Spoken[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kuku-real-'));
  server = await startRealServer();
  spoken = await Promise.all(loadClips().map((clip) => speak(clip)));
}, STARTS_MS + CLIPS_MS);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  expect(await server.stop()).toBe(0);
});

async function speak(clip: Clip): Promise<Spoken> {
  const heardWav = join(folder, `${clip.name}.wav`);
  const file = join(modelsDir(), 'speech-clips', `${clip.name}.wav`);
  return { clip, heardWav, ...(await runTalk(server.url, ['--out', heardWav, file])) };
}

describe('the clips, spoken to the server in real time', () => {
  it('meet the local engines', () => {
    expect(server.dependencies).toEqual(
      expect.arrayContaining(['coach: builtin', 'transcription: sherpa-onnx', expect.stringMatching(/^speech: pico/)]),
    );
  });

  it('are each transcribed and answered', () => {
    expect(spoken.length).toBeGreaterThanOrEqual(9);
    for (const { clip, exitCode, said, answers } of spoken) {
      expect([clip.name, exitCode]).toEqual([clip.name, 0]);
      expect(said.length, clip.name).toBeGreaterThan(0);
      // The first is the greeting.
      expect(answers.length, clip.name).toBeGreaterThan(1);
    }
  });

  it('have a word error rate of at most 15 %', () => {
    const pairs = spoken.map(({ clip, said }) => [clip.reference, said.join(' ')] as const);
    const told = pairs.map(([reference, hypothesis]) => `${reference}\n${hypothesis}`).join('\n\n');
    expect(wordErrorRate(pairs), told).toBeLessThanOrEqual(0.15);
  });

  it('get an answer that takes up a word that was said', () => {
    const missed = spoken.filter(({ said, answers }) => !takesUp(said.join(' '), answers.slice(1).join(' ')));
    expect(missed.map(({ said, answers }) => ({ said, answers: answers.slice(1) }))).toEqual([]);
  });

  it('get an answer that can be heard', () => {
    for (const { clip, heardWav } of spoken) {
      const { pcm, rate } = decodeWav(readFileSync(heardWav));
      const loud = pcm.filter((sample) => Math.abs(sample) > 1000).length;
      // Greeting and answer: seconds of speech, of which samples above −30 dB are a good part.
      expect(pcm.length / rate, clip.name).toBeGreaterThan(clip.pcm.length / clip.rate);
      expect(loud / rate, clip.name).toBeGreaterThan(1);
    }
  });
});

/** Words that carry no content: an answer that shares only these refers to nothing. */
const EMPTY = new Set(
  (
    'a an and are as at be been but by can did do does even for from had has have he her him his how i if in is it its just like ' +
    'made me might more much my no not of on or our out she so still than that the their them then there they this to ' +
    'up us was we were what when which who will with would you your about unless rather ever'
  ).split(' '),
);

/** Compared by their first five letters: "reports" is taken up by "reporting". */
function takesUp(said: string, answer: string): boolean {
  const stems = (text: string) =>
    normalizedWords(text)
      .filter((word) => !EMPTY.has(word))
      .map((word) => word.slice(0, 5));
  const answered = new Set(stems(answer));
  return stems(said).some((stem) => answered.has(stem));
}
