import { describe, expect, it } from 'vitest';
import { SessionView } from '../../../protocol/messages.ts';
import { nextDeadline, reduce, timers, view } from '../../../server/session/lifecycle.ts';
import { attached, confirming, defaults, drive, kinds, minutes, seconds, T0 } from './lifecycle-support.ts';

const exchange = { type: 'exchange.completed', proposalId: 'p9', wayForwardCommitted: false } as const;
const yes = { type: 'wrapUp.answered', answer: 'yes' } as const;
const no = { type: 'wrapUp.answered', answer: 'no' } as const;
const unclear = { type: 'wrapUp.answered', answer: 'unclear' } as const;

describe('proposing', () => {
  it('waits for the answer when the budget is spent, then proposes in that turn', () => {
    const session = attached().talkUntil(minutes(30) + 1);
    expect(session.state).toMatchObject({ phase: 'active', budgetSpent: true });
    expect(kinds(session.all)).not.toContain('propose');
    session.at(minutes(30) + 5000, exchange);
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'propose', proposalId: 'p9', reason: 'time' }]);
    expect(session.state.phase).toBe('confirming');
  });

  it('proposes at the 25th exchange, not before', () => {
    const session = attached();
    for (let i = 1; i <= 24; i++) session.at(i * 1000, exchange);
    expect(session.state.phase).toBe('active');
    session.at(25_000, exchange);
    expect(session.effects).toContainEqual({ type: 'propose', proposalId: 'p9', reason: 'exchanges' });
  });

  it('proposes for a committed way forward from the 15th exchange on', () => {
    const committed = { ...exchange, wayForwardCommitted: true };
    const session = attached();
    for (let i = 1; i <= 14; i++) session.at(i * 1000, committed);
    expect(session.state.phase).toBe('active');
    session.at(15_000, committed);
    expect(session.effects).toContainEqual({ type: 'propose', proposalId: 'p9', reason: 'goal' });
  });

  it('counts an exchange that ends while confirming and proposes nothing new', () => {
    const session = confirming().at(minutes(10) + 1, exchange);
    expect(session.state).toMatchObject({ exchanges: 1, proposal: { proposalId: 'p1' } });
    expect(session.effects).toEqual([]);
  });

  it('proposes nothing to somebody who is away, and keeps a request of theirs until they are back', () => {
    const gone = () => attached({ maxExchanges: 1 }).at(1000, { type: 'client.detached', connectionId: 'c1' });
    expect(gone().at(2000, exchange).state.phase).toBe('active');
    const asked = gone().at(2000, { type: 'wrapUp.requested', proposalId: 'p1' });
    asked.until(seconds(100)).at(seconds(100), { type: 'client.attached', connectionId: 'c2' });
    expect(asked.state.phase).toBe('confirming');
    expect(view(asked.state, T0 + seconds(110), 'topic').wrapUp?.expiresInMs).toBe(seconds(50));
  });

  it('takes a question back that nobody heard, and puts it after the next answer', () => {
    const session = attached({ maxExchanges: 1 }).at(1000, exchange);
    session.at(2000, { type: 'proposal.unheard', proposalId: 'p9' });
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'resumeConversation', because: 'withdrawn' }]);
    expect(session.state).toMatchObject({ phase: 'active', cooldownLeft: 0, endsAtElapsedMs: minutes(30) });
    expect(session.at(3000, { ...exchange, proposalId: 'p10' }).state.proposal?.proposalId).toBe('p10');
    expect(session.at(3500, { type: 'proposal.unheard', proposalId: 'p9' }).state.phase).toBe('confirming');
  });

  it('shows a standing proposal again to whoever asks again', () => {
    const session = confirming().at(minutes(10) + 1, { type: 'wrapUp.requested', proposalId: 'p2' });
    expect(session.effects).toEqual([{ type: 'stateChanged' }]);
    expect(session.state.proposal?.proposalId).toBe('p1');
  });

  it('does not put a settled request again', () => {
    const session = confirming().at(minutes(10) + 1, no);
    expect(session.at(minutes(10) + 2, { type: 'wrapUp.requested', proposalId: 'p1' }).state.phase).toBe('active');
  });
});

