/** Every phase meets every kind of event; a combination that is missing here does not compile, and fails. */
import { describe, expect, it } from 'vitest';
import { type Phase, PHASES } from '../../../protocol/messages.ts';
import { type LifecycleEffect, type LifecycleEventType } from '../../../server/session/lifecycle.ts';
import {
  attached,
  confirming,
  type Driven,
  kinds,
  minutes,
  seconds,
  type TimelessEvent,
  T0,
} from './lifecycle-support.ts';

/** All that is said of a cell: the phase after it and the kinds of its effects. */
type Cell = readonly [after: Phase, ...effects: LifecycleEffect['type'][]];

const AT = minutes(10) + seconds(2);

/** An event of each kind, aimed at what stands in `confirming` at ten minutes. */
const events = {
  'client.attached': { type: 'client.attached', connectionId: 'c2' },
  'client.detached': { type: 'client.detached', connectionId: 'c1' },
  'owner.recovered': { type: 'owner.recovered' },
  'input.received': { type: 'input.received', via: 'rest' },
  'speech.started': { type: 'speech.started' },
  'speech.ended': { type: 'speech.ended' },
  'coach.spoke': { type: 'coach.spoke' },
  'message.added': { type: 'message.added', count: 1 },
  'exchange.completed': { type: 'exchange.completed', proposalId: 'p2', wayForwardCommitted: true },
  'wrapUp.requested': { type: 'wrapUp.requested', proposalId: 'p2' },
  'proposal.spoken': { type: 'proposal.spoken', proposalId: 'p1' },
  'proposal.unheard': { type: 'proposal.unheard', proposalId: 'p1' },
  'recap.timed': { type: 'recap.timed', durationMs: 1000 },
  'recap.played': { type: 'recap.played' },
  'care.began': { type: 'care.began' },
  'care.ended': { type: 'care.ended' },
  'end.forced': { type: 'end.forced' },
  'budget.spent': { type: 'budget.spent' },
} as const satisfies Partial<Record<LifecycleEventType, TimelessEvent>>;

/** Events that come in several kinds of their own. */
const answers = {
  'answer yes': { type: 'wrapUp.answered', answer: 'yes' },
  'answer no': { type: 'wrapUp.answered', answer: 'no' },
  'answer unclear': { type: 'wrapUp.answered', answer: 'unclear' },
  'answer new_content': { type: 'wrapUp.answered', answer: 'new_content' },
  'answer to another proposal': { type: 'wrapUp.answered', answer: 'yes', proposalId: 'p0' },
} as const satisfies Record<string, TimelessEvent>;

/** Each timer, due at the event's own time (the test moves there what it is about). */
const due = ['closing', 'grace', 'hardLimit', 'confirmation', 'idle', 'budget', 'warning'] as const;

type Row = keyof typeof events | keyof typeof answers | `timer ${(typeof due)[number]}`;

const stay = (phase: Phase): Cell => [phase];
const nothing = {
  active: stay('active'),
  confirming: stay('confirming'),
  closing: stay('closing'),
  ended: stay('ended'),
};
const forced: Cell = ['ended', 'stateChanged', 'ended'];
const ignored = {
  active: ['active', 'answerIgnored'],
  closing: ['closing', 'answerIgnored'],
  ended: ['ended', 'answerIgnored'],
} as const;
const resumed: Cell = ['active', 'stateChanged', 'resumeConversation'];

