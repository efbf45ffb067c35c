/** What is wished of a new session, and what the person said before that they would do. */
import type { FastifyRequest } from 'fastify';
import { NewSession } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Archive } from '../ports/archive.ts';
import type { SessionWishes } from '../session/state.ts';
import type { Callers } from './callers.ts';
import { asSessionId, checked, sessionNotFound } from './rest.ts';

/** Older clients send all sorts of bodies, and none of them matters but a JSON object. Throws `invalid_request`. */
export function newSessionOf({ body }: FastifyRequest): NewSession {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body) && !Buffer.isBuffer(body);
  return isObject ? checked(NewSession, body) : {};
}

export interface WishesOptions {
  archive: Archive;
  callers: Callers;
}

/** Throws `session_not_found` when the session to continue is none of the caller's. */
export async function wishesOf(
  { continues, ephemeral }: NewSession,
  who: { request: FastifyRequest; userId: string | undefined },
  options: WishesOptions,
): Promise<SessionWishes> {
  return { ...(await earlierOf(continues, who, options)), ...(ephemeral && { ephemeral }) };
}

async function earlierOf(
  continues: NewSession['continues'],
  { request, userId }: { request: FastifyRequest; userId: string | undefined },
  { archive, callers }: WishesOptions,
): Promise<SessionWishes> {
  if (continues === null) return {};
  if (continues !== undefined) {
    const sessionId = asSessionId(continues);
    const record = await archive.session(sessionId);
    if (!record) throw sessionNotFound();
    await callers.mustOwn(request, record.userId);
    const { commitments = [] } = (await archive.recap(sessionId)) ?? {};
    return commitments.length > 0 ? { earlier: { sessionId, commitments } } : {};
  }
  if (userId === undefined) return {};
  try {
    const earlier = await archive.openCommitments(userId);
    return earlier ? { earlier } : {};
  } catch (error) {
    // Nobody is kept from talking because the history can't be read at the moment.
    if (!(error instanceof KukuError) || !error.retryable) throw error;
    request.log.warn({ err: error }, 'a session starts without what was agreed before');
    return {};
  }
}
