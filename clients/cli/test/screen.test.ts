import { describe, expect, test } from 'vitest';
import { createHarness, ready, view } from '../../core/test/support/harness.ts';
import { createFrameCutter } from '@kuku-coach/core/frames';
import { latencyLine, showText } from '../src/screen.ts';
import { speechEnd } from '../src/script.ts';
import { usageLine } from '../src/usage-line.ts';

describe('the screen', () => {
  test('rewrites partial transcripts in place on a terminal', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    let printed = '';
    showText(coach, { write: (text) => void (printed += text), isTTY: true, columns: 30 }, clock);
    await goLive();
    printed = '';
    const partial = { type: 'transcript.user', seq: 0, utterance: 1, final: false } as const;
    socket().receive({ ...partial, text: 'I want' });
    socket().receive({ ...partial, text: 'I want to talk about my work' });
    socket().receive({ ...partial, seq: 1, text: 'I want to talk.', final: true });
    const clear = '\r\x1b[2K';
    expect(printed.replaceAll(clear, '<')).toBe(
      '<  you …  I want<  you …  … talk about my work<  you    I want to talk.\n',
    );
  });

  test('leaves partial transcripts out elsewhere', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    let printed = '';
    showText(coach, { write: (text) => void (printed += text) }, clock);
    await goLive(ready({ audio: {} }));
    socket().receive({ type: 'transcript.user', seq: 0, utterance: 1, text: 'I', final: false });
    expect(printed).toBe('- session s1, Kuku (scripted); does not listen, does not speak\n');
  });

  test('names the legs of a turn that happened, in their order', () => {
    const latency = { total: 480.4, endOfSpeechToTurnEnd: 300, modelFirstToken: 120.6 };
    expect(latencyLine({ turn: 3, status: 'completed', latency }, 812.2)).toBe(
      '         turn 3 · turn end 300 · model 121 · total 480 · heard after 812 ms',
    );
    expect(latencyLine({ turn: 4, status: 'cancelled', latency: {} })).toBe('         turn 4');
  });
});

describe('what matters more than the talk', () => {
  test('is printed: whom to call, and what is not kept', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    let printed = '';
    showText(coach, { write: (text) => void (printed += text) }, clock);
    await goLive();
    printed = '';
    const lines = [{ name: 'Samaritans', number: '116 123', hours: '24/7' }];
    socket().receive({ type: 'care', seq: 0, lines, emergency: '999' });
    socket().receive({ type: 'session.state', seq: 1, ...view, offRecord: true });
    socket().receive({ type: 'session.state', seq: 2, ...view, offRecord: true, care: true });
    socket().receive({ type: 'session.state', seq: 3, ...view });
    socket().receive({ type: 'session.state', seq: 4, ...view, ephemeral: true });
    expect(printed.split('\n')).toEqual([
      '- Samaritans: 116 123 (day and night)',
      '- in danger: 999',
      '- off the record',
      '- on the record again',
      '- private: nothing of it is kept',
      '',
    ]);
  });
});

describe('what a turn used', () => {
  test('is told in a line, without what there was none of', () => {
    const usage = {
      inputTokens: 812,
      cachedInputTokens: 512,
      outputTokens: 31,
      spokenCharacters: 74,
      cost: 0.00123456,
    };
    expect(usageLine(usage)).toBe(
      '         used 812 tokens in (512 cached) · 31 out · 74 characters spoken · cost 0.00123',
    );
    expect(usageLine({ transcribedSeconds: 2.345, estimated: true })).toBe(
      '         used 2.3 s transcribed (partly guessed)',
    );
  });

  test('follows the legs of its turn on the screen', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    let printed = '';
    showText(coach, { write: (text) => void (printed += text) }, clock);
    await goLive();
    const done = { type: 'turn.done', seq: 1, turn: 1, status: 'completed', spokenText: 'Hi.', playedMs: 9 } as const;
    socket().receive({ ...done, latency: { total: 300 }, usage: { outputTokens: 4 } });
    socket().receive({ ...done, seq: 2, turn: 2, latency: {} });
    const lines = printed.split('\n').filter((line) => line.startsWith('         '));
    expect(lines).toEqual(['         turn 1 · total 300 ms', '         used 4 out', '         turn 2']);
  });
});

describe('a clip', () => {
  test('ends where its silence begins', () => {
    expect(speechEnd(Int16Array.of(0, 9000, -9000, 100, -100, 0))).toBe(3);
    expect(speechEnd(Int16Array.of(0, 1, 0))).toBe(3);
  });
});

describe('a byte stream', () => {
  test('is cut into frames wherever its chunks end, even inside a sample', () => {
    const samples = Int16Array.from({ length: 10 }, (_, i) => i * 1000);
    const bytes = new Uint8Array(samples.buffer);
    for (const size of [1, 3, 7, 8, 20]) {
      const cut = createFrameCutter(4);
      const frames: Int16Array[] = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...cut(bytes.subarray(at, at + size)));
      expect(frames).toEqual([samples.slice(0, 4), samples.slice(4, 8)]);
    }
  });
});
