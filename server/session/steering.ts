/**
 * Where the lifecycle meets the ledger: lifecycle events change the state together with whatever else the moment
 * changes, in one stored step; what follows from them is handed back once it is stored.
 */
import { makeRecap } from '../coaching/recap.ts';
import type { Clock } from '../ports/clock.ts';
import type { NewEvent } from '../ports/session-store.ts';
import type { Change, Ledger } from './ledger.ts';
import { type LifecycleEffect, type LifecycleEvent, type LifecycleSettings, reduce } from './lifecycle.ts';
import { type SessionState, sessionView } from './state.ts';

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;
/** A lifecycle event; its time is the moment of the change. */
export type LifecycleInput = WithoutTime<LifecycleEvent>;

export interface Steering {
  /**
   * Applies the events in order, then `also`, and stores all of it at once. Resolves with the effects that are left to
   * carry out; what clients are told of them is stored with the change.
   */
  change(events: readonly LifecycleInput[], also?: (state: SessionState) => Change): Promise<LifecycleEffect[]>;
}

export interface SteeringOptions {
  ledger: Pick<Ledger, 'change'>;
  settings: LifecycleSettings;
  clock: Clock;
}

export function createSteering({ ledger, settings, clock }: SteeringOptions): Steering {
  return {
    async change(inputs, also = (state) => ({ state })) {
      let effects: LifecycleEffect[] = [];
      await ledger.change((before) => {
        const atMs = clock.now();
        effects = [];
        let { lifecycle } = before;
        for (const input of inputs) {
          const step = reduce(lifecycle, { ...input, atMs }, settings);
          lifecycle = step.state;
          effects.push(...step.effects);
        }
        const change = also({ ...before, lifecycle });
        const state = withRecap(change.state, effects);
        return { ...change, state, events: onceTold([...(change.events ?? []), ...told(state, effects, atMs)]) };
      });
      return effects;
    },
  };
}

/** The recap is made when the session closes, or at its end when it never closed. */
function withRecap(state: SessionState, effects: readonly LifecycleEffect[]): SessionState {
  // What was about to close goes on: the recap is made when it closes at last.
  if (state.recap && effects.some(({ type }) => type === 'care')) {
    const { recap: _, ...open } = state;
    return open;
  }
  const closes = effects.some(({ type }) => type === 'speakRecap' || type === 'ended');
  return closes && !state.recap ? { ...state, recap: makeRecap(state.notes) } : state;
}

/** Of one step all views of the state are the same: the first says it. */
function onceTold(events: readonly NewEvent[]): NewEvent[] {
  const first = events.findIndex(({ type }) => type === 'session.state');
  return events.filter(({ type }, i) => type !== 'session.state' || i === first);
}

/** What clients are told of the effects. */
function told(state: SessionState, effects: readonly LifecycleEffect[], atMs: number): NewEvent[] {
  return effects.flatMap((effect): NewEvent[] => {
    switch (effect.type) {
      case 'stateChanged':
        return [{ type: 'session.state', ...sessionView(state, atMs) }];
      case 'warn':
        return [{ type: 'session.warning', remainingMs: effect.remainingMs }];
      case 'speakRecap':
        return state.recap ? [{ type: 'recap', ...state.recap }] : [];
      case 'ended':
        return [{ type: 'session.ended', reason: effect.reason, ...(state.recap && { recap: state.recap }) }];
      case 'care':
      case 'propose':
      case 'askAgain':
      case 'resumeConversation':
      case 'answerIgnored':
      case 'askIfThere':
        return [];
    }
  });
}