describe('answering', () => {
  it('closes on yes with a recap', () => {
    const session = confirming().at(minutes(10) + 1, yes);
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'speakRecap', reason: 'confirmed' }]);
    expect(session.state).toMatchObject({ phase: 'closing', settled: { proposalId: 'p1', outcome: 'yes' } });
  });

  it.each(['no', 'new_content'] as const)(
    'goes on after %s, with five more minutes and the content trigger off',
    (answer) => {
      const session = confirming().at(minutes(10) + 1, { type: 'wrapUp.answered', answer });
      expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'resumeConversation', because: answer }]);
      expect(session.state).toMatchObject({
        phase: 'active',
        endsAtElapsedMs: minutes(35),
        cooldownLeft: 5,
        contentTrigger: false,
        settled: { outcome: answer },
      });
    },
  );

  it('gives five minutes from now when the budget is long spent', () => {
    const session = attached().talkUntil(minutes(33)).at(minutes(33), exchange).at(minutes(33), no);
    expect(view(session.state, T0 + minutes(33), 'goal').remainingMs).toBe(minutes(5));
  });

  it('never extends beyond the hard limit', () => {
    const session = attached().talkUntil(minutes(42)).at(minutes(42), exchange).at(minutes(42), no);
    expect(view(session.state, T0 + minutes(42), 'goal').remainingMs).toBe(minutes(3));
    session.at(minutes(43), { type: 'wrapUp.requested', proposalId: 'p2' }).at(minutes(43), no);
    expect(session.state.endsAtElapsedMs).toBe(minutes(45));
  });

  it('leaves five exchanges in peace, then proposes again', () => {
    const session = attached().talkUntil(minutes(31)).at(minutes(31), exchange).at(minutes(31), no);
    session.talkUntil(minutes(37));
    for (let i = 1; i <= 5; i++) expect(session.at(minutes(37) + i, exchange).effects).toEqual([]);
    expect(kinds(session.at(minutes(37) + 6, { ...exchange, proposalId: 'p2' }).effects)).toContain('propose');
  });

  it('honours the person who asks again during the cooldown', () => {
    const session = confirming()
      .at(minutes(10) + 1, no)
      .at(minutes(11), { type: 'wrapUp.requested', proposalId: 'p2' });
    expect(session.effects).toContainEqual({ type: 'propose', proposalId: 'p2', reason: 'asked' });
  });

  it('does not propose for the content again after a no', () => {
    const session = attached({ minExchangesForGoal: 1, cooldownExchanges: 0 });
    const committed = { ...exchange, wayForwardCommitted: true };
    session
      .at(1000, committed)
      .at(2000, no)
      .at(3000, { ...committed, proposalId: 'p2' });
    expect(session.state.phase).toBe('active');
  });

  it('asks once more after an unclear answer and takes a second one for a no', () => {
    const session = confirming().at(minutes(10) + 1, unclear);
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'askAgain', proposalId: 'p1' }]);
    session.at(minutes(10) + 5000, unclear);
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'resumeConversation', because: 'unclear' }]);
    expect(session.state).toMatchObject({ phase: 'active', cooldownLeft: 5, endsAtElapsedMs: minutes(35) });
  });

  it('takes a yes after the second question', () => {
    expect(
      confirming()
        .at(minutes(10) + 1, unclear)
        .at(minutes(10) + 2, yes).state.phase,
    ).toBe('closing');
  });

  it('ignores an answer to another proposal and says how that one was settled', () => {
    const session = confirming()
      .at(minutes(10) + 1, no)
      .at(minutes(10) + 2, { type: 'wrapUp.requested', proposalId: 'p2' });
    session.at(minutes(10) + 3, { ...yes, proposalId: 'p1' });
    expect(session.effects).toEqual([{ type: 'answerIgnored', proposalId: 'p1', outcome: 'no' }]);
    expect(session.state.phase).toBe('confirming');
    session.at(minutes(10) + 4, { ...yes, proposalId: 'unknown' });
    expect(session.effects).toEqual([{ type: 'answerIgnored', proposalId: 'unknown' }]);
    expect(session.at(minutes(10) + 5, { ...yes, proposalId: 'p2' }).state.phase).toBe('closing');
  });

  it('ignores an answer when nothing was asked', () => {
    const session = attached().at(1000, yes);
    expect(session.effects).toEqual([{ type: 'answerIgnored' }]);
    expect(session.state.phase).toBe('active');
  });

  it('takes words that began before the question for something else', () => {
    const session = confirming().at(minutes(10) + 1000, { ...yes, startedAtMs: T0 + minutes(10) - 500 });
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'resumeConversation', because: 'new_content' }]);
    expect(session.state).toMatchObject({ phase: 'active', cooldownLeft: 0, settled: { outcome: 'withdrawn' } });
  });
});

