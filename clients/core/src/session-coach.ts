/** A coach for a session of a server whose REST is at hand: the tickets come from there. */
import type { CreatedSessionBody } from '../../../protocol/rest.ts';
import { createCoach as createCoachByTicket, type Coach, type CoachOptions, type CoachParts } from './coach.ts';
import type { GetAccess } from './dial.ts';
import { getTicket, type RestOptions } from './rest.ts';

export interface SessionCoachOptions extends CoachParts {
  /** Address of the server, as in `https://coach.example`. */
  url: string;
  /** A session's id, or what `createSession` answered, whose ticket then serves for the first connection. */
  session: string | Pick<CreatedSessionBody, 'sessionId' | 'socket'>;
  rest?: Pick<RestOptions, 'token' | 'fetch'>;
}

export function createCoach(options: SessionCoachOptions | CoachOptions): Coach {
  return createCoachByTicket('getTicket' in options ? options : { ...options, getTicket: ticketsOf(options) });
}

function ticketsOf({ url, session, rest }: SessionCoachOptions): GetAccess {
  if (typeof session === 'string') return ({ signal }) => getTicket(url, session, { ...rest, signal });
  let first: CreatedSessionBody['socket'] | undefined = session.socket;
  return async ({ signal }) => {
    const access = first ?? (await getTicket(url, session.sessionId, { ...rest, signal }));
    first = undefined;
    return access;
  };
}
