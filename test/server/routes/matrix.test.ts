/**
 * Every route and the socket × every token that is not good. A route that is not classified here fails the test; what
 * each class answers to whom is the table below.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { CreatedSessionBody } from '../../../protocol/rest.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { data } from '../../support/rest.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { connectTestClient } from '../../support/test-client.ts';

type Kind = 'open' | 'me' | 'user' | 'account' | 'owner' | 'operator' | 'socket';

const CLASSES: Readonly<Record<string, Kind>> = {
  'GET /health': 'open',
  'GET /ready': 'open',
  'GET /api/voices': 'open',
  'GET /docs': 'open',
  'GET /docs/style.css': 'open',
  'GET /docs/openapi.json': 'open',
  'GET /docs/asyncapi.json': 'open',
  'GET /api/auth/jwks': 'open',
  'POST /api/auth/sign-up': 'open',
  'GET /metrics': 'operator',
  'GET /api/auth/me': 'me',
  // Address and password decide, whatever token comes along.
  'POST /api/auth/sign-in': 'open',
  'POST /api/auth/sign-out': 'me',
  'GET /api/auth/sign-ins': 'account',
  'DELETE /api/auth/sign-ins': 'account',
  'DELETE /api/auth/sign-ins/{id}': 'account',
  'POST /api/auth/password': 'account',
  'POST /api/auth/token': 'account',
  'GET /api/consent': 'open',
  'POST /api/consent': 'user',
  'GET /api/me/export': 'user',
  'DELETE /api/me': 'user',
  'GET /api/sessions': 'user',
  'POST /api/sessions': 'user',
  'GET /api/sessions/{id}': 'owner',
  'GET /api/sessions/{id}/messages': 'owner',
  'POST /api/sessions/{id}/messages': 'owner',
  'GET /api/sessions/{id}/recap': 'owner',
  'GET /api/sessions/{id}/rating': 'owner',
  'POST /api/sessions/{id}/rating': 'owner',
  'PATCH /api/sessions/{id}': 'owner',
  'POST /api/sessions/{id}/ticket': 'owner',
  'POST /api/sessions/{id}/end': 'owner',
  'DELETE /api/sessions/{id}': 'owner',
  'GET /audio/{file}': 'owner',
  'GET /api/sessions/{id}/socket': 'socket',
};

/** What to send so that nothing but the token is in the way. */
const BODIES: Readonly<Record<string, () => object>> = {
  'POST /api/auth/sign-up': () => ({ email: newEmail(), password: 'four otters in a canoe' }),
  'POST /api/auth/sign-in': () => ({ email: newEmail(), password: 'four otters in a canoe' }),
  'POST /api/auth/password': () => ({ current: 'not the password at all', next: 'four otters in a canoe' }),
  'POST /api/consent': () => ({ version: 'v1' }),
  'PATCH /api/sessions/{id}': () => ({ title: 'Mine' }),
  'POST /api/sessions/{id}/messages': () => ({ text: 'Hello' }),
  'POST /api/sessions/{id}/rating': () => ({ rating: 5 }),
};

const PASSWORD = 'a quiet lamp in the hallway';
let addresses = 0;
/** As a balancer passes it on: nobody counts as being on this machine, and nobody's attempts count against another's. */
const elsewhere = () => ({ 'x-forwarded-for': `198.18.${(addresses += 1) >> 8}.${addresses & 255}` });
let people = 0;
const newEmail = () => `other-${(people += 1)}@example.org`;

let issuer: TestIssuer;
let server: TestServer;
let operations: string[];
let sessionId: string;
let audioFile: string;
/** The owner, by a sign-in here. */
let owner: string;