describe('expiry', () => {
  it('returns to active after 60 s of silence, with a cooldown and no extension', () => {
    const session = confirming().until(minutes(11) - 1);
    expect(session.state.phase).toBe('confirming');
    session.until(minutes(11));
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'resumeConversation', because: 'expired' }]);
    expect(session.state).toMatchObject({
      phase: 'active',
      cooldownLeft: 5,
      contentTrigger: true,
      endsAtElapsedMs: minutes(30),
      settled: { outcome: 'expired' },
    });
  });

  it('lets no late yes through, however late the timer is', () => {
    const session = confirming().at(minutes(11), { ...yes, proposalId: 'p1' });
    expect(session.state.phase).toBe('active');
    expect(session.effects).toEqual([
      { type: 'stateChanged' },
      { type: 'resumeConversation', because: 'expired' },
      { type: 'answerIgnored', proposalId: 'p1', outcome: 'expired' },
    ]);
  });

  it('counts the silence from the end of the spoken question', () => {
    const session = attached().at(1000, { type: 'wrapUp.requested', proposalId: 'p1' });
    expect(view(session.state, T0 + 1000, 'topic').wrapUp?.expiresInMs).toBe(seconds(60));
    session.until(seconds(50)).at(seconds(50), { type: 'proposal.spoken', proposalId: 'p1' });
    session.at(seconds(55), { type: 'proposal.spoken', proposalId: 'p1' });
    expect(session.until(seconds(110) - 1).state.phase).toBe('confirming');
    expect(session.until(seconds(110)).state.phase).toBe('active');
  });

  it('expires 120 s after a question that was never reported as spoken', () => {
    const session = attached().at(1000, { type: 'wrapUp.requested', proposalId: 'p1' });
    expect(session.until(seconds(121) - 1).state.phase).toBe('confirming');
    expect(session.until(seconds(121)).state.phase).toBe('active');
  });

  it('does not cut off a slow speaker who began in time', () => {
    const session = confirming().at(minutes(11) - 1000, { type: 'speech.started' });
    session.at(minutes(11), { type: 'timer', name: 'confirmation', dueAt: T0 + minutes(11) });
    expect(session.state.phase).toBe('confirming');
    session.at(minutes(11) + seconds(9), { ...yes, startedAtMs: T0 + minutes(11) - 1000 });
    expect(session.state.phase).toBe('closing');
  });

  it('judges an answer by when it began even where the beginning was not told', () => {
    const late = { ...yes, startedAtMs: T0 + minutes(11) + 1 };
    expect(confirming().at(minutes(11) + 4000, late).state.phase).toBe('active');
    const inTime = { ...yes, startedAtMs: T0 + minutes(11) - 1 };
    expect(confirming().at(minutes(11) + 4000, inTime).state.phase).toBe('closing');
  });

  it('expires after all when the noise held no words, and after 60 s of an endless utterance', () => {
    const noise = confirming().at(minutes(11) - 1, { type: 'speech.started' });
    expect(noise.at(minutes(11) + 500, { type: 'speech.ended' }).state.phase).toBe('confirming');
    expect(noise.until(minutes(11) + 500).state.phase).toBe('active');
    const endless = confirming().at(minutes(11) - 1, { type: 'speech.started' });
    expect(endless.until(minutes(12) - 1).state.phase).toBe('confirming');
    expect(endless.until(minutes(12)).state.phase).toBe('active');
  });

  it('starts anew when the question is asked again', () => {
    const session = confirming().at(minutes(11) - 1, unclear);
    session.at(minutes(11) + 1, { type: 'proposal.spoken', proposalId: 'p1' });
    expect(session.until(minutes(12)).state.phase).toBe('confirming');
    expect(session.until(minutes(12) + 1).state.phase).toBe('active');
  });

  it('over REST counts from the question at once', () => {
    const session = drive().at(1000, { type: 'wrapUp.requested', proposalId: 'p1' });
    expect(session.until(seconds(61) - 1).state.phase).toBe('confirming');
    expect(session.until(seconds(61)).state.phase).toBe('active');
  });
});

