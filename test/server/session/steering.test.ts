import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../server/ports/session-store.ts';
import type { Change } from '../../../server/session/ledger.ts';
import { newSessionState, sessionView, type SessionState } from '../../../server/session/state.ts';
import { createSteering } from '../../../server/session/steering.ts';
import { defaults } from './lifecycle-support.ts';

function steered(state: SessionState = newSessionState(0, defaults)) {
  const stored: Change[] = [];
  let now = state;
  const ledger = {
    change: async (change: (before: SessionState) => Change | undefined) => {
      const made = change(now);
      if (!made) return;
      stored.push(made);
      now = made.state;
    },
  };
  const clock = { now: () => 1000, monotonicMs: () => 1000, after: () => () => {} };
  return { steering: createSteering({ ledger, settings: defaults, clock }), stored };
}

const types = (change: Change | undefined) => change?.events?.map(({ type }) => type);

describe('one stored step', () => {
  it('tells the state once, however often it changed and whoever tells it', async () => {
    const { steering, stored } = steered();
    await steering.change([{ type: 'wrapUp.requested', proposalId: 'p' }]);
    await steering.change([{ type: 'wrapUp.answered', answer: 'yes' }]);
    await steering.change([{ type: 'message.added', count: 1 }, { type: 'recap.played' }], (state) => {
      const events: NewEvent[] = [{ type: 'session.state', ...sessionView(state, 1000) }];
      return { state, events };
    });
    expect(stored.map(types)).toEqual([
      ['session.state'],
      ['session.state', 'recap'],
      ['session.state', 'session.ended'],
    ]);
  });

  it('tells the state as it is after the last of several events', async () => {
    const { steering, stored } = steered();
    await steering.change([
      { type: 'wrapUp.requested', proposalId: 'p' },
      { type: 'wrapUp.answered', answer: 'yes' },
    ]);
    expect(stored.map(types)).toEqual([['session.state', 'recap']]);
    expect(stored[0]?.events?.[0]).toMatchObject({ type: 'session.state', phase: 'closing' });
  });
});
