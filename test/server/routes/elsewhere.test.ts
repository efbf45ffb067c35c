/** Clients that are not on the server's own origin, and servers behind a proxy. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody, ExchangeBody, MessagesBody } from '../../../protocol/rest.ts';
import { call, data } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const PAGE = 'https://app.example';
let server: TestServer;
beforeAll(async () => {
  const env = { PUBLIC_URL: 'https://coach.example', ALLOWED_ORIGINS: PAGE };
  server = await startTestServer({ env: { AUTH: 'guest', ...env } });
});
afterAll(() => server.close());

describe('a page of another origin', () => {
  it('that is named may read answers and send its cookie', async () => {
    const { headers } = await call(`${server.url}/api/sessions`, { method: 'POST', headers: { origin: PAGE } });
    expect(headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('that is named may ask before it deletes', async () => {
    const preflight = await fetch(`${server.url}/api/sessions/x`, {
      method: 'OPTIONS',
      headers: { origin: PAGE, 'access-control-request-method': 'DELETE' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
  });

  it('that is not named may not', async () => {
    for (const origin of ['https://evil.example', 'https://app.example.evil.example', 'null']) {
      const { headers } = await call(`${server.url}/api/sessions`, { method: 'POST', headers: { origin } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('behind a proxy', () => {
  it('links lead to where clients reach the server, whatever host they name', async () => {
    const created = await data<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST' });
    expect(created.socket.url).toBe(`wss://coach.example/api/sessions/${created.sessionId}/socket`);
    const url = `${server.url}/api/sessions/${created.sessionId}/messages`;
    const { messages } = await data<ExchangeBody>(url, { method: 'POST', json: { text: 'Hello' } });
    expect(messages[1].audioUrl).toMatch(/^https:\/\/coach\.example\/audio\/[\w.-]+$/);
    const history = await data<MessagesBody>(url);
    expect(history.messages.map(({ audioUrl }) => audioUrl)).toEqual([undefined, messages[1].audioUrl]);
  });
});

describe('without other origins', () => {
  let own: TestServer;
  beforeAll(async () => {
    own = await startTestServer({ env: { AUTH: 'guest', PUBLIC_URL: 'https://coach.example' } });
  });
  afterAll(() => own.close());

  it('no page of another origin may read answers', async () => {
    const { headers } = await call(`${own.url}/health`, { headers: { origin: PAGE } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('the guest’s cookie goes over TLS alone, where clients come by TLS', async () => {
    const { headers } = await call(`${own.url}/api/sessions`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'none' },
    });
    expect(headers.getSetCookie()[0]).toMatch(/^kuku_guest=.*; Secure; SameSite=Lax$/);
  });
});