describe('warnings', () => {
  const warnings = (session: ReturnType<typeof attached>) =>
    session.all.flatMap((effect) => (effect.type === 'warn' ? [effect.remainingMs] : []));

  it('come at five minutes and at one', () => {
    const session = attached().talkUntil(minutes(25) - 1);
    expect(warnings(session)).toEqual([]);
    expect(warnings(session.talkUntil(minutes(25)))).toEqual([minutes(5)]);
    expect(warnings(session.talkUntil(minutes(40)))).toEqual([minutes(5), minutes(1)]);
  });

  it('come again for a later end, but not the one that the extension itself gives', () => {
    const session = attached().talkUntil(minutes(30)).at(minutes(30), exchange).at(minutes(30), no);
    session.talkUntil(minutes(36));
    expect(warnings(session)).toEqual([minutes(5), minutes(1), minutes(1)]);
  });

  it('are given once, with the time that is really left, when both came due in one late step', () => {
    const session = attached()
      .talkUntil(minutes(24.5))
      .at(minutes(29) + seconds(20), { type: 'coach.spoke' });
    expect(warnings(session)).toEqual([seconds(40)]);
  });

  it('are dropped when no time is left', () => {
    const session = attached({ idlePromptMs: minutes(60), idleEndMs: minutes(60) });
    session.at(minutes(31), { type: 'coach.spoke' });
    expect(session.state.budgetSpent).toBe(true);
    expect(session.effects).toEqual([]);
  });

  it('are left out where the whole budget is shorter', () => {
    expect(attached({ budgetMs: minutes(3) }).talkUntil(minutes(4)).all).toContainEqual({
      type: 'warn',
      remainingMs: minutes(1),
    });
    expect(warnings(attached({ budgetMs: seconds(50) }).until(minutes(1)))).toEqual([]);
  });

  it('keep silent while a proposal stands', () => {
    const session = attached().talkUntil(minutes(25) - 1000);
    session.at(minutes(25) - 1000, { type: 'wrapUp.requested', proposalId: 'p1' });
    expect(warnings(session.until(minutes(25) + 1000))).toEqual([]);
  });
});

describe('limits', () => {
  it.each(['active', 'confirming'] as const)('the hard limit closes a session that is %s without asking', (phase) => {
    const session = attached().talkUntil(minutes(45) - 1);
    if (phase === 'confirming') session.at(minutes(45) - 1, { type: 'wrapUp.requested', proposalId: 'p1' });
    session.until(minutes(45));
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'speakRecap', reason: 'time_limit' }]);
    expect(session.state).toMatchObject({ phase: 'closing', endReason: 'time_limit' });
  });

  it('a budget beyond the hard limit ends with it', () => {
    const session = attached({ budgetMs: minutes(60) });
    expect(view(session.state, T0, 'topic').remainingMs).toBe(minutes(45));
  });

  it('asks after two silent minutes and closes after five', () => {
    const session = attached().until(minutes(2));
    expect(session.effects).toEqual([{ type: 'askIfThere' }]);
    session.at(minutes(2) + 3000, { type: 'coach.spoke' });
    expect(session.until(minutes(5) - 1).state.phase).toBe('active');
    session.until(minutes(5));
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'speakRecap', reason: 'idle' }]);
  });

  it('counts silence from the last words of either, and asks again after a sign of life', () => {
    const session = attached().at(minutes(1), { type: 'coach.spoke' }).until(minutes(3));
    expect(session.effects).toEqual([{ type: 'askIfThere' }]);
    session.at(minutes(3) + 1, { type: 'speech.started' }).at(minutes(3) + 1000, { type: 'speech.ended' });
    expect(session.until(minutes(5) + 1000).effects).toEqual([{ type: 'askIfThere' }]);
  });

  it('does not ask somebody who has just spoken, though the timer was due before', () => {
    expect(attached().at(minutes(2) + 20, { type: 'speech.started' }).effects).toEqual([]);
  });

  it('over REST asks nobody and closes after five minutes', () => {
    const session = drive()
      .at(minutes(1), { type: 'input.received', via: 'rest' })
      .until(minutes(6) - 1);
    expect(session.all).toEqual([]);
    expect(session.until(minutes(6)).effects).toContainEqual({ type: 'speakRecap', reason: 'idle' });
  });
});

