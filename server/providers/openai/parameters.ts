/**
 * What a server does not support is left out. Everybody speaks chat completions, nobody all of it: a parameter is
 * dropped after the first 400 that names it, and that is remembered for the model at that server, so that only one
 * request ever pays for it.
 */
import { APIError } from 'openai';

export interface Parameters<Request> {
  /** Sends the request, less what is known to be unsupported; again for each parameter that the answer takes offence at. */
  send<Answer>(model: string, request: Request, call: (request: Request) => Promise<Answer>): Promise<Answer>;
}

/** Undoes one thing in the request. */
export interface Optional<Request> {
  /** As servers name it. */
  name: string;
  /** Also names it; default: the last part of `name` as a word. */
  pattern?: RegExp;
  isIn(request: Request): boolean;
  without(request: Request): Request;
}

/** One for each server. Of several that an answer names the first goes, so put parts before their whole. */
export function createParameters<Request>(optionals: readonly Optional<Request>[]): Parameters<Request> {
  const dropped = new Map<string, Set<Optional<Request>>>();

  return {
    async send(model, request, call) {
      const known = dropped.get(model) ?? new Set();
      dropped.set(model, known);
      let attempt = request;
      for (const optional of known) attempt = drop(attempt, optional);
      // Each round drops one more, so it ends.
      for (;;) {
        try {
          return await call(attempt);
        } catch (error) {
          const offending = findOffending(error, attempt, optionals);
          if (!offending) throw error;
          known.add(offending);
          attempt = drop(attempt, offending);
        }
      }
    },
  };
}

function drop<Request>(request: Request, optional: Optional<Request>): Request {
  return optional.isIn(request) ? optional.without(request) : request;
}

function findOffending<Request>(
  error: unknown,
  request: Request,
  optionals: readonly Optional<Request>[],
): Optional<Request> | undefined {
  // 422 is what servers built on FastAPI say.
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return undefined;
  const present = optionals.filter((optional) => optional.isIn(request));
  const { param } = error;
  const exact = param ? present.find(({ name }) => name === param || name.endsWith(`.${param}`)) : undefined;
  const words = `${param ?? ''} ${error.message}`;
  return exact ?? present.find(({ name, pattern }) => (pattern ?? wordOf(name)).test(words));
}

function wordOf(name: string): RegExp {
  return new RegExp(`\\b${name.split('.').at(-1)}\\b`);
}
