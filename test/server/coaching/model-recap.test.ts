import { describe, expect, it } from 'vitest';
import { createModelRecap } from '../../../server/coaching/model-recap.ts';
import { makeRecap } from '../../../server/coaching/recap.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import type { CoachNotes, ConversationEntry } from '../../../server/ports/language-model.ts';
import { serverError } from '../../support/cloud/openai-errors.ts';
import { hang } from '../../support/cloud/script.ts';
import { json, useModel } from './model-support.ts';

const use = useModel();

const conversation: ConversationEntry[] = [
  { sender: 'ai', text: 'What would you like to talk about?' },
  { sender: 'user', text: 'My boss never asks me before he hands out work.' },
  { sender: 'ai', text: 'What will you do?' },
  { sender: 'user', text: 'I will call Anna on Monday and ask her how she handles it.' },
];
const notes: CoachNotes = {
  stage: 'way_forward',
  topic: 'my boss',
  insights: [],
  commitments: [{ what: 'call Anna', by: 'Monday' }],
};
const answer = {
  topic: 'your work with your boss',
  goal: '',
  insights: ['You want to be asked first.'],
  commitments: [{ what: 'call Anna', by: 'Monday', confidence: null }],
  summary: 'We talked about your boss. On Monday you will call Anna. Thank you.',
};

const make = (deadlineMs = 4000, signal = new AbortController().signal, said = conversation) =>
  createModelRecap({ model: use.model, clock: systemClock, log: use.log, deadlineMs }).make(
    { conversation: said, notes },
    { signal },
  );

describe('a recap', () => {
  it('is what the model writes of the whole conversation', async () => {
    use.answerJson('recap', json(answer));
    expect(await make()).toEqual({ ...answer, commitments: [{ what: 'call Anna', by: 'Monday' }] });
    const [asked] = use.asked('recap');
    expect(asked).toContain('My boss never asks me before');
    expect(asked).toContain('call Anna');
  });

  it.each([
    ['fails', serverError],
    ['writes no JSON', { text: 'Dear Anna' }],
    ['leaves the summary out', json({ ...answer, summary: ' ' })],
    ['writes a summary that nobody would listen to', json({ ...answer, summary: 'word '.repeat(400) })],
    ['writes no list of commitments', json({ ...answer, commitments: 'call Anna' })],
    ['makes a commitment up', json({ ...answer, commitments: [...answer.commitments, { what: 'quit smoking' }] })],
  ])('is written by rules when the model %s', async (_, broken) => {
    use.answerJson('recap', broken);
    expect(await make()).toEqual(makeRecap(notes));
    expect(use.log.lines).toHaveLength(1);
    expect(use.log.lines[0]).not.toContain('Anna');
  });

  it('is written by rules when the model is late, and its work ends', async () => {
    use.answerJson('recap', hang);
    const startMs = performance.now();
    expect(await make(150)).toEqual(makeRecap(notes));
    expect(performance.now() - startMs).toBeLessThan(5000);
    await use.cloud.exchanges[0]?.over;
    expect(use.cloud.exchanges[0]?.cut).toBe(true);
  });

  it('of a session in which nobody spoke asks no model', async () => {
    expect(await make(4000, undefined, conversation.slice(0, 1))).toEqual(makeRecap(notes));
    expect(use.cloud.exchanges).toEqual([]);
  });

  it('that nobody waits for any more rejects with the reason', async () => {
    use.answerJson('recap', hang);
    const controller = new AbortController();
    systemClock.after(50, () => controller.abort(new Error('gone')));
    await expect(make(4000, controller.signal)).rejects.toThrow('gone');
  });
});