describe('presence', () => {
  it('the clock stands during a disconnect and deadlines move with it', () => {
    const session = attached().talkUntil(minutes(10)).at(minutes(10), { type: 'client.detached', connectionId: 'c1' });
    expect(timers(session.state)).toEqual([{ name: 'grace', dueAt: T0 + minutes(12) }]);
    expect(view(session.state, T0 + minutes(11), 'goal').elapsedMs).toBe(minutes(10));
    session.at(minutes(11), { type: 'client.attached', connectionId: 'c2' });
    expect(session.state.deadlines).toMatchObject({ budget: T0 + minutes(31), hardLimit: T0 + minutes(46) });
    expect(session.effects).toEqual([]);
  });

  it('nobody back after 120 s: ended as abandoned', () => {
    const session = attached()
      .at(1000, { type: 'client.detached', connectionId: 'c1' })
      .until(seconds(121) - 1);
    expect(session.state.phase).toBe('active');
    session.until(seconds(121));
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'ended', reason: 'abandoned' }]);
  });

  it('a replaced socket that closes late changes nothing', () => {
    const session = attached().at(1000, { type: 'client.attached', connectionId: 'c2' });
    session.at(2000, { type: 'client.detached', connectionId: 'c1' });
    expect(session.state.presence).toEqual({ kind: 'socket', connectionId: 'c2' });
    expect(drive().at(1, { type: 'client.detached', connectionId: 'c1' }).state.presence.kind).toBe('rest');
  });

  it('a proposal stands still while the client is away, and nobody is warned or asked', () => {
    const session = confirming().at(minutes(10) + seconds(20), { type: 'client.detached', connectionId: 'c1' });
    session.at(minutes(10) + seconds(21), { type: 'proposal.spoken', proposalId: 'p1' });
    expect(view(session.state, T0 + minutes(11), 'goal').wrapUp?.expiresInMs).toBe(seconds(40));
    session.at(minutes(12), { type: 'client.attached', connectionId: 'c2' });
    expect(session.state.phase).toBe('confirming');
    expect(session.until(minutes(12) + seconds(40)).state.phase).toBe('active');
  });

  it('a REST caller goes on with a session whose client is away, on wall time', () => {
    const session = attached().at(minutes(1), { type: 'client.detached', connectionId: 'c1' });
    session.at(minutes(2), { type: 'input.received', via: 'socket' });
    expect(session.state.presence.kind).toBe('away');
    session.at(minutes(2), { type: 'input.received', via: 'rest' });
    expect(session.state.deadlines).toMatchObject({ idle: T0 + minutes(7), budget: T0 + minutes(31) });
    expect(session.state.deadlines.grace).toBeUndefined();
  });

  it('a new owner counts no time since the crash and waits out a grace of its own', () => {
    const session = attached().talkUntil(minutes(10)).at(minutes(60), { type: 'owner.recovered' });
    expect(session.state.phase).toBe('active');
    expect(timers(session.state)).toEqual([{ name: 'grace', dueAt: T0 + minutes(62) }]);
    expect(view(session.state, T0 + minutes(60), 'goal').elapsedMs).toBe(minutes(10));
    const rest = drive().at(minutes(6), { type: 'owner.recovered' });
    expect(rest.effects).toContainEqual({ type: 'ended', reason: 'idle' });
  });
});

describe('closing', () => {
  const closing = () => confirming().at(minutes(10) + 1000, yes);

  it('ends when the recap was played', () => {
    const session = closing().at(minutes(10) + 9000, { type: 'recap.played' });
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'ended', reason: 'confirmed' }]);
    expect(timers(session.state)).toEqual([]);
    expect(nextDeadline(session.state)).toBeUndefined();
  });

  it('ends after 20 s in any case', () => {
    expect(closing().until(minutes(10) + seconds(21) - 1).state.phase).toBe('closing');
    expect(closing().until(minutes(10) + seconds(21)).state.phase).toBe('ended');
  });

  it('waits for a long recap, once and not for ever', () => {
    const session = closing().at(minutes(10) + seconds(2), { type: 'recap.timed', durationMs: seconds(30) });
    session.at(minutes(10) + seconds(4), { type: 'recap.timed', durationMs: seconds(500) });
    expect(session.state.deadlines).toEqual({ closing: T0 + minutes(10) + seconds(52) });
    const endless = closing().at(minutes(10) + seconds(2), { type: 'recap.timed', durationMs: Infinity });
    expect(endless.until(minutes(13)).state.phase).toBe('ended');
    expect(attached().at(1, { type: 'recap.timed', durationMs: 1 }).state.closing).toBeUndefined();
  });

  it('goes on though the client leaves or comes back', () => {
    const session = closing().at(minutes(10) + 2000, { type: 'client.detached', connectionId: 'c1' });
    expect(session.state.deadlines).toEqual({ closing: T0 + minutes(10) + seconds(21) });
    session.at(minutes(10) + 3000, { type: 'client.attached', connectionId: 'c2' });
    expect(session.until(minutes(11)).state).toMatchObject({ phase: 'ended', endReason: 'confirmed' });
  });

  it('keeps its reason when it is forced to an end', () => {
    expect(closing().at(minutes(11), { type: 'end.forced' }).effects).toContainEqual({
      type: 'ended',
      reason: 'confirmed',
    });
  });
});

