/** Requests made from the OpenAPI document that the server gives of itself: every route, good, nearly good, and bad. */
import * as fc from 'fast-check';
import { fromJsonSchema, type JsonSchema, type WalkOptions } from '../wire-arbitraries.ts';
import { bodyText, nearValid, strangeText, strangeValue } from './near-valid.ts';
import type { Upload } from './uploads.ts';

export interface Operation {
  /** `POST /api/sessions/{id}/messages`. */
  name: string;
  method: string;
  path: string;
  parameters: readonly { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: JsonSchema }[];
  /** By content type. */
  bodies: Readonly<Record<string, JsonSchema>>;
  /** By status, of JSON alone. */
  answers: Readonly<Record<string, object>>;
}

/** As it is sent, but for what stands in braces: `{live}` is the id of a session of the moment's. See `world.ts`. */
export interface RestInput {
  operation: string;
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | undefined;
}

export interface Documents {
  operations: readonly Operation[];
  shared: Readonly<Record<string, JsonSchema>>;
}

interface OpenApi {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, JsonSchema> };
}

interface Described {
  parameters?: Operation['parameters'];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

export function readDocuments(document: unknown): Documents {
  const { paths, components } = document as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, { parameters = [], requestBody, responses }]): Operation => {
      const method = lower.toUpperCase();
      const bodies = Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema] as const);
      const answers = Object.entries(responses).flatMap(([status, { content }]) => {
        const schema = content?.['application/json']?.schema;
        return schema ? [[status, schema] as const] : [];
      });
      const name = `${method} ${path}`;
      return {
        name,
        method,
        path,
        parameters,
        bodies: Object.fromEntries(bodies),
        answers: Object.fromEntries(answers),
      };
    }),
  );
  return { operations, shared: components.schemas };
}

/** What words cost: hashing a password takes a tenth of a second, the documents are long, and deleting needs something. */
const SELDOM = /sign-up|sign-in$|password|metrics|docs|DELETE|export|sign-out/;

const MEANINGFUL: WalkOptions['meaningful'] = {
  email: fc.constantFrom('{email}', 'somebody@example.org', 'a@b.c', ' A@EXAMPLE.ORG '),
  password: fc.constantFrom('{password}', 'four otters in a canoe', 'password1'),
  current: fc.constantFrom('{password}', 'four otters in a canoe'),
  next: fc.constantFrom('{password}', 'password1'),
  continues: fc.constantFrom('{ended}', '{live}', '{theirs}'),
  consent: fc.constant('{consent}'),
  version: fc.constant('{consent}'),
  text: fc.constantFrom(
    'I will call her on Monday.',
    'off the record',
    'Please stop here.',
    'yes',
    'I want to die',
    '…',
  ),
};

export function restInputs({ operations, shared }: Documents, upload: fc.Arbitrary<Upload>): fc.Arbitrary<RestInput> {
  const options = { shared, meaningful: MEANINGFUL ?? {} };
  const known = operations
    .filter(({ path }) => !path.endsWith('/socket'))
    .map((operation) => ({
      weight: SELDOM.test(operation.name) ? 1 : 8,
      arbitrary: requestOf(operation, options, upload),
    }));
  const weight = Math.ceil(known.reduce((sum, each) => sum + each.weight, 0) / 25);
  return fc.oneof(...known, { weight, arbitrary: anywhere(operations) });
}

const session = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('{live}', '{ended}', '{mine}', '{theirs}') },
  { weight: 2, arbitrary: strangeText.map((text) => encodeURIComponent(text.slice(0, 300).toWellFormed())) },
  { weight: 1, arbitrary: fc.constantFrom('unknown', '%00', '%zz', '%E0%A4%A', '..%2f..%2fetc', '%2e%2e', '', '-') },
);
const audio = fc.oneof({ weight: 4, arbitrary: fc.constant('{audio}') }, session);
const signIn = fc.oneof({ weight: 4, arbitrary: fc.constant('{signIn}') }, session);

