import type { CreatedSessionBody, NewSession, SocketAccess } from '../../../protocol/rest.ts';

export interface RestOptions {
  /** A person's access token, sent as `Authorization: Bearer`; none for guests. */
  token?: string;
  fetch?: typeof globalThis.fetch | undefined;
  signal?: AbortSignal;
}

/** A request that the server refused, or that did not reach it (`status` 0). */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  /** At least this long before another try, where the server said so. */
  readonly retryAfterMs: number;

  constructor(message: string, status: number, code: string, retryAfterMs = 0, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  get retryable(): boolean {
    return [0, 408, 429].includes(this.status) || this.status >= 500;
  }
}

/** A call of the REST API; `path` begins with `/api`. Throws a `RestError`. */
export interface RestCall {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
}

/** Creates a session; its `socket` is good for one connection. `url` is the server's, as in `https://coach.example`. */
export function createSession(
  url: string,
  options: RestOptions = {},
  wishes?: NewSession,
): Promise<CreatedSessionBody> {
  return call<CreatedSessionBody>(url, '/api/sessions', options, { method: 'POST', body: wishes });
}

/** A fresh way into a session: a ticket is used once and lives 30 s. */
export async function getTicket(url: string, sessionId: string, options: RestOptions = {}): Promise<SocketAccess> {
  const { socket } = await post<{ socket: SocketAccess }>(url, `${sessionPath(sessionId)}/ticket`, options);
  return socket;
}

/** Ends a session at once, without asking. Ending twice answers the same. `duration` is in seconds. */
export function endSession(url: string, sessionId: string, options: RestOptions = {}): Promise<EndedSession> {
  return post<EndedSession>(url, `${sessionPath(sessionId)}/end`, options);
}

export interface EndedSession {
  sessionId: string;
  summary: string;
  duration: number;
  messageCount: number;
}

export const sessionPath = (sessionId: string) => `/api/sessions/${encodeURIComponent(sessionId)}`;

const post = <T>(url: string, path: string, options: RestOptions) => call<T>(url, path, options, { method: 'POST' });

export async function call<T>(url: string, path: string, options: RestOptions, what: RestCall = {}): Promise<T> {
  const response = await send(url, path, options, what);
  const body = (await response.json().catch(() => undefined)) as Envelope<T> | undefined;
  if (body?.success) return body.data;
  throw refusal(response, body);
}

/** The same where the answer is no JSON. */
export async function send(
  url: string,
  path: string,
  { token, fetch = globalThis.fetch, signal }: RestOptions,
  { method = 'GET', body: sent }: RestCall = {},
): Promise<Response> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  // An embedded client's guest is known by a cookie of the server's.
  const init: RequestInit = { method, headers, credentials: 'include' };
  if (sent !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(sent);
  }
  if (signal) init.signal = signal;
  let response: Response;
  try {
    response = await fetch(url.replace(/\/+$/, '') + path, init);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new RestError(`${url} can't be reached.`, 0, 'unreachable', 0, cause);
  }
  if (response.ok) return response;
  throw refusal(response, (await response.json().catch(() => undefined)) as Envelope<unknown> | undefined);
}

function refusal(response: Response, body: Envelope<unknown> | undefined): RestError {
  const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000 || 0;
  const { error = `The server answered ${response.status}.`, code = `http_${response.status}` } =
    body?.success === false ? body : {};
  return new RestError(error, response.status, code, retryAfterMs);
}

type Envelope<T> = { success: true; data: T } | { success: false; error?: string; code?: string };