describe('force', () => {
  it.each(['active', 'confirming'])('ends at once a session that is %s', (phase) => {
    const begun = phase === 'active' ? attached().talkUntil(minutes(10)) : confirming();
    const session = begun.at(minutes(10) + 1, { type: 'end.forced' });
    expect(session.effects).toEqual([{ type: 'stateChanged' }, { type: 'ended', reason: 'forced' }]);
    expect(session.state.proposal).toBeUndefined();
  });

  it('tells a late answer that all is over', () => {
    const session = confirming().at(minutes(10) + 1, { type: 'end.forced' });
    session.at(minutes(10) + 2, { ...yes, proposalId: 'p1' });
    expect(session.effects).toEqual([{ type: 'answerIgnored', proposalId: 'p1', outcome: 'expired' }]);
    const late = attached().at(1000, { type: 'client.detached', connectionId: 'c1' }).at(minutes(9), yes);
    expect(kinds(late.effects)).toEqual(['stateChanged', 'ended', 'answerIgnored']);
  });
});

describe('time', () => {
  it('a stale or repeated timer does nothing', () => {
    const session = confirming();
    const { state } = session;
    const stale = { type: 'timer', name: 'confirmation', dueAt: T0 + minutes(12) } as const;
    expect(reduce(state, { ...stale, atMs: T0 + minutes(60) }, defaults)).toEqual({ state, effects: [] });
    const due = { type: 'timer', name: 'confirmation', dueAt: T0 + minutes(11) } as const;
    expect(kinds(session.at(minutes(11), due).effects)).toContain('resumeConversation');
    expect(session.at(minutes(11), due).effects).toEqual([]);
  });

  it('an early timer does nothing yet', () => {
    const session = confirming().at(minutes(10) + 5, { type: 'timer', name: 'confirmation', dueAt: T0 + minutes(11) });
    expect(session.state.phase).toBe('confirming');
    expect(session.effects).toEqual([]);
  });

  it('never runs backwards with the wall clock', () => {
    const session = attached().talkUntil(minutes(10)).at(minutes(3), { type: 'speech.started' });
    expect(session.state).toMatchObject({ lastAtMs: T0 + minutes(10), speakingSinceMs: T0 + minutes(10) });
  });

  it('says in order what comes due next', () => {
    expect(timers(attached().state).map((timer) => timer.name)).toEqual(['idle', 'warning', 'budget', 'hardLimit']);
    expect(nextDeadline(attached().state)).toEqual({ name: 'idle', dueAt: T0 + minutes(2) });
    const even = attached({ budgetMs: minutes(45) }).state;
    expect(timers(even).map((timer) => timer.name)).toEqual(['idle', 'warning', 'hardLimit', 'budget']);
  });

  it('counts messages, and shows a view that the protocol takes', () => {
    const session = confirming().at(minutes(10) + 1, { type: 'message.added', count: 2 });
    session.at(minutes(10) + 2, { type: 'message.added', count: -1 });
    const shown = view(session.state, T0 + minutes(10) + seconds(15), 'options');
    expect(SessionView.parse(shown)).toEqual({
      phase: 'confirming',
      reason: 'asked',
      elapsedMs: minutes(10) + seconds(15),
      remainingMs: minutes(20) - seconds(15),
      messageCount: 2,
      stage: 'options',
      wrapUp: { proposalId: 'p1', reason: 'asked', expiresInMs: seconds(45) },
    });
    session.at(minutes(11) - 1, yes);
    expect(SessionView.parse(view(session.state, T0 + minutes(11), 'options'))).toMatchObject({
      reason: 'confirmed',
      remainingMs: 0,
    });
  });

  it('keeps a state that survives JSON and leaves its arguments alone', () => {
    const session = confirming();
    const copy = structuredClone(session.state);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(copy);
    reduce(session.state, { type: 'wrapUp.answered', answer: 'no', atMs: T0 + minutes(10) + 1 }, defaults);
    expect(session.state).toEqual(copy);
  });
});
