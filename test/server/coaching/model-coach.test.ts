import { describe, expect, it } from 'vitest';
import { createModelCoach } from '../../../server/coaching/model-coach.ts';
import { readNotes } from '../../../server/coaching/model-notes.ts';
import { sleep, systemClock } from '../../../server/ports/clock.ts';
import {
  type CoachNotes,
  emptyNotes,
  type ReplyPart,
  type ReplyRequest,
} from '../../../server/ports/language-model.ts';
import type { Usage } from '../../../server/ports/usage.ts';
import { sentences } from '../../../server/voice/sentences.ts';
import { rateLimited, serverError } from '../../support/cloud/openai-errors.ts';
import { hang, reset } from '../../support/cloud/script.ts';
import { json, useModel } from './model-support.ts';

const use = useModel();

const request: ReplyRequest = {
  occasion: 'reply',
  conversation: [{ sender: 'user', text: 'My boss never asks me. I will talk to Anna on Monday.' }],
  notes: emptyNotes,
  time: { elapsedMs: 0, remainingMs: 1_200_000 },
};
const answer = {
  stage: 'way_forward',
  topic: 'my boss',
  goal: null,
  insights: [],
  commitments: [{ what: 'talk to Anna', by: 'Monday', confidence: null }],
};
const notes: CoachNotes = {
  stage: 'way_forward',
  topic: 'my boss',
  insights: [],
  commitments: [{ what: 'talk to Anna', by: 'Monday' }],
};

const createCoach = (notesMs = 3000) =>
  createModelCoach({ model: use.model, clock: systemClock, log: use.log, notesMs });

async function collect(parts: AsyncIterable<ReplyPart>) {
  let text = '';
  const taken: CoachNotes[] = [];
  for await (const part of parts) {
    if (part.type === 'text') text += part.text;
    else taken.push(part.notes);
  }
  return { text: text.trim(), notes: taken };
}

const signal = () => new AbortController().signal;