beforeAll(async () => {
  issuer = await startIssuer();
  const env = { AUTH: 'required', AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe', TRUSTED_PROXIES: 'loopback' };
  server = await startTestServer({ env: { ...env, ...issuer.env, AUTH_OPERATORS: 'olga' } });
  const document = (await (await fetch(`${server.url}/docs/openapi.json`)).json()) as { paths: Record<string, object> };
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  owner = await signedUp('owner@example.org');
  const headers = { authorization: `Bearer ${owner}` };
  ({ sessionId } = await data<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST', headers }));
  const said = await data<{ messages: { audioUrl?: string }[] }>(`${server.url}/api/sessions/${sessionId}/messages`, {
    method: 'POST',
    headers,
    json: { text: 'Speak' },
  });
  audioFile = new URL(said.messages[1]?.audioUrl ?? '').pathname.slice('/audio/'.length);
});
afterAll(async () => {
  await server.close();
  await issuer.close();
});

async function signIn(email: string): Promise<string> {
  const json = { email, password: PASSWORD, token: true };
  return (
    await data<{ token: string }>(`${server.url}/api/auth/sign-in`, { method: 'POST', json, headers: elsewhere() })
  ).token;
}

async function signedUp(email: string): Promise<string> {
  const json = { email, password: PASSWORD };
  await data(`${server.url}/api/auth/sign-up`, { method: 'POST', json, headers: elsewhere() });
  return signIn(email);
}

async function minted(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  return (await data<{ token: string }>(`${server.url}/api/auth/token`, { method: 'POST', headers })).token;
}

/** Of the owner's, and revoked: the sign-in itself, what was minted from it, or its cookie. */
async function revoked(): Promise<{ token: string; minted: string }> {
  const token = await signIn('owner@example.org');
  const both = { token, minted: await minted(token) };
  await data(`${server.url}/api/auth/sign-out`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  return both;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** By what is wrong with it: the headers, and the code of the refusal. */
const BAD: Readonly<Record<string, { headers: () => Promise<Record<string, string>>; code: string }>> = {
  'no token': { headers: async () => ({}), code: 'sign_in_required' },
  'an expired token': { headers: async () => bearer(await issuer.token({ expiresIn: -60 })), code: 'token_expired' },
  'a token of the wrong issuer': {
    headers: async () => bearer(await issuer.token({ issuer: 'https://else.example' })),
    code: 'invalid_token',
  },
  'a token for the wrong audience': {
    headers: async () => bearer(await issuer.token({ audience: 'another-service' })),
    code: 'invalid_token',
  },
  'alg: none': { headers: async () => bearer(issuer.unsigned()), code: 'invalid_token' },
  'a public key for a secret': {
    headers: async () => bearer(await issuer.signedWithPublicKey()),
    code: 'invalid_token',
  },
  'a revoked sign-in': { headers: async () => bearer((await revoked()).token), code: 'invalid_token' },
  'a token of a revoked sign-in': { headers: async () => bearer((await revoked()).minted), code: 'token_revoked' },
  'the cookie of a revoked sign-in': {
    headers: async () => ({ cookie: `kuku_sign_in=${encodeURIComponent((await revoked()).token)}` }),
    code: 'sign_in_required',
  },
  nonsense: { headers: async () => ({ authorization: 'Bearer nonsense' }), code: 'invalid_token' },
};

const OTHERS: Readonly<Record<string, () => Promise<string>>> = {
  'another account’s token': () => signedUp(newEmail()),
  'another’s minted token': async () => minted(await signedUp(newEmail())),
  'another’s of the issuer': () => issuer.token({ subject: 'somebody' }),
  'an operator’s': () => issuer.token({ subject: 'olga' }),
};

async function ask(operation: string, headers: Record<string, string>) {
  const [method = '', path = ''] = operation.split(' ');
  const url = server.url + path.replace('{id}', sessionId).replace('{file}', audioFile);
  const json = BODIES[operation]?.();
  const response = await fetch(url, {
    method,
    headers: { ...elsewhere(), ...(json && { 'content-type': 'application/json' }), ...headers },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return { status: response.status, code };
}

const of = (...kinds: Kind[]) => operations.filter((each) => kinds.includes(CLASSES[each] ?? 'open'));
const AUTH_CODES = ['sign_in_required', 'invalid_token', 'token_expired', 'token_revoked', 'operators_only'];

it('every route is classified, and nothing else is', () => {
  expect(operations.sort()).toEqual(Object.keys(CLASSES).sort());
});

describe.each(Object.entries(BAD))('%s', (_what, { headers, code }) => {
  it('is refused by whatever is somebody’s', async () => {
    const given = await headers();
    for (const operation of of('user', 'owner', 'account')) {
      expect({ operation, ...(await ask(operation, given)) }).toEqual({ operation, status: 401, code });
    }
  });

  it('is refused where one asks who one is, unless it is none', async () => {
    const given = await headers();
    for (const operation of of('me')) {
      const { status, code: got } = await ask(operation, given);
      if (code === 'sign_in_required') expect(AUTH_CODES).not.toContain(got);
      else expect({ operation, status, code: got }).toEqual({ operation, status: 401, code });
    }
  });

  it('shows no numbers', async () => {
    const given = await headers();
    for (const operation of of('operator')) {
      expect(await ask(operation, given)).toEqual({ status: 403, code: 'operators_only' });
    }
  });

  it('makes no difference where nothing is anybody’s', async () => {
    const given = await headers();
    for (const operation of of('open')) {
      const answer = await ask(operation, given);
      if (operation !== 'POST /api/auth/sign-in') expect({ operation, ...answer }).toEqual({ operation, status: 200 });
      else expect(answer).toEqual({ status: 401, code: 'wrong_credentials' });
    }
  });

  it('opens no socket', async () => {
    const given = await headers();
    const url = `${server.url.replace('http', 'ws')}/api/sessions/${sessionId}/socket`;
    const access = { url, ticket: '', protocols: ['kuku.v1'], expiresAt: '' };
    expect(await connectTestClient({ access, headers: given }).closed).toBe(CLOSE.badTicket.code);
  });
});

describe.each(Object.entries(OTHERS))('%s', (what, token) => {
  it('finds no session of somebody else’s, to do whatever with it', async () => {
    const given = bearer(await token());
    for (const operation of of('owner')) {
      const code = operation.includes('/audio/') ? 'audio_not_found' : 'session_not_found';
      expect({ operation, ...(await ask(operation, given)) }).toEqual({ operation, status: 404, code });
    }
  });

  it('opens no socket of somebody else’s', async () => {
    const url = `${server.url.replace('http', 'ws')}/api/sessions/${sessionId}/socket`;
    const access = { url, ticket: '', protocols: ['kuku.v1'], expiresAt: '' };
    const client = connectTestClient({ access, headers: bearer(await token()) });
    expect(await client.closed).toBe(CLOSE.noSuchSession.code);
  });

  it('shows numbers to operators alone', async () => {
    const { status } = await ask('GET /metrics', bearer(await token()));
    expect(status).toBe(what.includes('operator') ? 200 : 403);
  });
});

describe('the owner’s token', () => {
  it('opens the socket without a ticket, for programs', async () => {
    const url = `${server.url.replace('http', 'ws')}/api/sessions/${sessionId}/socket`;
    const access = { url, ticket: '', protocols: ['kuku.v1'], expiresAt: '' };
    const client = connectTestClient({ access, headers: bearer(owner) });
    expect(await client.next('ready')).toMatchObject({ sessionId });
    await client.close();
  });

  it('is not good for who has no account here, where that is asked', async () => {
    const external = bearer(await issuer.token());
    for (const operation of of('account')) {
      expect({ operation, ...(await ask(operation, external)) }).toEqual({
        operation,
        status: 401,
        code: 'sign_in_required',
      });
    }
  });

  it('is let in everywhere else: what was refused was refused for the token', async () => {
    const mine = bearer(owner);
    const isLast = (operation: string) => operation === 'DELETE /api/me';
    const destructive = /DELETE|\/end|\/password/;
    const order = (operation: string) => (isLast(operation) ? 2 : destructive.test(operation) ? 1 : 0);
    // Signing out is in `revoked`: nothing could come after it here.
    const all = of('me', 'user', 'account', 'owner').filter((operation) => operation !== 'POST /api/auth/sign-out');
    for (const operation of all.sort((a, b) => order(a) - order(b))) {
      const { status, code } = await ask(operation, mine);
      expect(AUTH_CODES, operation).not.toContain(code);
      expect([200, 401, 404, 409], operation).toContain(status);
      if (status === 401) expect(code, operation).toBe('wrong_credentials');
      if (status === 404 && operation !== 'GET /audio/{file}') {
        expect(['no_recap', 'not_rated', 'sign_in_not_found', 'session_not_found'], operation).toContain(code);
      }
    }
  });
});
