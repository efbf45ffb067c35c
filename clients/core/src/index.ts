export type { AudioFormat, AudioIO, ClearedAudio, PlaybackPosition } from './audio-io.ts';
export { systemClock, type Clock } from './clock.ts';
export type { Coach } from './coach.ts';
export { createCoach, type SessionCoachOptions } from './session-coach.ts';
export type { CoachOptions } from './coach.ts';
export type { SocketConstructor, SocketLike } from './connection.ts';
export type { Access, GetAccess } from './dial.ts';
export type {
  Caption,
  CoachError,
  CoachEvents,
  Notice,
  SessionInfo,
  SessionTimer,
  Speaking,
  TurnReport,
  WrapUp,
} from './events.ts';
export { createSession, endSession, getTicket, RestError, type EndedSession, type RestOptions } from './rest.ts';
export type { CoachState } from './state.ts';
