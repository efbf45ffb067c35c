export type { AudioFormat, AudioIO, ClearedAudio, PlaybackPosition } from './audio-io.ts';
export { systemClock, type Clock } from './clock.ts';
export { createCoach, type Coach, type CoachOptions } from './coach.ts';
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
