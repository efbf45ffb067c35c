/** What happens in a conversation now, in one word for its picture and one for its caption. */
import type { Conversation } from './conversation.ts';

export type Mood = 'idle' | 'listening' | 'hearing' | 'thinking' | 'speaking' | 'muted' | 'away';

/** Names of the words for it in a catalogue's `status`. */
export type Status =
  | 'requestingMic'
  | 'connecting'
  | 'connectingAgain'
  | 'reconnecting'
  | 'closing'
  | 'recap'
  | 'speaking'
  | 'hearing'
  | 'thinking'
  | 'typing'
  | 'muted'
  | 'listening';

type Seen = Pick<Conversation, 'state' | 'speaking' | 'waiting' | 'muted' | 'held' | 'session'>;

/** No `status`: there is nothing to say any more. */
export function moodOf(conversation: Seen): { mood: Mood; status?: Status } {
  const { state, speaking, waiting, muted, held, session } = conversation;
  const { value: now } = state;
  switch (now.name) {
    case 'idle':
    case 'requestingMic':
      return { mood: 'away', status: 'requestingMic' };
    case 'connecting':
      return { mood: 'away', status: now.attempt === 0 ? 'connecting' : 'connectingAgain' };
    case 'reconnecting':
      return { mood: 'away', status: 'reconnecting' };
    case 'closing':
      return speaking.value.coach ? { mood: 'speaking', status: 'recap' } : { mood: 'thinking', status: 'closing' };
    case 'ended':
    case 'failed':
      return { mood: 'away' };
    case 'live':
      break;
  }
  if (speaking.value.coach) return { mood: 'speaking', status: 'speaking' };
  if (speaking.value.user) return { mood: 'hearing', status: 'hearing' };
  if (waiting.value) return { mood: 'thinking', status: 'thinking' };
  if (!session.value?.listens) return { mood: 'listening', status: 'typing' };
  if (muted.value && !held.value) return { mood: 'muted', status: 'muted' };
  return { mood: 'listening', status: 'listening' };
}

/** Quietest and loudest level that is shown, in dB below full scale: a quiet room, and speech close by. */
const DB = { from: -50, to: -14 };

/** From a root mean square (0 to 1) to what eyes expect of a meter, 0 to 1. */
export function shownLevel(rms: number): number {
  const db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.max(0, Math.min(1, (db - DB.from) / (DB.to - DB.from)));
}
