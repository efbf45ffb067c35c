/** What the REST routes have in common: reading requests, and links in answers. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { KukuError } from '../errors.ts';

export interface ById {
  Params: { id: string };
}

/** A session's id; what can't be one is told apart from nothing unknown. Throws `session_not_found`. */
export function sessionIdOf(request: FastifyRequest<ById>): string {
  return asSessionId(request.params.id);
}

/** The same for an id from elsewhere: no store is asked for what it could not even read. */
export function asSessionId(id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return id;
  throw sessionNotFound();
}

export function sessionNotFound(): KukuError {
  return new KukuError('Session not found', { code: 'session_not_found', status: 404 });
}

/** Checks a query or a body. Throws `invalid_request` (400) with a sentence that names the field. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.');
  const what = issue?.message ?? 'Invalid input';
  throw new KukuError(field ? `${what}, in "${field}"` : what, { code: 'invalid_request', status: 400 });
}

/** Aborted when the one who asked goes away before the answer. */
export function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const { raw } = reply;
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort(new KukuError('The client went away.', { code: 'client_gone', status: 499 }));
  });
  return gone.signal;
}

/**
 * Where this server is for whoever asks: `PUBLIC_URL`, else what the request called it. Undefined when the request says
 * nothing that a URL can be made of.
 */
export function baseUrl(request: FastifyRequest, publicUrl: string | undefined): URL | undefined {
  const base = publicUrl ?? `${request.protocol}://${request.host}`;
  // What follows a slash or an @ in a Host header would be taken for a path, or the host itself.
  if (publicUrl === undefined && !/^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(request.host)) return undefined;
  return URL.canParse(base) ? new URL(base) : undefined;
}

/** Absolute, so that a page of another origin can play it; without a usable host, relative. */
export function audioUrl(file: string, base: URL | undefined): string {
  const path = `/audio/${encodeURIComponent(file)}`;
  return base ? new URL(path, base).href : path;
}
