import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionView } from '../../../protocol/messages.ts';
import {
  createLifecycle,
  type LifecycleEffect,
  type LifecycleEvent,
  type LifecycleState,
  nextDeadline,
  reduce,
  timers,
  view,
} from '../../../server/session/lifecycle.ts';
import { END_REASONS } from '../../../server/session/lifecycle-types.ts';
import { defaults, minutes, seconds, T0, type TimelessEvent } from './lifecycle-support.ts';

/** Short, so that random sequences reach every limit. */
const settings = {
  ...defaults,
  budgetMs: minutes(3),
  hardLimitMs: minutes(5),
  warningsMs: [minutes(1), seconds(20)],
  extensionMs: minutes(1),
  cooldownExchanges: 2,
  maxExchanges: 4,
  minExchangesForGoal: 2,
  idlePromptMs: seconds(70),
  idleEndMs: minutes(2),
};

const id = fc.constantFrom('p1', 'p2', 'p3');
const connectionId = fc.constantFrom('c1', 'c2');
const kind = <T extends TimelessEvent['type']>(type: T) => fc.constant(type);

/** What the world may do, in any order; `timer` stands for "the next timer goes off now". */
const happening = fc.oneof(
  fc.record({ type: kind('client.attached'), connectionId }),
  fc.record({ type: kind('client.detached'), connectionId }),
  fc.record({ type: kind('owner.recovered') }),
  fc.record({ type: kind('input.received'), via: fc.constantFrom('socket' as const, 'rest' as const) }),
  fc.record({ type: kind('speech.started') }),
  fc.record({ type: kind('speech.ended') }),
  fc.record({ type: kind('coach.spoke') }),
  fc.record({ type: kind('message.added'), count: fc.integer({ min: -1, max: 3 }) }),
  fc.record({ type: kind('exchange.completed'), proposalId: id, wayForwardCommitted: fc.boolean() }),
  fc.record({ type: kind('wrapUp.requested'), proposalId: id }),
  fc.record(
    {
      type: kind('wrapUp.answered'),
      answer: fc.constantFrom('yes' as const, 'no' as const, 'unclear' as const, 'new_content' as const),
      proposalId: id,
    },
    { requiredKeys: ['type', 'answer'] },
  ),
  fc.record({ type: kind('proposal.spoken'), proposalId: id }),
  fc.record({ type: kind('proposal.unheard'), proposalId: id }),
  fc.record({ type: kind('recap.timed'), durationMs: fc.integer({ min: -5, max: 200_000 }) }),
  fc.record({ type: kind('recap.played') }),
  fc.record({ type: kind('care.began') }),
  fc.record({ type: kind('care.ended') }),
  fc.record({ type: kind('timer'), name: fc.constantFrom('idle' as const, 'budget' as const), dueAt: fc.constant(T0) }),
);
const force = fc.record({ type: fc.constantFrom('end.forced' as const, 'budget.spent' as const) });
/** Mostly forwards, at times backwards as a wall clock may. */
const gapMs = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -9000, max: 200_000 }) },
);
const story = (withForce: boolean) =>
  fc.array(
    fc.tuple(
      gapMs,
      withForce ? fc.oneof({ weight: 30, arbitrary: happening }, { weight: 1, arbitrary: force }) : happening,
    ),
    { maxLength: 60 },
  );

interface Step {
  event: LifecycleEvent;
  before: LifecycleState;
  state: LifecycleState;
  effects: readonly LifecycleEffect[];
}

/** Plays a story; timers that come due between two happenings go off, or (`lateTimers`) never do by themselves. */
function play(happenings: readonly (readonly [number, TimelessEvent])[], lateTimers = false): Step[] {
  const steps: Step[] = [];
  let before = createLifecycle(T0, settings);
  let atMs = T0;
  const step = (event: LifecycleEvent) => {
    const { state, effects } = reduce(before, event, settings);
    steps.push({ event, before, state, effects });
    before = state;
  };
  const ringUntil = (untilMs: number) => {
    for (let due = nextDeadline(before); due && due.dueAt <= untilMs; due = nextDeadline(before)) {
      step({ type: 'timer', ...due, atMs: due.dueAt });
    }
  };
  for (const [gap, event] of happenings) {
    atMs += gap;
    if (!lateTimers) ringUntil(atMs);
    step({ ...event, atMs });
  }
  return steps;
}

const runs = { numRuns: 400 };
/** A sentence for each way in which a story goes against the rule. */
type Rule = (steps: readonly Step[]) => string[];
const everyStory = (rule: Rule) =>
  fc.property(story(true), fc.boolean(), (happenings, late) => {
    expect(rule(play(happenings, late))).toEqual([]);
  });
