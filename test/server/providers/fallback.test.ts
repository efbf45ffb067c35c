import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KukuError } from '../../../server/errors.ts';
import { sleep, systemClock as clock } from '../../../server/ports/clock.ts';
import { emptyNotes, type ReplyEngine, type ReplyPart } from '../../../server/ports/language-model.ts';
import { providerFailure, type ProviderFailure } from '../../../server/ports/provider-failure.ts';
import type { SpeechToText } from '../../../server/ports/speech-to-text.ts';
import type { TextToSpeech } from '../../../server/ports/text-to-speech.ts';
import { createBreaker } from '../../../server/providers/breaker.ts';
import { createFallbackEngine } from '../../../server/providers/fallback-engine.ts';
import { createFallbackSpeech } from '../../../server/providers/fallback-speech.ts';
import { createFallbackTranscription } from '../../../server/providers/fallback-transcription.ts';
import { tone } from '../../support/scripted.ts';

type Step = { pieces?: number; fails?: ProviderFailure; retryAfterMs?: number; hangs?: boolean };

const fail = (code: ProviderFailure, retryAfterMs?: number) =>
  providerFailure(code, { provider: 'Test', retryAfterMs });
let turn: AbortController;
beforeEach(() => void (turn = new AbortController()));
afterEach(() => turn.abort());

/** 100 ms a piece, then what the step says; the last step again when there are more calls. */
function voice(name: string, sampleRate: number, ...steps: Step[]): TextToSpeech & { calls: string[] } {
  const calls: string[] = [];
  return {
    name,
    sampleRate,
    calls,
    async *synthesize(text, { signal }) {
      const step = steps[Math.min(calls.length, steps.length - 1)] ?? {};
      calls.push(text);
      for (let i = 0; i < (step.pieces ?? 2); i++) yield { pcm: tone(sampleRate / 10, sampleRate) };
      if (step.hangs) await sleep(clock, 60_000, { signal });
      if (step.fails) throw fail(step.fails, step.retryAfterMs);
    },
    close: () => Promise.resolve(),
  };
}

const quick = { clock, random: () => 0, firstMs: 150, gapMs: 150 };

async function samplesOf(tts: TextToSpeech, text = 'One two.', turnKey = 'turn'): Promise<number> {
  let samples = 0;
  for await (const { pcm } of tts.synthesize(text, { signal: turn.signal, turnKey })) samples += pcm.length;
  return samples;
}

describe('voices with a fallback', () => {
  it('have one rate, whoever speaks', async () => {
    const voices = [voice('a', 24_000, {}, { pieces: 0, fails: 'provider_unauthorized' }), voice('b', 16_000)] as const;
    const tts = createFallbackSpeech({ ...quick, voices });
    expect(tts.sampleRate).toBe(24_000);
    expect(await samplesOf(tts)).toBe(4800);
    expect(await samplesOf(tts)).toBe(4800);
    expect(voices[1].calls).toHaveLength(1);
  });

  it.each([
    ['fails for a moment', { pieces: 0, fails: 'provider_failed' }, 2, 0],
    ['asks for a little time', { pieces: 0, fails: 'provider_failed', retryAfterMs: 200 }, 2, 0],
    ['asks for more time than there is', { pieces: 0, fails: 'provider_failed', retryAfterMs: 2000 }, 1, 1],
    ['is asked too much', { pieces: 0, fails: 'provider_rate_limited', retryAfterMs: 10 }, 1, 1],
    ['does not know the key', { pieces: 0, fails: 'provider_unauthorized' }, 1, 1],
    ['says nothing', { pieces: 0, hangs: true }, 1, 1],
    ['ends without audio', { pieces: 0 }, 2, 0],
  ] as const)('ask the first again or the second when the first %s', async (_, step, first, second) => {
    const voices = [voice('a', 16_000, step, {}), voice('b', 16_000)] as const;
    expect(await samplesOf(createFallbackSpeech({ ...quick, voices }))).toBe(3200);
    expect(voices.map(({ calls }) => calls.length)).toEqual([first, second]);
  });

  it('ask the same one again at most once', async () => {
    const voices = [voice('a', 16_000, { pieces: 0, fails: 'provider_failed' }), voice('b', 16_000)] as const;
    await samplesOf(createFallbackSpeech({ ...quick, voices }));
    expect(voices.map(({ calls }) => calls.length)).toEqual([2, 1]);
  });

  it.each([{ fails: 'provider_broken_answer' }, { hangs: true }] as const)(
    'never start a sentence over that was begun, and say the rest of the turn with the next voice (%o)',
    async (step) => {
      const voices = [voice('a', 16_000, { pieces: 1, ...step }, {}), voice('b', 16_000)] as const;
      const tts = createFallbackSpeech({ ...quick, voices });
      await expect(samplesOf(tts, 'First.')).rejects.toBeInstanceOf(KukuError);
      expect(voices[1].calls).toEqual([]);
      expect(await samplesOf(tts, 'Second.')).toBe(3200);
      expect(await samplesOf(tts, 'Other turn.', 'other')).toBe(3200);
      expect([voices[0].calls, voices[1].calls]).toEqual([['First.', 'Other turn.'], ['Second.']]);
    },
  );

  it('leave a voice out after five failures, and take it back by themselves', async () => {
    const broken: Step = { pieces: 0, fails: 'provider_unauthorized' };
    const voices = [voice('a', 16_000, broken, broken, broken, broken, broken, {}), voice('b', 16_000)] as const;
    const tts = createFallbackSpeech({ ...quick, voices, breaker: { openMs: 100 } });
    for (let i = 0; i < 8; i++) expect(await samplesOf(tts, 'x', `turn-${i}`)).toBe(3200);
    expect(voices[0].calls).toHaveLength(5);
    await sleep(clock, 150);
    expect(await samplesOf(tts, 'x', 'later')).toBe(3200);
    expect(await samplesOf(tts, 'x', 'latest')).toBe(3200);
    expect(voices.map(({ calls }) => calls.length)).toEqual([7, 8]);
  });

  it('pass an abort on at once, without asking anybody else', async () => {
    const voices = [voice('a', 16_000, { pieces: 0, hangs: true }), voice('b', 16_000)] as const;
    const speaking = samplesOf(createFallbackSpeech({ ...quick, voices, firstMs: 5000 }));
    turn.abort(new Error('barge-in'));
    await expect(speaking).rejects.toThrow('barge-in');
    expect(voices[1].calls).toEqual([]);
  });
});

