/** What the coach says on its own account: time, wrap-up, care. Spoken English; a line is one to three short sentences. */
import { spokenMinutes } from './spoken-notes.ts';

export const PROPOSAL_REASONS = ['asked', 'time', 'exchanges', 'goal'] as const;
export type WrapUpReason = (typeof PROPOSAL_REASONS)[number];
export type ClosingReason = 'confirmed' | 'forced' | 'time_limit' | 'idle' | 'abandoned' | 'quota';

/** The second step of a wrap-up: always a question that yes and no answer. */
export function proposalLine(reason: WrapUpReason): string {
  switch (reason) {
    case 'asked':
      return 'Happy to. Shall I sum up and end our session here?';
    case 'time':
      return 'Our time is nearly up. Shall we wrap up here?';
    case 'exchanges':
      return 'We have covered a lot today. Shall we wrap up here?';
    case 'goal':
      return 'You have a clear next step now. Would you like to wrap up here?';
  }
}

export const askAgainLine = 'I want to be sure: shall we end here, yes or no?';

/** After a "no": the session goes on, with the time that was added. */
export function goingOnLine(remainingMs: number): string {
  return remainingMs >= 30_000 ? `Of course. We have ${spokenMinutes(remainingMs)}.` : 'Of course, we go on.';
}

/** After two unclear answers. */
export const notEndingLine = 'Then let us go on.';

/** What is said from now on is not kept. */
export const offRecordLine =
  'All right, this is off the record. I keep none of it until you say that we are back on it.';

export function onRecordLine(isPrivate: boolean): string {
  return isPrivate
    ? 'This session is private, so nothing of it is kept anyway.'
    : 'We are back on the record. What you told me before stays out of my notes.';
}

export function warningLine(remainingMs: number): string {
  return `Just so you know, we have ${spokenMinutes(remainingMs)} left.`;
}

/** Said before the recap. */
export function closingLine(reason: ClosingReason): string {
  switch (reason) {
    case 'confirmed':
    case 'forced':
      return 'All right. Here is what I take from our talk.';
    case 'time_limit':
      return 'We have come to the end of our time. Here is what I take from our talk.';
    case 'quota':
      return 'We have used up what is set aside for our talks, so I have to close here. This is what I take from it.';
    case 'idle':
    case 'abandoned':
      return 'It has been quiet for a while, so I will close for today. Here is what I take from our talk.';
  }
}