const table: Record<Row, Record<Phase, Cell>> = {
  'client.attached': nothing,
  // The view shows a proposal that stands still.
  'client.detached': { ...nothing, confirming: ['confirming', 'stateChanged'] },
  'owner.recovered': { ...nothing, confirming: ['confirming', 'stateChanged'] },
  'input.received': nothing,
  'speech.started': nothing,
  'speech.ended': nothing,
  'coach.spoke': nothing,
  'message.added': nothing,
  'exchange.completed': { ...nothing, active: ['confirming', 'stateChanged', 'propose'] },
  'wrapUp.requested': {
    ...nothing,
    active: ['confirming', 'stateChanged', 'propose'],
    confirming: ['confirming', 'stateChanged'],
  },
  'proposal.spoken': nothing,
  'proposal.unheard': { ...nothing, confirming: resumed },
  'recap.timed': nothing,
  'recap.played': { ...nothing, closing: forced },
  'end.forced': { active: forced, confirming: forced, closing: forced, ended: ['ended'] },
  'answer yes': { ...ignored, confirming: ['closing', 'stateChanged', 'speakRecap'] },
  'answer no': { ...ignored, confirming: resumed },
  'answer unclear': { ...ignored, confirming: ['confirming', 'stateChanged', 'askAgain'] },
  'answer new_content': { ...ignored, confirming: resumed },
  'answer to another proposal': { ...ignored, confirming: ['confirming', 'answerIgnored'] },
  // Whatever was about to end is not.
  'care.began': {
    active: ['active', 'stateChanged', 'care'],
    confirming: ['active', 'stateChanged', 'resumeConversation', 'care'],
    closing: ['active', 'stateChanged', 'care'],
    ended: stay('ended'),
  },
  'care.ended': nothing,
  'budget.spent': {
    ...nothing,
    active: ['closing', 'stateChanged', 'speakRecap'],
    confirming: ['closing', 'stateChanged', 'speakRecap'],
  },
  'timer closing': { ...nothing, closing: forced },
  'timer grace': { ...nothing, active: forced, confirming: forced },
  'timer hardLimit': {
    ...nothing,
    active: ['closing', 'stateChanged', 'speakRecap'],
    confirming: ['closing', 'stateChanged', 'speakRecap'],
  },
  'timer confirmation': { ...nothing, confirming: resumed },
  'timer idle': { ...nothing, active: ['active', 'askIfThere'] },
  'timer budget': nothing,
  'timer warning': { ...nothing, active: ['active', 'warn'] },
};

const begin: Record<Phase, () => Driven> = {
  active: () => attached({ minExchangesForGoal: 1 }).talkUntil(minutes(10)),
  confirming: () => confirming(),
  closing: () => confirming().at(minutes(10) + 1000, answers['answer yes']),
  ended: () => confirming().at(minutes(10) + 1000, events['end.forced']),
};

/** Lets the named timer, if it is armed in this phase, go off alone at its time. */
function ring(session: Driven, name: (typeof due)[number]): void {
  if (name === 'grace') session.at(AT, events['client.detached']);
  const dueAt = session.state.deadlines[name];
  if (dueAt === undefined) {
    session.at(AT, { type: 'timer', name, dueAt: T0 + AT });
    return;
  }
  // Nothing else may be due before it.
  session.state = { ...session.state, deadlines: { [name]: dueAt } };
  if (name === 'hardLimit' || name === 'warning' || name === 'budget') session.state.lastActivityMs = dueAt;
  if (name !== 'confirmation' && session.state.proposal) session.state.proposal.expiresAtMs = dueAt + 1;
  session.at(dueAt - T0, { type: 'timer', name, dueAt });
}

function run(phase: Phase, row: Row): Driven {
  const session = begin[phase]();
  const timer = due.find((name) => row === `timer ${name}`);
  if (timer) ring(session, timer);
  else session.at(AT, { ...events, ...answers }[row as keyof typeof events | keyof typeof answers]);
  return session;
}

const cells = PHASES.flatMap((phase) => (Object.keys(table) as Row[]).map((row) => ({ phase, row })));

describe('every phase and every event', () => {
  it('is in the table', () => {
    const rows: Row[] = [
      ...(Object.keys(events) as (keyof typeof events)[]),
      ...(Object.keys(answers) as (keyof typeof answers)[]),
      ...due.map((name) => `timer ${name}` as const),
    ];
    expect(Object.keys(table).toSorted()).toEqual(rows.toSorted());
    // The event kinds that have a sample above; the two that are left have rows of their own.
    type Left = Exclude<LifecycleEventType, keyof typeof events>;
    const left: Record<Left, true> = { 'wrapUp.answered': true, timer: true };
    expect(Object.keys(left)).toHaveLength(2);
    expect(cells).toHaveLength(rows.length * PHASES.length);
  });

  it.each(cells)('$phase + $row', ({ phase, row }) => {
    const [after, ...effects] = table[row][phase];
    const session = run(phase, row);
    expect(session.state.phase).toBe(after);
    expect(kinds(session.effects)).toEqual(effects);
  });

  it.each(Object.keys(table) as Row[])('%s leaves an ended session as it is', (row) => {
    const session = begin.ended();
    const before = structuredClone(session.state);
    session.at(
      AT,
      { ...events, ...answers }[row as keyof typeof events] ?? { type: 'timer', name: 'grace', dueAt: T0 },
    );
    expect(session.state).toEqual(before);
  });
});