function idOf(name: string, path: string): fc.Arbitrary<string> {
  if (name === 'file') return audio;
  return path.includes('/sign-ins/') ? signIn : session;
}

function requestOf(
  { name, method, path, parameters, bodies }: Operation,
  options: WalkOptions,
  upload: fc.Arbitrary<Upload>,
): fc.Arbitrary<RestInput> {
  const inPath = parameters.filter((each) => each.in === 'path');
  const ids = fc.tuple(...inPath.map((each) => idOf(each.name, path)));
  return fc
    .record({
      ids,
      query: queryOf(parameters, options),
      headers: headersOf(parameters, options),
      body: bodyOf(bodies, options, upload),
    })
    .map(({ ids: values, query, headers, body }) => {
      const where = inPath.reduce((so, parameter, i) => so.replace(`{${parameter.name}}`, values[i] ?? ''), path);
      const type: Record<string, string> = body?.type === undefined ? {} : { 'content-type': body.type };
      Object.assign(type, headers);
      return { operation: name, method, path: where + query, headers: type, body: body?.content };
    });
}

function queryOf(parameters: Operation['parameters'], options: WalkOptions): fc.Arbitrary<string> {
  const known = parameters.filter((each) => each.in === 'query');
  const schema = { type: 'object', properties: Object.fromEntries(known.map((each) => [each.name, each.schema])) };
  const good = fromJsonSchema(schema, options);
  const written = fc
    .oneof(good, nearValid(good), fc.dictionary(strangeText, strangeValue, { maxKeys: 3 }))
    .map((value) =>
      Object.entries(Object(value) as object)
        .map(([key, each]) =>
          [key, typeof each === 'string' ? each : (JSON.stringify(each) ?? '')]
            .map((part) => encodeURIComponent(part.slice(0, 2000).toWellFormed()))
            .join('='),
        )
        .join('&'),
    );
  const rubbish = fc.constantFrom('%', '%zz=%', 'limit=1&limit=2', 'q[]=1', '&&&=', 'limit=%00', 'cursor=%F0%9F');
  const none = { weight: known.length > 0 ? 1 : 20, arbitrary: fc.constant('') };
  return fc
    .oneof(none, { weight: 8, arbitrary: written }, { weight: 1, arbitrary: rubbish })
    .map((text) => (text === '' ? '' : `?${text}`));
}

/** What a header may hold on its way through a client that obeys the rules; `wire-inputs.ts` has those that don't. */
const headerText = strangeText.map((text) => text.slice(0, 3000).replace(/[^\t\x20-\x7e\x80-\xff]/g, '?'));
const token = fc.oneof(fc.constantFrom('{token}', '{token}', '{minted}', 'eyJhbGciOiJub25lIn0.e30.', 'x'), headerText);
const COMMON: Readonly<Record<string, fc.Arbitrary<string>>> = {
  authorization: fc.oneof({ weight: 5, arbitrary: token.map((text) => `Bearer ${text}`) }, headerText),
  cookie: fc.oneof(
    fc.constantFrom('kuku_guest={guest}', 'kuku_sign_in={token}', 'kuku_guest={guest}; kuku_sign_in={token}'),
    headerText,
  ),
  origin: fc.oneof(fc.constantFrom('{origin}', 'null', 'https://elsewhere.example'), headerText),
  'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site', 'none', '?'),
  'x-forwarded-for': fc.oneof(fc.ipV4(), fc.ipV6(), headerText),
  'x-forwarded-host': headerText,
  'x-forwarded-proto': fc.constantFrom('https', 'javascript', '', 'https,http'),
  range: fc.oneof(
    fc.constantFrom('bytes=0-9', 'bytes=-1', 'bytes=5-', 'bytes=9-1', 'bytes=0-1,3-4', 'bytes=1e9-', 'seconds=1-2'),
    headerText,
  ),
  'if-range': fc.oneof(fc.constant('"{audio}"'), headerText),
  accept: headerText,
  'accept-encoding': fc.constantFrom('gzip', 'br;q=1e9', '*'),
  'content-encoding': fc.constantFrom('gzip', 'deflate', 'identity'),
  'user-agent': headerText,
};