describe('a breaker', () => {
  it('lets one call try after a while; a failure opens it again, an abort too, a success closes it', async () => {
    const states: string[] = [];
    const breaker = createBreaker({ failuresInARow: 2, openMs: 60, onChange: (state) => states.push(state) });
    const settled = () => sleep(clock, 5);
    const trial = async () => {
      await sleep(clock, 80);
      const attempt = breaker.attempt();
      expect(breaker.attempt()).toBeUndefined();
      return attempt;
    };
    for (let i = 0; i < 3; i++) {
      breaker.attempt()?.failed(fail('provider_failed'));
      await settled();
    }
    expect(breaker.attempt()).toBeUndefined();
    (await trial())?.failed(fail('provider_failed'));
    await settled();
    expect(breaker.attempt()).toBeUndefined();
    (await trial())?.dropped();
    await settled();
    expect(breaker.attempt()).toBeUndefined();
    (await trial())?.succeeded();
    await settled();
    expect(breaker.attempt()).toBeDefined();
    expect(states).toEqual(['open', 'half_open', 'open', 'half_open', 'open', 'half_open', 'closed']);
  });

  it('does not hold against a provider what is the request’s fault, nor an abort', async () => {
    const breaker = createBreaker({ failuresInARow: 1 });
    for (let i = 0; i < 8; i++) {
      breaker.attempt()?.failed(fail('provider_bad_request'));
      breaker.attempt()?.dropped();
      await sleep(clock, 1);
    }
    expect(breaker.attempt()).toBeDefined();
  });
});

const request = {
  occasion: 'reply',
  conversation: [],
  notes: emptyNotes,
  time: { elapsedMs: 0, remainingMs: 0 },
} as const;

function coach(name: string, parts: (string | ReplyPart)[], end: Step = {}): ReplyEngine & { calls: number } {
  const engine = {
    name,
    model: `${name}-1`,
    calls: 0,
    async *reply(_: unknown, { signal }: { signal: AbortSignal }): AsyncGenerator<ReplyPart> {
      engine.calls += 1;
      for (const part of parts) yield typeof part === 'string' ? { type: 'text', text: part } : part;
      if (end.hangs) await sleep(clock, 60_000, { signal });
      if (end.fails) throw fail(end.fails, end.retryAfterMs);
    },
    close: () => Promise.resolve(),
  };
  return engine;
}

async function said(engine: ReplyEngine, parts: ReplyPart[] = []): Promise<string> {
  let text = '';
  for await (const part of engine.reply(request, { signal: turn.signal })) {
    parts.push(part);
    if (part.type === 'text') text += part.text;
  }
  return text;
}

