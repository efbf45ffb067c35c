import specs from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { ClientMessage, ServerMessage } from '../../../protocol/messages.ts';
import { collectRoutes } from '../../../server/routes/openapi.ts';
import { docsRoutes } from '../../../server/routes/docs.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

type Document = {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown>; messages: Record<string, { payload: object }> };
  channels: Record<string, { address: string }>;
};

let server: TestServer;
let openApi: Document;
let asyncApi: Document;
beforeAll(async () => {
  // With accounts, so that their routes are there.
  server = await startTestServer({ env: { AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe' } });
  const read = async (file: string) => (await (await fetch(`${server.url}/docs/${file}`)).json()) as Document;
  [openApi, asyncApi] = [await read('openapi.json'), await read('asyncapi.json')];
});
afterAll(() => server.close());

/** Every `$ref` of the document that leads nowhere. */
function danglingReferences(document: object): string[] {
  const dangling: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (key === '$ref' && typeof child === 'string' && !leadsSomewhere(child)) dangling.push(child);
      visit(child);
    }
  };
  const leadsSomewhere = (ref: string) => {
    if (!ref.startsWith('#/')) return false;
    let at: unknown = document;
    for (const part of ref.slice(2).split('/')) at = (at as Record<string, unknown> | undefined)?.[part];
    return at !== undefined;
  };
  visit(document);
  return dangling;
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(openApi));
    expect(result).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('is caught by the validator when it is not', async () => {
    const broken = structuredClone(openApi);
    broken.paths['/health'] = { get: { operationId: 'x', responses: 'none' as never } };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    expect(danglingReferences(openApi)).toEqual([]);
    expect(danglingReferences({ a: { $ref: '#/components/schemas/Nothing' } })).toHaveLength(1);
    expect(Object.keys(openApi.components.schemas)).toEqual(
      expect.arrayContaining(['Error', 'Message', 'Session', 'SocketAccess']),
    );
  });

  it('has every route of the table, and names each operation once', () => {
    const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual([
      'DELETE /api/auth/sign-ins',
      'DELETE /api/auth/sign-ins/{id}',
      'DELETE /api/me',
      'DELETE /api/sessions/{id}',
      'GET /api/auth/jwks',
      'GET /api/auth/me',
      'GET /api/auth/sign-ins',
      'GET /api/consent',
      'GET /api/me/export',
      'GET /api/sessions',
      'GET /api/sessions/{id}',
      'GET /api/sessions/{id}/messages',
      'GET /api/sessions/{id}/rating',
      'GET /api/sessions/{id}/recap',
      'GET /api/sessions/{id}/socket',
      'GET /api/voices',
      'GET /audio/{file}',
      'GET /docs',
      'GET /docs/asyncapi.json',
      'GET /docs/openapi.json',
      'GET /docs/style.css',
      'GET /health',
      'GET /metrics',
      'GET /ready',
      'PATCH /api/sessions/{id}',
      'POST /api/auth/password',
      'POST /api/auth/sign-in',
      'POST /api/auth/sign-out',
      'POST /api/auth/sign-up',
      'POST /api/auth/token',
      'POST /api/consent',
      'POST /api/sessions',
      'POST /api/sessions/{id}/end',
      'POST /api/sessions/{id}/messages',
      'POST /api/sessions/{id}/rating',
      'POST /api/sessions/{id}/ticket',
    ]);
    const ids = Object.values(openApi.paths).flatMap((methods) =>
      Object.values(methods).map((each) => each.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('can forget no route: a server with one that says nothing of itself does not start', async () => {
    const app = fastify();
    const routes = collectRoutes(app);
    app.route({
      method: ['GET', 'POST'],
      url: '/both',
      handler: () => 'x',
      config: { doc: { summary: 's', tag: 'server' } },
    });
    app.get('/forgotten', () => 'x');
    await app.register(docsRoutes({ routes, publicUrl: undefined }));
    await expect(app.ready()).rejects.toThrow('give these routes a config.doc: GET /forgotten');
    expect(routes.map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining(['GET /both', 'POST /both', 'GET /forgotten', 'GET /docs']),
    );
  });
});

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3.0', () => {
    expect(errorsOf(asyncApi)).toEqual([]);
  });

  it('is caught by the validator when it is not', () => {
    expect(errorsOf({ ...asyncApi, channels: 7 })).not.toEqual([]);
  });

  it('refers to nothing that is not there', () => {
    expect(danglingReferences(asyncApi)).toEqual([]);
  });

  it('has every message of both directions, and the two kinds of audio', () => {
    const types = [...ClientMessage.options, ...ServerMessage.options].map(({ shape }) => shape.type.value);
    expect(Object.keys(asyncApi.components.messages).sort()).toEqual([...types, 'microphone', 'speech'].sort());
    expect(Object.values(asyncApi.channels)).toEqual([
      expect.objectContaining({ address: '/api/sessions/{id}/socket' }),
    ]);
  });

  it('describes messages as they are: what the protocol takes, its schemas take', () => {
    const ajv = addFormats.default(new Ajv({ strict: false }));
    ajv.addSchema({ $id: 'document', ...asyncApi });
    const valid = (type: string) => ajv.compile({ $ref: `document#/components/messages/${type}/payload` });
    expect(valid('text')({ type: 'text', id: 'a', text: 'hi' })).toBe(true);
    expect(valid('text')({ type: 'text', id: 'a' })).toBe(false);
    const recap = { topic: '', goal: '', insights: [], commitments: [{ what: 'x', confidence: 7 }], summary: '' };
    expect(valid('session.ended')({ type: 'session.ended', seq: 1, reason: 'forced', recap })).toBe(true);
    const wrong = { ...recap, commitments: [{ what: 'x', confidence: 11 }] };
    expect(valid('session.ended')({ type: 'session.ended', seq: 1, reason: 'forced', recap: wrong })).toBe(false);
  });

  it('has the close codes', () => {
    expect(asyncApi).toMatchObject({ 'x-close-codes': CLOSE });
  });

  function errorsOf(document: object): unknown[] {
    const { $schema: _, ...schema } = specs.schemas['3.0.0'] as { $schema: string };
    const ajv = addFormats.default(new Ajv({ strict: false, meta: false, validateSchema: false, logger: false }));
    const validate = ajv.compile(schema);
    return validate(document) ? [] : (validate.errors ?? []);
  }
});

describe('GET /docs', () => {
  let page: string;
  let headers: Headers;
  beforeAll(async () => {
    const response = await fetch(`${server.url}/docs`);
    ({ headers } = response);
    page = await response.text();
  });

  it('lists every operation and every message', () => {
    for (const [path, methods] of Object.entries(openApi.paths)) {
      for (const method of Object.keys(methods)) expect(page).toContain(`${method.toUpperCase()} ${path}`);
    }
    for (const name of Object.keys(asyncApi.components.messages)) expect(page).toContain(`<code>${name}</code>`);
    expect(page).toContain('4009');
  });

  it('needs no script, nothing inline and nothing from elsewhere', async () => {
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*;style-src 'self'$/);
    expect(page).not.toMatch(/<script|<style|style="|\son\w+="|src="/);
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      '/docs/style.css',
      '/docs/openapi.json',
      '/docs/asyncapi.json',
    ]);
    const style = await fetch(`${server.url}/docs/style.css`);
    expect(style.headers.get('content-type')).toMatch(/^text\/css/);
  });

  it('shows markup in the documents as text', () => {
    expect(page).not.toMatch(/<ticket>|<id>/);
    expect(page).toContain('&lt;ticket&gt;');
  });
});
