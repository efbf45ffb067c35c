/** A session to reduce over in tests: times count from `T0`, settings are the product's defaults. */
import {
  createLifecycle,
  type LifecycleEffect,
  type LifecycleEvent,
  type LifecycleSettings,
  type LifecycleState,
  reduce,
  timers as timersOf,
} from '../../../server/session/lifecycle.ts';

export const T0 = 1_800_000_000_000;
export const minutes = (count: number) => count * 60_000;
export const seconds = (count: number) => count * 1000;

export const defaults: LifecycleSettings = {
  budgetMs: minutes(30),
  hardLimitMs: minutes(45),
  warningsMs: [minutes(5), minutes(1)],
  extensionMs: minutes(5),
  cooldownExchanges: 5,
  maxExchanges: 25,
  minExchangesForGoal: 15,
  confirmationMs: seconds(60),
  idlePromptMs: minutes(2),
  idleEndMs: minutes(5),
  graceMs: seconds(120),
  closingMs: seconds(20),
};

type WithoutTime<E> = E extends unknown ? Omit<E, 'atMs'> : never;
export type TimelessEvent = WithoutTime<LifecycleEvent>;

export interface Driven {
  state: LifecycleState;
  /** Of the latest step. */
  effects: readonly LifecycleEffect[];
  /** Of all steps. */
  all: LifecycleEffect[];
  /** `sinceStartMs` counts from `T0`. */
  at(sinceStartMs: number, event: TimelessEvent): Driven;
  /** Lets the time come with no event but the timers that are due, each on time. */
  until(sinceStartMs: number): Driven;
  /** Talks every half minute, so that the session is not idle. */
  talkUntil(sinceStartMs: number): Driven;
}

export function drive(settings: Partial<LifecycleSettings> = {}): Driven {
  const all = { ...defaults, ...settings };
  const driven: Driven = {
    state: createLifecycle(T0, all),
    effects: [],
    all: [],
    at(sinceStartMs, event) {
      const reduction = reduce(driven.state, { ...event, atMs: T0 + sinceStartMs }, all);
      driven.state = reduction.state;
      driven.effects = reduction.effects;
      driven.all.push(...reduction.effects);
      return driven;
    },
    until(sinceStartMs) {
      return driveTimers(driven, sinceStartMs);
    },
    talkUntil(sinceStartMs) {
      for (let ms = driven.state.lastAtMs - T0; ms <= sinceStartMs; ms += seconds(30)) {
        driven.until(ms).at(ms, { type: 'input.received', via: 'socket' });
      }
      return driven.until(sinceStartMs);
    },
  };
  return driven;
}

function driveTimers(driven: Driven, sinceStartMs: number): Driven {
  for (;;) {
    const due = timersOf(driven.state)[0];
    if (!due || due.dueAt > T0 + sinceStartMs) return driven;
    driven.at(due.dueAt - T0, { type: 'timer', ...due });
  }
}

export const kinds = (effects: readonly LifecycleEffect[]) => effects.map((effect) => effect.type);

/** A session with a client attached from the start. */
export function attached(settings: Partial<LifecycleSettings> = {}): Driven {
  return drive(settings).at(0, { type: 'client.attached', connectionId: 'c1' });
}

/** Confirming since ten minutes, asked by the person, the question spoken to its end. */
export function confirming(settings: Partial<LifecycleSettings> = {}): Driven {
  return attached(settings)
    .talkUntil(minutes(10))
    .at(minutes(10), { type: 'wrapUp.requested', proposalId: 'p1' })
    .at(minutes(10), { type: 'proposal.spoken', proposalId: 'p1' });
}
