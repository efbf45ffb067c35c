/** The OpenAPI 3.1 document, made of what the routes say of themselves. */
import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { createSchemaWriter, type SchemaWriter } from './json-schemas.ts';
import { ErrorBody } from '../../protocol/rest.ts';
import type { RouteDoc } from './route-doc.ts';

export interface DocumentedRoute {
  method: string;
  /** As Fastify has it: `/api/sessions/:id`. */
  url: string;
  /** Absent where somebody forgot it. */
  doc: RouteDoc | undefined;
}

/** Every route that is registered from now on, but for HEAD beside GET, preflights and the page's files. It grows. */
export function collectRoutes(app: FastifyInstance): readonly DocumentedRoute[] {
  const routes: DocumentedRoute[] = [];
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.url.startsWith('/assets/')) return;
    for (const method of [route.method].flat()) {
      if (!['HEAD', 'OPTIONS'].includes(method)) routes.push({ method, url: route.url, doc: route.config?.doc });
    }
  });
  return routes;
}

const TAGS: Record<RouteDoc['tag'], string> = {
  sessions: 'Sessions: start, look at, end, rate, delete.',
  messages: 'What is said in a session, over REST.',
  me: 'All that is kept of the caller.',
  accounts: 'Who one is: accounts that are kept here, and where one is signed in.',
  socket: 'The line to talk on; its messages are in the AsyncAPI document.',
  audio: "The coach's messages as audio.",
  server: 'The server itself.',
  documents: 'What this is.',
};

export function openApiDocument(routes: readonly DocumentedRoute[], publicUrl: string | undefined) {
  const schemas = createSchemaWriter('draft-2020-12');
  const failure = schemas.write(z.object({ error: ErrorBody }))['properties'] as { error: object };
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, url, doc } of routes) {
    if (!doc) continue;
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[method.toLowerCase()] = operation({ method, url, doc, schemas, failure: failure.error });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kuku Coach',
      version: packageJson.version,
      summary: 'Talk with a coach that listens, keeps the time and remembers.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl ?? '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: schemas.shared },
  };
}

interface Operation extends DocumentedRoute {
  doc: RouteDoc;
  schemas: SchemaWriter;
  /** Schema of a refusal. */
  failure: object;
}

function operation({ method, url, doc, schemas, failure }: Operation): object {
  const refusals = Object.entries({ ...doc.refusals, ...(doc.bodies ? { 413: 'The body is too large' } : {}) });
  return {
    operationId: operationId(method, url),
    summary: doc.summary,
    tags: [doc.tag],
    parameters: parameters(url, doc, schemas),
    ...(doc.bodies ? { requestBody: requestBody(doc.bodies, schemas, !doc.bodyOptional) } : {}),
    responses: {
      [doc.status ?? 200]: { description: 'Done', ...answer(doc, schemas) },
      ...describe(doc.also ?? {}),
      ...Object.fromEntries(refusals.map(([status, description]) => [status, { description, content: json(failure) }])),
      default: {
        description: 'Too many requests (429), or something went wrong here; `retry-after` may say when to ask again',
        content: json(failure),
      },
    },
  };
}

/** `GET /api/sessions/:id/messages` → `get_api_sessions_id_messages`. */
function operationId(method: string, url: string): string {
  const words = url.split(/\W+/).filter(Boolean);
  return [method.toLowerCase(), ...(words.length > 0 ? words : ['root'])].join('_');
}

function parameters(url: string, { query, headers }: RouteDoc, schemas: SchemaWriter): object[] {
  const inPath = [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const fields = (place: 'query' | 'header', object: z.ZodObject | undefined) =>
    Object.entries(object?.shape ?? {}).map(([name, field]) => ({
      name,
      in: place,
      required: !(field as z.ZodType).safeParse(undefined).success,
      schema: schemas.write(field as z.ZodType),
    }));
  return [...inPath, ...fields('query', query), ...fields('header', headers)];
}

function requestBody(bodies: NonNullable<RouteDoc['bodies']>, schemas: SchemaWriter, required: boolean): object {
  const content = Object.entries(bodies).map(([type, schema]) => [type, { schema: schemas.write(schema) }]);
  return { required, content: Object.fromEntries(content) };
}

function answer({ data, bare }: RouteDoc, schemas: SchemaWriter): object {
  if (data) return { content: json(schemas.write(z.object({ success: z.literal(true), data }))) };
  if (!bare) return {};
  const content = Object.entries(bare).map(([type, schema]) => [type, schema ? { schema: schemas.write(schema) } : {}]);
  return { content: Object.fromEntries(content) };
}

function json(schema: object) {
  return { 'application/json': { schema } };
}

function describe(statuses: Readonly<Record<number, string>>): object {
  return Object.fromEntries(Object.entries(statuses).map(([status, description]) => [status, { description }]));
}