describe('a reply', () => {
  it('is the words of the model, and the notes of a second call', async () => {
    use.cloud.chat.next({ text: 'That sounds lonely. What would you like instead?' });
    use.answerJson('notes', json(answer));
    const usages: Usage[] = [];
    const parts = createCoach().reply(request, { signal: signal(), onUsage: (usage) => void usages.push(usage) });
    expect(await collect(parts)).toEqual({ text: 'That sounds lonely. What would you like instead?', notes: [notes] });
    expect(usages.map(({ kind }) => kind)).toEqual(['model', 'model']);
  });

  it('lets its only sentence be spoken while the notes are still waited for', async () => {
    use.cloud.chat.next({ text: 'What would you like?' });
    use.answerJson('notes', hang);
    const startMs = performance.now();
    const spokenAtMs: number[] = [];
    const texts = async function* () {
      for await (const part of createCoach(2500).reply(request, { signal: signal() })) {
        if (part.type === 'text') yield part.text;
      }
    };
    for await (const sentence of sentences(texts())) {
      expect(sentence).toBe('What would you like?');
      spokenAtMs.push(performance.now() - startMs);
    }
    expect(spokenAtMs).toHaveLength(1);
    expect(spokenAtMs[0]).toBeLessThan(2300);
    expect(performance.now() - startMs).toBeGreaterThan(2490);
  });

  it('does not ask for notes before the first words are there', async () => {
    use.cloud.chat.next({ text: 'I see.', firstMs: 80 });
    use.answerJson('notes', json(answer));
    const parts = createCoach().reply(request, { signal: signal() })[Symbol.asyncIterator]();
    const first = parts.next();
    await sleep(systemClock, 40);
    expect(use.cloud.chat.requests).toHaveLength(1);
    await first;
    while (!(await parts.next()).done);
    expect(use.asked('notes')).toHaveLength(1);
  });

  it.each(['greeting', 'are_you_there', 'go_on'] as const)('for %s needs no notes', async (occasion) => {
    await collect(createCoach().reply({ ...request, occasion }, { signal: signal() }));
    expect(use.cloud.chat.requests).toHaveLength(1);
  });

  it.each([
    ['no JSON', { text: 'I would say it is about their boss.' }],
    ['JSON of another kind', json(['stage'])],
    ['an empty object', json({})],
    ['a failing server', serverError],
    ['a limit', rateLimited('5')],
    ['a reset', reset],
  ])('stands when the notes are %s', async (_, broken) => {
    use.answerJson('notes', broken);
    const { text, notes: taken } = await collect(createCoach().reply(request, { signal: signal() }));
    expect(text).toBe('Hello there. What is on your mind?');
    expect(taken).toEqual([]);
  });

  it('stands when the notes are late, and does not wait for them for long', async () => {
    use.answerJson('notes', hang);
    const startMs = performance.now();
    const { text, notes: taken } = await collect(createCoach(100).reply(request, { signal: signal() }));
    expect([text, taken]).toEqual(['Hello there. What is on your mind?', []]);
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(use.log.lines.join()).toContain('without notes');
    expect(use.log.lines.join()).not.toContain('Anna');
  });

  it('that fails takes its notes along', async () => {
    use.cloud.chat.next({ text: 'I see what', breaks: { after: 2, how: 'cut' } });
    use.answerJson('notes', hang);
    await expect(collect(createCoach().reply(request, { signal: signal() }))).rejects.toMatchObject({
      code: 'provider_broken_answer',
    });
    await Promise.all(use.cloud.exchanges.map(({ over }) => over));
    expect(use.cloud.exchanges.map(({ cut }) => cut)).toEqual(use.cloud.exchanges.map(() => true));
  });

  it('that is aborted throws the reason, and both requests end at the provider', async () => {
    use.cloud.chat.next({ text: 'word '.repeat(300), gapMs: 5 });
    use.answerJson('notes', hang);
    const controller = new AbortController();
    const reason = new Error('barge-in');
    const run = async () => {
      let count = 0;
      for await (const _ of createCoach().reply(request, { signal: controller.signal })) {
        if (++count === 5) controller.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(use.cloud.exchanges).toHaveLength(2);
    await Promise.all(use.cloud.exchanges.map(({ over }) => over));
    expect(use.cloud.exchanges.every(({ cut }) => cut)).toBe(true);
  });

  it('that is aborted while it waits for its notes throws the reason at once', async () => {
    use.answerJson('notes', hang);
    const controller = new AbortController();
    const reason = new Error('barge-in');
    systemClock.after(150, () => controller.abort(reason));
    const startMs = performance.now();
    await expect(collect(createCoach().reply(request, { signal: controller.signal }))).rejects.toBe(reason);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });
});

describe('notes', () => {
  it('are read leniently: what makes sense is taken, the rest stays as it was', () => {
    const sofar: CoachNotes = { stage: 'goal', topic: 'my boss', insights: ['one'], commitments: [], memo: { own: 1 } };
    expect(
      readNotes(
        {
          stage: 'finale',
          topic: '  my\n boss and me ',
          goal: 'null',
          insights: 'none',
          commitments: [
            { what: 'talk to Anna', by: '', confidence: '8 out of 10' },
            'write it down',
            { what: '', by: 'Monday' },
            { what: 'rest', confidence: 42 },
            7,
          ],
          extra: true,
        },
        sofar,
      ),
    ).toEqual({
      stage: 'goal',
      topic: 'my boss and me',
      insights: ['one'],
      commitments: [{ what: 'talk to Anna', confidence: 8 }, { what: 'write it down' }, { what: 'rest' }],
      memo: { own: 1 },
    });
  });

  it('keep within bounds whatever a model writes', () => {
    const insights = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(10_000, 'x'));
    const read = readNotes({ insights }, emptyNotes);
    expect(read?.insights).toHaveLength(8);
    expect(read?.insights.every((insight) => insight.length <= 300)).toBe(true);
  });

  it.each([null, 'text', 3, [], {}, { other: 1 }])('are none in %j', (given) => {
    expect(readNotes(given, emptyNotes)).toBeUndefined();
  });
});
