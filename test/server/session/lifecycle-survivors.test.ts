/** What the other tests of the lifecycle would let slip: each of these breaks when one line of it is left out. */
import { describe, expect, it } from 'vitest';
import { view } from '../../../server/session/lifecycle.ts';
import { attached, confirming, minutes, seconds, T0 } from './lifecycle-support.ts';

const exchange = { type: 'exchange.completed', wayForwardCommitted: false, proposalId: 'p9' } as const;

describe('session time', () => {
  const elapsedMs = (session: ReturnType<typeof attached>, atMs: number) =>
    view(session.state, T0 + atMs, 'goal').elapsedMs;

  it('runs on when the client is back', () => {
    const session = attached().talkUntil(minutes(10)).at(minutes(10), { type: 'client.detached', connectionId: 'c1' });
    session.at(minutes(11), { type: 'client.attached', connectionId: 'c2' });
    expect(elapsedMs(session, minutes(13))).toBe(minutes(12));
  });

  it('stands once the session has ended, and the reason stays', () => {
    const session = attached()
      .at(minutes(1), { type: 'speech.started' })
      .at(minutes(1) + 10, { type: 'end.forced' });
    expect(elapsedMs(session, minutes(9))).toBe(minutes(1) + 10);
    expect(session.state).toMatchObject({ phase: 'ended', endReason: 'forced' });
    expect(session.state.speakingSinceMs).toBeUndefined();
  });

  it('that was added by a no makes the budget due anew', () => {
    const session = attached().talkUntil(minutes(30)).at(minutes(30), exchange);
    expect(session.state).toMatchObject({ phase: 'confirming', budgetSpent: true });
    session.at(minutes(30) + 1, { type: 'wrapUp.answered', answer: 'no' });
    expect(session.state.budgetSpent).toBe(false);
    expect(session.state.deadlines.budget).toBeGreaterThan(T0 + minutes(34));
  });
});

describe('silence', () => {
  it('counts from the end of an exchange', () => {
    const session = attached().at(minutes(1.5), exchange);
    expect(session.state.deadlines.idle).toBe(T0 + minutes(3.5));
  });

  it('counts from an answer to a proposal', () => {
    const answeredMs = minutes(10) + seconds(50);
    const session = confirming().at(answeredMs, { type: 'wrapUp.answered', answer: 'no' });
    expect(session.state.deadlines.idle).toBe(T0 + answeredMs + minutes(2));
  });

  it('is not held open by words of somebody who has left or has answered', () => {
    const left = attached()
      .at(1000, { type: 'speech.started' })
      .at(2000, { type: 'client.detached', connectionId: 'c1' });
    expect(left.state.speakingSinceMs).toBeUndefined();
    const answered = confirming().at(minutes(10) + 1, { type: 'speech.started' });
    answered.at(minutes(10) + 2, { type: 'wrapUp.answered', answer: 'unclear' });
    expect(answered.state.speakingSinceMs).toBeUndefined();
  });
});
