import { expect, test } from 'vitest';
import { KukuError } from '../../../../server/errors.ts';
import { createEngineSpeech } from '../../../../server/providers/local/engine-speech.ts';
import type { SpeechHost, SpeechReply } from '../../../../server/providers/local/engine-speech.ts';
import { plainAscii, speechPieces } from '../../../../server/providers/local/engine-text.ts';
import { createSilenceTrimmer } from '../../../../server/providers/local/silence.ts';
import { speak } from './tts-support.ts';

const RATE = 16_000;
const died = () => new KukuError('It died.', { code: 'engine_died', retryable: true });
const busy = () => new KukuError('It is busy.', { code: 'engine_busy', retryable: true });

/** Answers each piece by the next step of a script: samples it gives, then maybe a failure. */
type Step = { samples: number; failure?: Error; wait?: Promise<void> };

function scriptedHost(steps: Step[], state: SpeechHost['state'] = 'ready') {
  const texts: string[] = [];
  const host: SpeechHost = {
    state,
    ready: async () => {},
    request: async () => new Int16Array(0),
    async *stream({ text }, options): AsyncGenerator<SpeechReply, void, undefined> {
      options?.signal?.throwIfAborted();
      texts.push(text);
      const step = steps.shift() ?? { samples: 100 };
      await step.wait;
      if (step.samples > 0) yield new Int16Array(step.samples).fill(1000);
      if (step.failure) throw step.failure;
    },
    terminate() {},
    close: async () => {},
  };
  return { host, texts };
}

const engine = (...hosts: SpeechHost[]) =>
  createEngineSpeech({ name: 'scripted', sampleRate: RATE, hosts, maxPieceChars: 40 });

test('a piece whose worker died before its first sound is said once more', async () => {
  const { host, texts } = scriptedHost([{ samples: 0, failure: died() }, { samples: 500 }]);
  expect((await speak(engine(host), 'Hello there.')).pcm.length).toBe(500);
  expect(texts).toEqual(['Hello there.', 'Hello there.']);
});

test('what was heard is never said again: a death after the first sound is an error', async () => {
  const { host, texts } = scriptedHost([{ samples: 500, failure: died() }]);
  await expect(speak(engine(host), 'Hello there.')).rejects.toMatchObject({ code: 'engine_died' });
  expect(texts).toHaveLength(1);
});

test('a second death in the same sentence is an error', async () => {
  const { host, texts } = scriptedHost([
    { samples: 0, failure: died() },
    { samples: 0, failure: died() },
  ]);
  await expect(speak(engine(host), 'Hello there.')).rejects.toMatchObject({ code: 'engine_died', retryable: true });
  expect(texts).toHaveLength(2);
});

test('other failures are not tried again', async () => {
  const failure = new KukuError('No.', { code: 'engine_failed' });
  const { host, texts } = scriptedHost([{ samples: 0, failure }]);
  await expect(speak(engine(host), 'Hello there.')).rejects.toBe(failure);
  expect(texts).toHaveLength(1);
});

test('a full queue is told as overloaded, with a time to come back', async () => {
  const { host } = scriptedHost([{ samples: 0, failure: busy() }]);
  await expect(speak(engine(host), 'Hello there.')).rejects.toMatchObject({
    code: 'overloaded',
    retryable: true,
    retryAfterMs: 500,
  });
});

test('work goes to the worker with the least of it, and not to one that is out of order', async () => {
  const gate = Promise.withResolvers<void>();
  const first = scriptedHost([{ samples: 100, wait: gate.promise }]);
  const second = scriptedHost([]);
  const broken = scriptedHost([], 'broken');
  const tts = engine(broken.host, first.host, second.host);
  const waiting = speak(tts, 'One.');
  await speak(tts, 'Two.');
  await speak(tts, 'Three.');
  gate.resolve();
  await waiting;
  expect([broken.texts, first.texts, second.texts]).toEqual([[], ['One.'], ['Two.', 'Three.']]);
});

test('chunks are at most 100 ms, and an abort is seen after each', async () => {
  const controller = new AbortController();
  const { host } = scriptedHost([{ samples: 16_000 }]);
  const lengths: number[] = [];
  const speaking = async () => {
    for await (const { pcm } of engine(host).synthesize('Hello.', { signal: controller.signal, turnKey: 't' })) {
      lengths.push(pcm.length);
      if (lengths.length === 3) controller.abort(new Error('enough'));
    }
  };
  await expect(speaking()).rejects.toThrow('enough');
  expect(lengths).toEqual([1600, 1600, 1600]);
});

test('a long text is cut at sentences, else at clauses, else at words, else anywhere', () => {
  expect(speechPieces('One sentence here. Another one there. And a third one, too.', 40)).toEqual([
    'One sentence here. Another one there.',
    'And a third one, too.',
  ]);
  expect(speechPieces('when you think about it, what would you do differently', 40)).toEqual([
    'when you think about it,',
    'what would you do differently',
  ]);
  expect(speechPieces('seven words that have no stop or comma at all', 20).every((piece) => piece.length <= 20)).toBe(
    true,
  );
  const letters = 'abcdefghij'.repeat(12);
  expect(speechPieces(letters, 50).join('').replaceAll(' ', '')).toBe(letters);
});

test('engines get plain ASCII: accents folded, markup characters and control characters gone', () => {
  expect(plainAscii('Café “naïve” – it’s Ångström… ½')).toBe('Cafe "naive" , it\'s Angstrom... 1 2');
  expect(plainAscii('a <b> & c\u0000\u001b{d}')).toBe('a b and c d');
  expect(plainAscii('nooooooooo!!!!!!!!')).toBe('nooo!!!');
  expect(speechPieces('… 🙂 —', 100)).toEqual([]);
});

test('silence is cut to 50 ms before and 180 ms after the sound, wherever the pieces are cut', () => {
  const silence = (ms: number) => Array.from({ length: (RATE * ms) / 1000 }, () => 3);
  const sound = (ms: number) => Array.from({ length: (RATE * ms) / 1000 }, () => 5000);
  const recording = Int16Array.from([...silence(170), ...sound(200), ...silence(400), ...sound(100), ...silence(600)]);
  for (const pieceSamples of [32, 777, recording.length]) {
    const trimmer = createSilenceTrimmer(RATE);
    const out: number[] = [];
    for (let at = 0; at < recording.length; at += pieceSamples) {
      out.push(...trimmer.push(recording.subarray(at, at + pieceSamples)));
    }
    out.push(...trimmer.end());
    expect(out).toEqual([...silence(50), ...sound(200), ...silence(400), ...sound(100), ...silence(180)]);
  }
});

test('a recording without a sound is nothing', () => {
  const trimmer = createSilenceTrimmer(RATE);
  expect(trimmer.push(new Int16Array(RATE).fill(50))).toHaveLength(0);
  expect(trimmer.end()).toHaveLength(0);
});
