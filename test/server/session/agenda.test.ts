import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../../server/voice/sentences.ts';
import * as lines from '../../../server/coaching/lines.ts';
import type { ReplyPart } from '../../../server/ports/language-model.ts';
import { createAgenda } from '../../../server/session/agenda.ts';
import type { LifecycleEffect } from '../../../server/session/lifecycle.ts';
import type { Cargo } from '../../../server/session/state.ts';

async function said(effects: readonly LifecycleEffect[], isOver = () => false) {
  const agenda = createAgenda();
  for (const effect of effects) agenda.add(effect, 240_000);
  const before = agenda.cargo();
  const cargo: Cargo = {};
  const texts: string[] = [];
  const words = {
    async *engine(occasion: string): AsyncIterable<ReplyPart> {
      yield { type: 'text', text: `<${occasion}> ` };
    },
    recap: async () => 'You want peace. You will call Anna.',
    isOver,
  };
  for await (const part of agenda.say(cargo, words)) if (part.type === 'text') texts.push(part.text);
  return { text: texts.join('').trim(), cargo, before, isEmpty: agenda.isEmpty };
}

const spoken = (...texts: string[]) => texts.flatMap((text) => splitSentences(text)).join(' ');

describe('the agenda', () => {
  it.each([
    ['a warning', { type: 'warn', remainingMs: 60_000 }, lines.warningLine(60_000)],
    ['care', { type: 'askIfThere' }, '<are_you_there>'],
    ['a second question', { type: 'askAgain', proposalId: 'p' }, lines.askAgainLine],
    ['a no', { type: 'resumeConversation', because: 'no' }, `${lines.goingOnLine(240_000)} <go_on>`],
    ['an unclear answer', { type: 'resumeConversation', because: 'unclear' }, `${lines.notEndingLine} <go_on>`],
    ['new content', { type: 'resumeConversation', because: 'new_content' }, ''],
    ['silence', { type: 'resumeConversation', because: 'expired' }, ''],
    ['a change of state', { type: 'stateChanged' }, ''],
    ['an answer to nothing', { type: 'answerIgnored' }, ''],
    ['an end', { type: 'ended', reason: 'idle' }, ''],
  ] as const)('says what %s wants', async (_, effect, text) => {
    expect(await said([effect])).toMatchObject({ text: spoken(text), isEmpty: true });
  });

  it('carries the question that it puts', async () => {
    const { text, cargo, before } = await said([{ type: 'propose', proposalId: 'p', reason: 'time' }]);
    const proposal = { proposalId: 'p', question: lines.proposalLine('time') };
    expect(text).toBe(spoken(lines.proposalLine('time')));
    expect([cargo, before]).toEqual([{ proposal }, { proposal }]);
  });

  it('puts no question that was settled meanwhile', async () => {
    const { text, cargo } = await said([
      { type: 'propose', proposalId: 'p', reason: 'asked' },
      { type: 'resumeConversation', because: 'withdrawn' },
    ]);
    expect([text, cargo]).toEqual(['', {}]);
  });

  it('says nothing else once it closes', async () => {
    const { text, cargo } = await said([
      { type: 'warn', remainingMs: 60_000 },
      { type: 'propose', proposalId: 'p', reason: 'time' },
      { type: 'speakRecap', reason: 'time_limit' },
    ]);
    expect(text).toBe(spoken(lines.closingLine('time_limit'), 'You want peace. You will call Anna.'));
    expect(cargo).toEqual({ recap: true });
  });

  it('keeps what a turn that is over has not said', async () => {
    const { text, isEmpty } = await said([{ type: 'warn', remainingMs: 60_000 }], () => true);
    expect([text, isEmpty]).toEqual(['', false]);
  });
});
