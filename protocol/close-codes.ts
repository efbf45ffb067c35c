/**
 * Why a socket was closed, and what the client should do about it. One table: the server closes with it, the
 * clients decide by it, the documents are generated from it.
 */

/** What a client does after a close: `stop` for good, `resume` the session, `retry` with a `ticket` of its own. */
export type CloseAction = 'stop' | 'resume' | 'ticket' | 'retry';

interface CloseMeaning {
  readonly code: number;
  readonly reason: string;
  readonly action: CloseAction;
  /** The client waits at least this long before it comes back. */
  readonly delayMs?: number;
}

export const CLOSE = {
  sessionOver: { code: 1000, reason: 'session over', action: 'stop' },
  restarting: { code: 1012, reason: 'restarting', action: 'resume' },
  overloaded: { code: 1013, reason: 'try again later', action: 'resume', delayMs: 2000 },
  brokenProtocol: { code: 4000, reason: 'broken protocol', action: 'stop' },
  badTicket: { code: 4001, reason: 'bad ticket', action: 'ticket' },
  notYours: { code: 4003, reason: 'not yours', action: 'stop' },
  noSuchSession: { code: 4004, reason: 'no such session', action: 'stop' },
  noHello: { code: 4008, reason: 'no hello in time', action: 'retry' },
  replaced: { code: 4009, reason: 'replaced by a newer socket', action: 'stop' },
  heartbeatMissed: { code: 4010, reason: 'heartbeat missed', action: 'resume' },
  internal: { code: 4011, reason: 'internal error', action: 'resume' },
  versionNotSpoken: { code: 4014, reason: 'version not spoken', action: 'stop' },
  tooSlow: { code: 4015, reason: 'client too slow', action: 'resume' },
  tooFast: { code: 4016, reason: 'audio faster than real time', action: 'stop' },
  timeLimit: { code: 4020, reason: 'time limit', action: 'stop' },
  idle: { code: 4021, reason: 'idle', action: 'stop' },
  quota: { code: 4029, reason: 'quota', action: 'retry', delayMs: 10_000 },
} as const satisfies Record<string, CloseMeaning>;

export type CloseName = keyof typeof CLOSE;

const byCode = new Map<number, CloseMeaning>(Object.values(CLOSE).map((meaning) => [meaning.code, meaning]));

/** What a close code means; a code that is not ours (1006, a proxy's 1011) is a lost connection: resume. */
export function closeMeaning(code: number): CloseMeaning {
  return byCode.get(code) ?? { code, reason: 'connection lost', action: 'resume' };
}
