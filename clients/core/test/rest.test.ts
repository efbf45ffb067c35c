import { describe, expect, test } from 'vitest';
import { createCoach } from '../src/index.ts';
import { createSession, endSession, getTicket, RestError } from '../src/rest.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { createFakeSockets } from './support/fake-socket.ts';

function fakeFetch(status: number, body: string, headers: Record<string, string> = {}) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init = {}) => {
    calls.push({ url: url instanceof Request ? url.url : String(url), init });
    return new Response(body, { status, headers });
  };
  return { calls, fetch };
}
const socket = { url: 'ws://x/s', protocols: ['kuku.v1', 'ticket.t'], ticket: 't', expiresAt: '2026-01-01T00:00:00Z' };
const ok = (data: unknown) => JSON.stringify({ success: true, data });
async function refused(request: Promise<unknown>): Promise<unknown> {
  try {
    await request;
  } catch (error) {
    return error;
  }
  throw new Error('It was not refused.');
}

describe('REST', () => {
  test('creates a session at the server’s address, whatever slashes it ends with', async () => {
    const { calls, fetch } = fakeFetch(200, ok({ sessionId: 's1', socket }));
    expect(await createSession('https://coach.test/', { fetch })).toMatchObject({ sessionId: 's1' });
    expect(calls[0]?.url).toBe('https://coach.test/api/sessions');
    expect(calls[0]?.init).toMatchObject({ method: 'POST', headers: {} });
  });

  test('fetches a ticket with the person’s token, for any session id', async () => {
    const { calls, fetch } = fakeFetch(200, ok({ socket }));
    expect(await getTicket('https://coach.test', 'a/b', { fetch, token: 'jwt' })).toEqual(socket);
    expect(calls[0]?.url).toBe('https://coach.test/api/sessions/a%2Fb/ticket');
    expect(calls[0]?.init.headers).toEqual({ authorization: 'Bearer jwt' });
  });

  test('ends a session', async () => {
    const ended = { sessionId: 's1', summary: 'Done.', duration: 12, messageCount: 4 };
    const { calls, fetch } = fakeFetch(200, ok(ended));
    expect(await endSession('https://coach.test', 's1', { fetch })).toEqual(ended);
    expect(calls[0]?.url).toBe('https://coach.test/api/sessions/s1/end');
  });

  test('a refusal carries status, code and how long to wait', async () => {
    const body = JSON.stringify({ success: false, error: 'Too many.', code: 'quota' });
    const { fetch } = fakeFetch(429, body, { 'retry-after': '7' });
    const error = await refused(createSession('https://coach.test', { fetch }));
    expect(error).toBeInstanceOf(RestError);
    expect(error).toMatchObject({
      message: 'Too many.',
      status: 429,
      code: 'quota',
      retryAfterMs: 7000,
      retryable: true,
    });
  });

  test('a refusal in no known shape, as of a proxy, still says what it was', async () => {
    const { fetch } = fakeFetch(404, '<html>');
    const error = await refused(createSession('https://coach.test', { fetch }));
    expect(error).toMatchObject({ status: 404, code: 'http_404', retryable: false, retryAfterMs: 0 });
  });

  test('a server that is not there is worth another try', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    const error = await refused(createSession('https://coach.test', { fetch }));
    expect(error).toMatchObject({ message: "https://coach.test can't be reached.", status: 0, retryable: true });
  });
});

describe('a coach by session', () => {
  test('uses the ticket it was created with once, then fetches fresh ones', async () => {
    const clock = createFakeClock();
    const { WebSocket, sockets, last } = createFakeSockets();
    const { calls, fetch } = fakeFetch(200, ok({ socket: { ...socket, protocols: ['kuku.v1', 'ticket.fresh'] } }));
    const url = 'https://coach.test';
    const session = { sessionId: 's1', socket };
    const coach = createCoach({ url, session, rest: { fetch }, WebSocket, clock, random: () => 0 });
    coach.start();
    await clock.pass(0);
    expect(last().protocols).toEqual(['kuku.v1', 'ticket.t']);
    expect(calls).toEqual([]);
    last().drop(1006);
    await clock.pass(0);
    expect(sockets).toHaveLength(2);
    expect(last().protocols).toEqual(['kuku.v1', 'ticket.fresh']);
    expect(calls[0]?.url).toBe('https://coach.test/api/sessions/s1/ticket');
    await coach.stop();
  });
});
