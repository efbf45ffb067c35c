import { describe, expect, it } from 'vitest';
import type { WrapUpIntent } from '../../../server/coaching/wrap-up.ts';
import { hear } from '../../../server/session/hearing.ts';
import type { LifecycleEffect } from '../../../server/session/lifecycle.ts';
import { newSessionState, type SessionState } from '../../../server/session/state.ts';
import type { LifecycleInput } from '../../../server/session/steering.ts';
import { defaults } from './lifecycle-support.ts';

const stateIn = (phase: SessionState['lifecycle']['phase']): SessionState => {
  const state = newSessionState(0, defaults);
  return { ...state, lifecycle: { ...state.lifecycle, phase } };
};

/** What is steered when `text` is heard in a phase, as the reading says it, and whether it wants an answer. */
async function heard(
  phase: SessionState['lifecycle']['phase'],
  { intent, hasContent = false, text = 'words', effects = [], startedAtMs }: Heard,
) {
  const inputs: LifecycleInput[] = [];
  const { wantsAnswer } = await hear(
    { utterance: 3, text, startedAtMs },
    {
      state: stateIn(phase),
      steering: {
        async change(given, also) {
          inputs.push(...given);
          expect(also?.(stateIn(phase)).state.heard).toBe(3);
          return [...effects];
        },
      },
      read: async () => ({ intent, confidence: 'rule', hasContent }),
    },
  );
  return { inputs, wantsAnswer };
}
interface Heard {
  intent: WrapUpIntent;
  hasContent?: boolean;
  text?: string;
  effects?: readonly LifecycleEffect[];
  startedAtMs?: number;
}

describe('words while a proposal stands', () => {
  it.each([
    ['yes', false, 'yes'],
    ['request', false, 'yes'],
    ['no', false, 'no'],
    ['no', true, 'new_content'],
    ['unclear', false, 'unclear'],
    ['new_content', true, 'new_content'],
    ['none', true, 'new_content'],
  ] as const)('read as %s, content %s, are the answer "%s"', async (intent, hasContent, answer) => {
    const { inputs } = await heard('confirming', { intent, hasContent, startedAtMs: 7 });
    expect(inputs).toEqual([{ type: 'wrapUp.answered', answer, startedAtMs: 7 }]);
  });

  it('that were typed began at no time of their own', async () => {
    const { inputs } = await heard('confirming', { intent: 'yes' });
    expect(inputs).toEqual([{ type: 'wrapUp.answered', answer: 'yes' }]);
  });

  it.each([
    ['end the session', { type: 'speakRecap', reason: 'confirmed' }, false],
    ['are asked about again', { type: 'askAgain', proposalId: 'p' }, false],
    ['are a plain no', { type: 'resumeConversation', because: 'no' }, false],
    ['stay unclear', { type: 'resumeConversation', because: 'unclear' }, false],
    ['bring something new', { type: 'resumeConversation', because: 'new_content' }, true],
    ['come too late', { type: 'answerIgnored', outcome: 'expired' }, true],
  ] as const)('that %s: the coach answers them or not', async (_, effect, wantsAnswer) => {
    expect(await heard('confirming', { intent: 'unclear', effects: [effect] })).toMatchObject({ wantsAnswer });
  });
});

describe('words at other times', () => {
  it('want an answer, and change nothing', async () => {
    const text = 'my boss never listens to me';
    expect(await heard('active', { intent: 'yes', text })).toEqual({ inputs: [], wantsAnswer: true });
  });

  it('that ask to end are a request, and are answered where they say more', async () => {
    const bare = await heard('active', { intent: 'none', text: "let's wrap up" });
    expect(bare.inputs).toMatchObject([{ type: 'wrapUp.requested' }]);
    expect(bare.wantsAnswer).toBe(false);
    const more = await heard('active', { intent: 'none', text: "my boss fired Anna yesterday, but let's wrap up" });
    expect(more.inputs).toHaveLength(1);
    expect(more.wantsAnswer).toBe(true);
  });

  it.each(['closing', 'ended'] as const)('are for nobody while the session is %s', async (phase) => {
    expect(await heard(phase, { intent: 'yes' })).toEqual({ inputs: [], wantsAnswer: false });
  });
});
