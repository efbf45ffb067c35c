import { signal } from '@preact/signals-core';
import type { Coach } from '../coach.ts';

/** A question whether to wrap up, on the screen. */
export interface Asking {
  /** Undefined while the server is still to propose: the person has pressed “Wrap up”. */
  reason: string | undefined;
  /** On the clock of `performance.now()`. */
  expiresAtMs: number | undefined;
}

/**
 * The question whether to wrap up. Tapping, keys and saying it take one path: the server decides. An answer that is given
 * before the server has proposed waits for the proposal.
 */
export function createWrapUp(coach: Coach) {
  const asking = signal<Asking | undefined>(undefined);
  let proposed = false;
  let early: boolean | undefined;
  coach.on('wrapUp', (wrapUp) => {
    proposed = wrapUp !== null;
    const given = early;
    early = undefined;
    if (wrapUp === null) asking.value = undefined;
    else if (given !== undefined) coach.answerWrapUp(given);
    else asking.value = { reason: wrapUp.reason, expiresAtMs: performance.now() + wrapUp.expiresInMs };
  });
  coach.on('state', ({ name }) => {
    // An outage leaves the question standing; it is asked again only if it is another one.
    if (['closing', 'ended', 'failed'].includes(name)) asking.value = undefined;
  });
  return {
    asking,
    ask() {
      early = undefined;
      if (asking.value === undefined) asking.value = { reason: undefined, expiresAtMs: undefined };
      coach.requestWrapUp();
    },
    answer(yes: boolean) {
      asking.value = undefined;
      if (proposed) coach.answerWrapUp(yes);
      else early = yes;
    },
  };
}
