/** Sends one request and looks at the answer: what must be true of each, whatever was asked. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Dispatcher, Pool } from 'undici';
import { ErrorBody, ReadyBody } from '../../../protocol/rest.ts';
import type { Documents, RestInput } from './rest-inputs.ts';
import { Finding, type Tally } from './tally.ts';
import type { World } from './world.ts';

/** Refusals for now, of which each is documented where it is thrown: too much work at once, or an owner in between. */
const FOR_NOW: ReadonlySet<string> = new Set(['decoder_busy', 'engine_busy', 'owner_away', 'interrupted', 'no_answer']);
const INSIDES = /\bat \S+ \(|node_modules|\.ts:\d|select |insert |relation|FST_|Error:/i;
/** Over this, the server answers before it has read all, and closes. */
const MAX_BODY_BYTES = 64 * 1024;

export interface Answer {
  status: number;
  type: string;
  text: string;
}

export type AnswerCheck = (operation: string, method: string, answer: Answer) => void;

/** Throws a `Finding` for an answer that is none of the documented ones. */
export function createAnswerCheck({ operations, shared }: Documents, tally: Tally): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'api', components: { schemas: shared } });
  const rooted = (schema: object) =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object;
  const schemas = new Map(
    operations.flatMap(({ name, answers }) =>
      Object.entries(answers).map(([status, schema]) => [`${name} ${status}`, ajv.compile(rooted(schema))] as const),
    ),
  );
  return (operation, method, { status, type, text }) => {
    tally.outcome(String(status));
    if (status < 400) {
      const isGood = schemas.get(`${operation} ${status}`);
      if (isGood && type.startsWith('application/json') && !isGood(JSON.parse(text)))
        throw new Finding(`${status} is not as documented: ${ajv.errorsText(isGood.errors)}: ${text.slice(0, 500)}`);
      if (operation !== 'elsewhere') tally.answeredWell(operation);
      return;
    }
    // The one refusal that has a shape of its own: what is asked for is which dependency is away.
    if (operation === 'GET /ready' && status === 503 && ReadyBody.safeParse(parsed(text)).success)
      return tally.refusedForNow('not ready');
    if (method === 'HEAD') {
      if (status >= 500) throw new Finding(`answered with ${status}`);
      return;
    }
    const refusal = ErrorBody.strict().safeParse(parsed(text));
    if (!refusal.success) throw new Finding(`${status} is no refusal as documented: ${text.slice(0, 500)}`);
    const { error, code } = refusal.data;
    if (status === 503 && FOR_NOW.has(code)) tally.refusedForNow(code);
    else if (status >= 500) throw new Finding(`answered with ${status} ${code}: ${error}`);
    if (!/^\S.{3,}/.test(error) || INSIDES.test(error) || !/^[a-z][a-z0-9_]+$/.test(code))
      throw new Finding(`${status} says what it should not, or nothing: ${text.slice(0, 500)}`);
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface RestSending {
  http: Pool;
  world: World;
  tally: Tally;
  check: AnswerCheck;
}

export async function sendRest(input: RestInput, { http, world, tally, check }: RestSending): Promise<void> {
  const { operation, method } = input;
  const path = world.filled(input.path);
  const headers = Object.fromEntries(Object.entries(input.headers).map(([name, value]) => [name, world.filled(value)]));
  const body = typeof input.body === 'string' ? Buffer.from(world.filled(input.body)) : input.body;
  tally.input(input.body instanceof Uint8Array ? 'upload' : 'request');
  const request = {
    method,
    path,
    headers,
    ...(body !== undefined && { body: Buffer.from(body) }),
  };
  const answer = await answerTo(http, request).catch((error: unknown) => {
    if ((body?.byteLength ?? 0) > MAX_BODY_BYTES) return undefined;
    throw new Finding(`there was no answer: ${String(error)}`, { cause: error });
  });
  if (!answer) return tally.outcome('closed on a large body');
  if (operation === 'POST /api/sessions' && answer.status === 200) {
    const { data } = JSON.parse(answer.text) as { data: { sessionId: string } };
    world.made(data.sessionId, headers);
  }
  check(operation, method, answer);
}

async function answerTo(http: Pool, request: Dispatcher.RequestOptions): Promise<Answer> {
  const { statusCode: status, headers, body } = await http.request(request);
  const bytes = Buffer.from(await body.arrayBuffer());
  return { status, type: String(headers['content-type'] ?? ''), text: bytes.toString() };
}