const broken = (...checks: readonly (readonly [holds: boolean, rule: string])[]) =>
  checks.flatMap(([holds, rule]) => (holds ? [] : [rule]));

function causeIsReal({ event, before, state }: Step): boolean {
  const at = Math.max(event.atMs, before.lastAtMs);
  const ranMs = state.clock.elapsedMs + Math.max(0, at - (state.clock.runningSinceMs ?? at));
  switch (state.endReason) {
    case 'confirmed':
      return (
        event.type === 'wrapUp.answered' &&
        event.answer === 'yes' &&
        before.phase === 'confirming' &&
        (event.proposalId ?? before.proposal?.proposalId) === before.proposal?.proposalId
      );
    case 'forced':
      return event.type === 'end.forced';
    case 'time_limit':
      return ranMs >= settings.hardLimitMs + (before.careExtraMs ?? 0);
    case 'idle':
      return at - before.lastActivityMs >= settings.idleEndMs;
    case 'quota':
      return event.type === 'budget.spent';
    case 'abandoned':
      return before.presence.kind === 'away' && at - before.presence.sinceMs >= settings.graceMs;
    case undefined:
      return false;
  }
  return false;
}

/** The last phase that a session left alone comes to, and the longest that it stayed in `confirming`. */
function leftAlone(start: LifecycleState): { phase: string; confirmingMs: number } {
  let state = start;
  let confirmingMs = 0;
  for (let due = nextDeadline(state); due; due = nextDeadline(state)) {
    if (state.phase === 'confirming') confirmingMs = due.dueAt - start.lastAtMs;
    state = reduce(state, { type: 'timer', ...due, atMs: due.dueAt }, settings).state;
  }
  return { phase: state.phase, confirmingMs };
}

function warningProblems(steps: readonly Step[]): string[] {
  let given: (number | undefined)[] = [];
  return steps.flatMap(({ before, state, effects }) => {
    if (state.endsAtElapsedMs !== before.endsAtElapsedMs) given = [];
    return effects.flatMap((effect) => {
      if (effect.type !== 'warn') return [];
      const threshold = settings.warningsMs.findLast((ms) => ms >= effect.remainingMs);
      const problems = broken(
        [state.phase === 'active', `warns while ${state.phase}`],
        [threshold !== undefined && !given.includes(threshold), `warns of ${threshold} again`],
      );
      given.push(threshold);
      return problems;
    });
  });
}

function effectProblems({ event, before, state, effects }: Step): string[] {
  return effects.flatMap((effect, i) => {
    switch (effect.type) {
      case 'stateChanged':
        return broken([i === 0, 'stateChanged is not first']);
      case 'propose':
        return broken(
          [state.phase === 'confirming', 'proposes without asking'],
          effect.reason === 'asked'
            ? [event.type === 'wrapUp.requested', 'nobody asked']
            : [event.type === 'exchange.completed' && before.cooldownLeft === 0, 'proposes in peace'],
        );
      case 'askAgain':
        return broken([state.phase === 'confirming', 'asks again for nothing']);
      case 'speakRecap':
        return broken([state.phase === 'closing', 'recap without closing']);
      case 'resumeConversation':
      case 'askIfThere':
        return broken([state.phase === 'active', `${effect.type} while ${state.phase}`]);
      case 'care':
        return broken([event.type === 'care.began' && state.care !== undefined, 'cares for nothing']);
      case 'ended':
        return broken([state.phase === 'ended', 'says that it ended and did not']);
      case 'warn':
      case 'answerIgnored':
        return [];
    }
  });
}