describe('coaches with a fallback', () => {
  it('pass words and notes on as they are', async () => {
    const notes = { type: 'notes', notes: { ...emptyNotes, stage: 'goal' } } as const;
    const parts: ReplyPart[] = [];
    const engine = createFallbackEngine({ ...quick, engines: [coach('a', ['Well, ', 'what ', 'now?', notes])] });
    expect(await said(engine, parts)).toBe('Well, what now?');
    expect(parts.at(-1)).toEqual(notes);
  });

  it.each([
    ['fails before a word', [], { fails: 'provider_rate_limited' }],
    ['hangs before a word', [], { hangs: true }],
    ['breaks off before a clause is whole', ['That ', 'sounds '], { fails: 'provider_broken_answer' }],
    ['hangs before a clause is whole', ['That ', 'sounds '], { hangs: true }],
    ['has nothing to say', ['  '], {}],
  ] as const)('give the floor to the second, and only it is heard, when the first %s', async (_, parts, end) => {
    const engines = [coach('a', [...parts], end), coach('b', ['I am here.'])] as const;
    expect(await said(createFallbackEngine({ ...quick, engines }))).toBe('I am here.');
  });

  it('never start over once a clause was given away', async () => {
    const engines = [
      coach('a', ['Hard, ', 'I see'], { fails: 'provider_broken_answer' }),
      coach('b', ['No.']),
    ] as const;
    await expect(said(createFallbackEngine({ ...quick, engines }))).rejects.toMatchObject({
      code: 'provider_broken_answer',
    });
    expect([engines[0].calls, engines[1].calls]).toEqual([1, 0]);
  });

  it('end well when all was said and only the end is missing', async () => {
    const engines = [coach('a', ['Hard. ', 'What now?'], { hangs: true }), coach('b', ['No.'])] as const;
    expect(await said(createFallbackEngine({ ...quick, engines }))).toBe('Hard. What now?');
  });

  it('fail with the last failure when nobody can answer', async () => {
    const engines = [
      coach('a', [], { fails: 'provider_failed' }),
      coach('b', [], { fails: 'provider_unauthorized' }),
    ] as const;
    await expect(said(createFallbackEngine({ ...quick, engines }))).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
    expect([engines[0].calls, engines[1].calls]).toEqual([2, 1]);
  });
});

interface Ear extends SpeechToText {
  heard: number[];
}

/** Tells how many samples it heard. */
function ear(name: string, end: Step & { atOnce?: boolean } = {}): Ear {
  const heard: number[] = [];
  return {
    name,
    heard,
    open({ signal, onPartial, onFailed }) {
      const place = heard.push(0) - 1;
      return {
        push(pcm) {
          heard[place] = (heard[place] ?? 0) + pcm.length;
          onPartial(`${name} ${heard[place]}`);
          if (end.atOnce && end.fails) onFailed?.(fail(end.fails));
        },
        async finish() {
          if (end.hangs) await sleep(clock, 60_000, { signal });
          if (end.fails) throw fail(end.fails);
          return { text: `${name} heard ${heard[place]}`, incomplete: false };
        },
      };
    },
    close: () => Promise.resolve(),
  };
}

describe('recognisers with a fallback', () => {
  const talk = (seconds: number, first: Ear, second: Ear) => {
    const stt = createFallbackTranscription({ clock, recognisers: [first, second], finalMs: 100 });
    const partials: string[] = [];
    const utterance = stt.open({ signal: turn.signal, onPartial: (text) => partials.push(text) });
    for (let i = 0; i < seconds * 10; i++) utterance.push(tone(1600, 16_000));
    return { utterance, partials };
  };

  it.each([{ fails: 'provider_failed' }, { hangs: true }] as const)(
    'let the second hear the utterance again when the first does not get to its end (%o)',
    async (end) => {
      const { utterance } = talk(3, ear('a', end), ear('b'));
      expect(await utterance.finish()).toEqual({ text: 'b heard 48000', incomplete: false });
    },
  );

  it('replay the last ten seconds and say that more is missing', async () => {
    const { utterance } = talk(14, ear('a', { fails: 'provider_broken_answer' }), ear('b'));
    expect(await utterance.finish()).toEqual({ text: 'b heard 160000', incomplete: true });
  });

  it('go on with the second as soon as the first says that it can not', async () => {
    const { utterance, partials } = talk(1, ear('a', { fails: 'provider_unauthorized', atOnce: true }), ear('b'));
    expect(partials.at(-1)).toBe('b 16000');
    expect(await utterance.finish()).toEqual({ text: 'b heard 16000', incomplete: false });
  });

  it('fail with the last failure when nobody understood', async () => {
    const { utterance } = talk(1, ear('a', { fails: 'provider_failed' }), ear('b', { fails: 'provider_unauthorized' }));
    await expect(utterance.finish()).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('end with the reason of the abort', async () => {
    const { utterance } = talk(1, ear('a', { hangs: true }), ear('b'));
    const final = utterance.finish();
    turn.abort(new Error('left'));
    await expect(final).rejects.toThrow('left');
  });
});
