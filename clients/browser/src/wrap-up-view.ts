import type { CoachEvents } from '../../core/src/index.ts';
import { byId, onPress, showText } from './dom.ts';

export interface WrapUpView {
  /** The person pressed "End": asks at once, while the server is still to propose. */
  ask(): void;
  /** The server's proposal, or null when none stands any more. */
  show(wrapUp: CoachEvents['wrapUp']): void;
  hide(): void;
}

/**
 * The question whether to wrap up. Tapping, Esc and saying it take one path: the server decides. An answer that is given
 * before the server has proposed waits for the proposal.
 */
export function createWrapUpView(answer: (yes: boolean) => void, leave: () => void): WrapUpView {
  const dialog = byId('wrap-up', HTMLDialogElement);
  const reason = byId('wrap-up-reason', HTMLElement);
  let proposed = false;
  let early: boolean | undefined;
  const onAnswer = (yes: boolean) => {
    dialog.close();
    if (proposed) answer(yes);
    else early = yes;
  };
  onPress('wrap-up-yes', () => onAnswer(true));
  onPress('wrap-up-no', () => onAnswer(false));
  onPress('leave', leave);
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    onAnswer(false);
  });
  const open = (why: string | undefined) => {
    showText(reason, why);
    if (!dialog.open) dialog.showModal();
  };
  return {
    ask() {
      early = undefined;
      open(undefined);
    },
    show(wrapUp) {
      proposed = wrapUp !== null;
      if (wrapUp === null) return dialog.close();
      const given = early;
      early = undefined;
      if (given === undefined) open(REASONS[wrapUp.reason]);
      else answer(given);
    },
    hide() {
      proposed = false;
      early = undefined;
      dialog.close();
    },
  };
}

/** Why the coach proposes it; when the person asked for it there is nothing to explain. */
const REASONS: Record<string, string> = {
  time: 'The time that was set aside for this session is nearly over.',
  exchanges: 'You have covered a lot of ground.',
  goal: 'You seem to have found a way forward.',
};