describe('whatever happens', () => {
  it('no session closes or ends without a yes, a force, a limit, idleness or abandonment', () => {
    const rule: Rule = (steps) =>
      steps
        .filter(({ before, state }) => before.endReason === undefined && state.endReason !== undefined)
        .flatMap((step) => broken([causeIsReal(step), `${step.state.endReason} by ${step.event.type}`]));
    expect(() => fc.assert(everyStory(rule), runs)).not.toThrow();
  });

  it('an ended session has one reason and says it once', () => {
    const rule: Rule = (steps) => {
      const last = steps.at(-1)?.state;
      const said = steps.flatMap(({ effects }) => effects.filter((effect) => effect.type === 'ended'));
      return broken(
        [said.length === (last?.phase === 'ended' ? 1 : 0), `ended ${said.length} times`],
        [last?.phase !== 'ended' || END_REASONS.some((reason) => reason === last.endReason), 'no reason'],
      );
    };
    expect(() => fc.assert(everyStory(rule), runs)).not.toThrow();
  });

  it('no proposal stands for ever, even when the person never stops talking, and every session left alone ends', () => {
    const property = fc.property(story(false), fc.boolean(), (happenings, talks) => {
      const told = play(happenings).at(-1)?.state ?? createLifecycle(T0, settings);
      // Somebody who is cared for stays as long as their client does.
      fc.pre(told.care === undefined || told.presence.kind !== 'socket');
      const speech = { type: 'speech.started', atMs: told.lastAtMs } as const;
      const { phase, confirmingMs } = leftAlone(talks ? reduce(told, speech, settings).state : told);
      expect({ phase, tooLong: confirmingMs > minutes(3) }).toEqual({ phase: 'ended', tooLong: false });
    });
    expect(() => fc.assert(property, { numRuns: 1000 })).not.toThrow();
  });

  it('counts and session time never run backwards, and the end never moves beyond the hard limit', () => {
    const rule: Rule = (steps) =>
      steps.flatMap(({ before, state }) => {
        const was = view(before, before.lastAtMs, 'goal');
        const is = view(state, state.lastAtMs, 'goal');
        return broken(
          [is.messageCount >= was.messageCount, 'messages vanish'],
          [state.exchanges >= before.exchanges, 'exchanges vanish'],
          [state.lastAtMs >= before.lastAtMs, 'time runs backwards'],
          [is.elapsedMs >= was.elapsedMs, 'session time runs backwards'],
          [state.endsAtElapsedMs <= settings.hardLimitMs + (state.careExtraMs ?? 0), 'extended beyond the hard limit'],
          [(state.phase === 'confirming') === (state.proposal !== undefined), 'a proposal in the wrong phase'],
          [SessionView.safeParse(is).success, 'the protocol refuses the view'],
        );
      });
    expect(() => fc.assert(everyStory(rule), runs)).not.toThrow();
  });

  it('each warning is given at most once for an end, and only while active', () => {
    expect(() => fc.assert(everyStory(warningProblems), runs)).not.toThrow();
  });

  it('while care is on, time stands, and nothing is proposed, warned of, asked or closed', () => {
    const rule: Rule = (steps) =>
      steps
        .filter(({ before, state }) => before.care !== undefined && state.care !== undefined)
        .flatMap(({ before, state, effects }) => {
          const was = view(before, before.lastAtMs, 'goal').elapsedMs;
          const is = view(state, state.lastAtMs, 'goal').elapsedMs;
          const kinds = new Set<string>(effects.map(({ type }) => type));
          const quiet = ['propose', 'warn', 'askIfThere', 'askAgain', 'speakRecap', 'ended'];
          return broken(
            [is === was, `time went on by ${is - was} ms`],
            [state.phase === 'active', `it is ${state.phase}`],
            [quiet.every((type) => !kinds.has(type)), [...kinds].join(', ')],
          );
        });
    expect(() => fc.assert(everyStory(rule), { numRuns: 1000 })).not.toThrow();
  });

  it('after care there is as much time as a no would have given, and no proposal for a while', () => {
    const rule: Rule = (steps) =>
      steps
        .filter(({ event, before, state }) => event.type === 'care.ended' && before.care && state.phase === 'active')
        .flatMap(({ state }) =>
          broken(
            [view(state, state.lastAtMs, 'goal').remainingMs >= settings.extensionMs, 'too little time'],
            [state.cooldownLeft >= settings.cooldownExchanges, 'it may propose at once'],
          ),
        );
    expect(() => fc.assert(everyStory(rule), { numRuns: 1000 })).not.toThrow();
  });

  it('once ended, nothing changes', () => {
    const rule: Rule = (steps) =>
      steps
        .filter(({ before }) => before.phase === 'ended')
        .flatMap(({ before, state, effects }) =>
          broken(
            [state === before, 'changed'],
            [effects.every((effect) => effect.type === 'answerIgnored'), 'did something'],
            [timers(state).length === 0, 'a timer is left'],
          ),
        );
    expect(() => fc.assert(everyStory(rule), runs)).not.toThrow();
  });

  it('effects fit the phase, and the coach proposes only after an exchange and never in peace', () => {
    expect(() =>
      fc.assert(
        everyStory((steps) => steps.flatMap(effectProblems)),
        runs,
      ),
    ).not.toThrow();
  });

  it('state is plain JSON: a restart between two events changes nothing', () => {
    const rule: Rule = (steps) =>
      steps.flatMap(({ event, before, state }) => {
        const stored = JSON.parse(JSON.stringify(before)) as LifecycleState;
        return broken([JSON.stringify(reduce(stored, event, settings).state) === JSON.stringify(state), event.type]);
      });
    expect(() => fc.assert(everyStory(rule), { numRuns: 100 })).not.toThrow();
  });
});
