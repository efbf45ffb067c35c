/** What the page says, in plain words. */
import type { Coach, Notice, SessionInfo, Speaking } from '../../core/src/index.ts';
import type { MicrophoneProblem } from './microphone.ts';

type State = Coach['state'];

export interface Facts {
  state: State;
  speaking: Speaking;
  /** The person has said something that the coach has not begun to answer. */
  waiting: boolean;
  muted: boolean;
  session: Pick<SessionInfo, 'listens'> | undefined;
}

/** One line on what happens now. */
export function statusOf({ state, speaking, waiting, muted, session }: Facts): string {
  switch (state.name) {
    case 'idle':
      return '';
    case 'requestingMic':
      return 'Please answer your browser’s question about the microphone.';
    case 'connecting':
      return state.attempt === 0 ? 'Connecting…' : 'The server does not answer yet. Trying again…';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'closing':
      return speaking.coach ? 'The coach is summing up' : 'Wrapping up…';
    case 'ended':
      return 'The session is over.';
    case 'failed':
      return 'The session could not go on.';
    case 'live':
      break;
  }
  if (speaking.coach) return 'The coach is speaking';
  if (speaking.user) return 'I hear you';
  if (waiting) return 'Thinking…';
  if (!session?.listens) return 'Type to your coach';
  return muted ? 'You are muted' : 'Listening';
}

/** Why the conversation came to its end; undefined when the person just left. */
export function endingOf(state: State): string | undefined {
  if (state.name === 'failed') return state.message;
  if (state.name !== 'ended') return undefined;
  switch (state.reason) {
    case 'time_limit':
    case 'hard_limit':
      return 'The time is up.';
    case 'idle':
      return 'It was quiet for a long time, so the session was closed.';
    case 'abandoned':
      return 'The connection was lost for too long, so the session was closed.';
    default:
      return undefined;
  }
}

export function microphoneWords(problem: MicrophoneProblem): string {
  const still = 'You can type, and the coach still speaks.';
  switch (problem) {
    case 'refused':
      return `The microphone was not allowed. ${still} To talk, allow it in the address bar and start again.`;
    case 'missing':
      return `No microphone was found. ${still}`;
    case 'busy':
      return `Another program has the microphone. ${still}`;
    case 'insecure':
      return `Browsers give the microphone only to pages that come over HTTPS. ${still}`;
  }
}

/** A notice to show, or undefined where it takes back what was shown before. */
export function noticeWords({ code, message }: Notice): string | undefined {
  if (code === 'audio_back') return undefined;
  return code === 'audio_route' ? `Now using ${message}.` : message;
}

/** `24:05`; hours do not occur. */
export function clockTime(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Said when the server warns that the time is running out. */
export function timeLeftWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.ceil(ms / 1000)} seconds left.`;
  return minutes === 1 ? 'One minute left.' : `${minutes} minutes left.`;
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