function headersOf(parameters: Operation['parameters'], options: WalkOptions): fc.Arbitrary<Record<string, string>> {
  const own = parameters
    .filter((each) => each.in === 'header')
    .map(
      (each) =>
        [each.name, fc.oneof(fromJsonSchema(each.schema, options) as fc.Arbitrary<string>, headerText)] as const,
    );
  const all = { ...COMMON, ...Object.fromEntries(own) };
  const one = fc
    .constantFrom(...Object.keys(all))
    .chain((name) => fc.tuple(fc.constant(name), all[name] ?? headerText));
  // Without a token most of what belongs to an account would not be reached; and attempts are counted by address.
  const usual = fc.record(
    { authorization: fc.constant('Bearer {token}'), 'x-forwarded-for': fc.ipV4() },
    { requiredKeys: [], noNullPrototype: true },
  );
  return fc
    .tuple(usual, fc.array(one, { maxLength: 3 }))
    .map(([mine, some]) => Object.assign(mine, Object.fromEntries(some)));
}

type Body = { type: string | undefined; content: string | Uint8Array } | undefined;

const STRANGE_TYPES = [
  'text/plain',
  'application/octet-stream',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'nonsense',
  '',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'application/json/json',
  'text/html; charset="',
];

function bodyOf(bodies: Operation['bodies'], options: WalkOptions, upload: fc.Arbitrary<Upload>): fc.Arbitrary<Body> {
  const good = Object.entries(bodies).map(([type, schema]): fc.Arbitrary<Body> => {
    if (type.startsWith('multipart/'))
      return upload.map(({ contentType, body }) => ({ type: contentType, content: body }));
    return bodyText(fromJsonSchema(schema, options)).map((content) => ({ type, content }));
  });
  const strangeType = fc.constantFrom(...STRANGE_TYPES, undefined, 'application/json');
  const rubbish = fc.oneof<fc.Arbitrary<string | Uint8Array>[]>(
    strangeText,
    fc.uint8Array({ maxLength: 300 }),
    fc.constant('x'.repeat(70_000)),
  );
  const strange = fc.record({ type: strangeType, content: rubbish });
  const none = fc.constant<Body>(undefined);
  if (good.length === 0) return fc.oneof({ weight: 8, arbitrary: none }, { weight: 1, arbitrary: strange });
  // Decoding a recording takes longer than anything else that is asked here.
  const [words, ...files] = good;
  const weighted = [words, ...files].map((arbitrary, i) => ({
    weight: i === 0 ? 12 : 3,
    arbitrary: arbitrary ?? none,
  }));
  return fc.oneof(...weighted, { weight: 1, arbitrary: none }, { weight: 1, arbitrary: strange });
}

/** Any method at any address: of a route, near one, or nowhere. */
function anywhere(operations: readonly Operation[]): fc.Arbitrary<RestInput> {
  const route = fc.constantFrom(
    ...operations.map(({ path }) => path.replace('{id}', '{live}').replace('{file}', '{audio}')),
  );
  const nowhere = fc.oneof(
    fc.constantFrom(
      '/',
      '//',
      '/api',
      '/api/',
      '/docs/../package.json',
      '/%2e%2e/package.json',
      '/assets/../../x',
      '/*',
      '/api/sessions/{live}/socket',
    ),
    strangeText.map((text) => `/${encodeURIComponent(text.slice(0, 2000).toWellFormed())}`),
  );
  const near = fc
    .tuple(route, fc.constantFrom('/', '//', '/x', '?', '%00', ';a=b', '.json'))
    .map((parts) => parts.join(''));
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'QUERY'];
  return fc
    .record({
      operation: fc.constant('elsewhere'),
      method: fc.constantFrom(...methods),
      path: fc.oneof(route, nowhere, near),
      headers: headersOf([], {}),
      body: fc.option(strangeText, { nil: undefined }),
    })
    .filter(({ method, body }) => body === undefined || !['GET', 'HEAD'].includes(method));
}
