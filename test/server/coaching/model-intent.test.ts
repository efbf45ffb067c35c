import { describe, expect, it } from 'vitest';
import { createModelIntent } from '../../../server/coaching/model-intent.ts';
import { readWrapUpIntent, WRAP_UP_INTENTS } from '../../../server/coaching/wrap-up.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { serverError } from '../../support/cloud/openai-errors.ts';
import { hang } from '../../support/cloud/script.ts';
import { json, useModel } from './model-support.ts';
import { heldOutSet } from './wrap-up-held-out.ts';

const use = useModel();

type Phase = 'active' | 'confirming';

const read = (text: string, phase: Phase, { deadlineMs = 800, signal = new AbortController().signal } = {}) =>
  createModelIntent({ model: use.model, clock: systemClock, log: use.log, deadlineMs }).read(
    text,
    { phase, question: 'Shall we wrap up?' },
    { signal },
  );

const says = (intent: string) => use.answerJson('reading', json({ intent }));

const guesses = heldOutSet.filter(({ text, phase }) => readWrapUpIntent(text, { phase }).confidence === 'guess');

describe('what the rules are sure of', () => {
  it.each([
    ["Let's wrap up.", 'active', 'request'],
    ['I had a bad week.', 'active', 'none'],
    ['Yes, please.', 'confirming', 'yes'],
    ['No, not yet.', 'confirming', 'no'],
  ] as const)('%s asks no model', async (text, phase, intent) => {
    says('unclear');
    expect(await read(text, phase)).toMatchObject({ intent, confidence: 'rule' });
    expect(use.cloud.exchanges).toEqual([]);
  });
});

describe('what the rules guess', () => {
  it('a model may make more of: none into a request, unclear into any answer', async () => {
    says('request');
    expect(await read("Let's wrap up. No wait, not yet.", 'active')).toMatchObject({ intent: 'request' });
    for (const intent of ['yes', 'no', 'new_content']) {
      says(intent);
      const reading = await read('Wrap up, what do you mean?', 'confirming');
      expect(reading).toEqual({ intent, confidence: 'guess', hasContent: intent === 'new_content' });
    }
  });

  it('is asked about with what the coach asked and what it may become', async () => {
    says('unclear');
    await read('Wrap up, what do you mean?', 'confirming');
    const [asked] = use.asked('reading');
    expect(asked).toContain('Shall we wrap up?');
    expect(asked).toContain('what do you mean');
    expect(asked).not.toContain('request:');
  });

  it('as a no or as new content is asked of no model, so it never becomes a yes', async () => {
    says('yes');
    const firm = guesses.filter(({ text, phase }) =>
      ['no', 'new_content'].includes(readWrapUpIntent(text, { phase }).intent),
    );
    expect(firm.length).toBeGreaterThan(2);
    for (const { text, phase } of firm) {
      expect(await read(text, phase)).toEqual(readWrapUpIntent(text, { phase }));
    }
    expect(use.cloud.exchanges).toEqual([]);
  });

  it('never becomes what its phase does not know, nor more of an end than it may', async () => {
    expect(guesses.length).toBeGreaterThan(8);
    for (const answer of WRAP_UP_INTENTS) {
      says(answer);
      for (const { text, phase } of guesses) {
        const { intent: guess } = readWrapUpIntent(text, { phase });
        const { intent } = await read(text, phase);
        const known = phase === 'active' ? ['request', 'none'] : ['yes', 'no', 'unclear', 'new_content'];
        expect(known).toContain(intent);
        if (intent === 'yes') expect(['yes', 'unclear']).toContain(guess);
        if (guess === 'no' || guess === 'new_content') expect(intent).toBe(guess);
      }
    }
  });

  it.each([
    ['fails', serverError],
    ['answers nonsense', json({ intent: 'maybe' })],
    ['answers no JSON', { text: 'yes' }],
  ])('stands when the model %s', async (_, broken) => {
    use.answerJson('reading', broken);
    const text = 'Wrap up, what do you mean?';
    expect(await read(text, 'confirming')).toEqual(readWrapUpIntent(text, { phase: 'confirming' }));
  });

  it('stands when the model is late, and its work ends', async () => {
    use.answerJson('reading', hang);
    const startMs = performance.now();
    expect(await read('Wrap up, what do you mean?', 'confirming', { deadlineMs: 100 })).toMatchObject({
      intent: 'unclear',
    });
    expect(performance.now() - startMs).toBeLessThan(5000);
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });

  it('that nobody waits for any more rejects with the reason', async () => {
    use.answerJson('reading', hang);
    const controller = new AbortController();
    systemClock.after(50, () => controller.abort(new Error('gone')));
    await expect(read('Wrap up, what do you mean?', 'confirming', { signal: controller.signal })).rejects.toThrow(
      'gone',
    );
  });
});
