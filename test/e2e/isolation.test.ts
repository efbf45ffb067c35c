/**
 * Two people, three instances on one Redis and one Postgres, hundreds or thousands of sessions in random order: everything that
 * reaches one of them is looked at for anything of the other's. What is said in a session names its person and itself,
 * and each person's speech is a sound of its own.
 */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { CLOSE } from '../../protocol/close-codes.ts';
import type { CreatedSessionBody, SessionListBody, TicketBody } from '../../protocol/rest.ts';
import { buildApp } from '../../server/app.ts';
import { compose, type Composition } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';
import { systemClock as clock } from '../../server/ports/clock.ts';
import type { TextToSpeech } from '../../server/ports/text-to-speech.ts';
import { createLogger } from '../../server/telemetry/logger.ts';
import { postgresServer, temporaryFolder, temporaryPostgres } from '../support/databases.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { call, data } from '../support/rest.ts';
import { energyVad, scriptedEngine, scriptedStt } from '../support/scripted.ts';
import { connectTestClient } from '../support/test-client.ts';
import { WITHOUT_RATES } from '../support/without-rates.ts';

/** `npm run isolation` has 3000: on two cores, four minutes. */
const SESSIONS = Number(process.env['ISOLATION_SESSIONS'] ?? 300);
const AT_ONCE = 16;
const PASSWORD = 'a quiet lamp in the hallway';

interface Person {
  word: 'alpha' | 'bravo';
  headers: () => Promise<Record<string, string>>;
  sessions: Set<string>;
}

/** Speech that is nobody's in particular: the greeting. */
const NEUTRAL = 300;
/** The value of every sample of speech about a person's words. */
const SOUNDS = { alpha: 1000, bravo: 2000 };

let redis: TestRedis;
let database: { url: string; remove(): Promise<void> };
let folder: { path: string; remove(): Promise<void> };
let issuer: TestIssuer;
const instances: { url: string; app: FastifyInstance; composition: Composition }[] = [];
let people: [Person, Person];

const postgres = await postgresServer();

beforeAll(async () => {
  if (postgres === undefined) return;
  [redis, database, folder, issuer] = await Promise.all([
    startRedis(),
    temporaryPostgres(postgres),
    temporaryFolder(),
    startIssuer(),
  ]);
  for (let i = 0; i < 3; i += 1) instances.push(await startInstance());
  const [first] = instances;
  if (!first) throw new Error('no instance');
  const account = { email: 'alpha@example.org', password: PASSWORD };
  await data(`${first.url}/api/auth/sign-up`, { method: 'POST', json: account });
  const json = { ...account, token: true };
  const { token } = await data<{ token: string }>(`${first.url}/api/auth/sign-in`, { method: 'POST', json });
  const minted = { authorization: `Bearer ${token}` };
  people = [
    { word: 'alpha', sessions: new Set(), headers: async () => minted },
    {
      word: 'bravo',
      sessions: new Set(),
      headers: async () => ({ authorization: `Bearer ${await issuer.token({ subject: 'bravo' })}` }),
    },
  ];
}, 120_000);
afterAll(async () => {
  for (const { app, composition } of instances) {
    await app.close();
    await composition.close();
  }
  await Promise.all([redis?.remove(), database?.remove(), folder?.remove(), issuer?.close()]);
}, 60_000);

async function startInstance() {
  const config = loadConfig({
    ...WITHOUT_RATES,
    AUTH: 'required',
    AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe',
    ...issuer.env,
    REDIS_URL: redis.url,
    DATABASE_URL: database.url,
    DATA_DIR: folder.path,
    LOG_LEVEL: 'silent',
    LIMIT_SOCKETS_PER_ADDRESS: '10000',
    LIMIT_SOCKETS_PER_USER: '10000',
  });
  const logger = createLogger('silent');
  const composition = await compose(config, logger, {
    engine: scriptedEngine({ clock, answer: ({ conversation }) => `Heard ${conversation.at(-1)?.text ?? 'you'}` }),
    vad: energyVad(),
    stt: scriptedStt({ clock, texts: ['nothing'] }),
    tts: soundOfWhoever,
  });
  const app = await buildApp({ config, ...composition, logger, pageDir: undefined });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, app, composition };
}

const soundOfWhoever: TextToSpeech = {
  name: 'of whoever',
  sampleRate: 16_000,
  async *synthesize(text) {
    const value = text.includes('alpha') ? SOUNDS.alpha : text.includes('bravo') ? SOUNDS.bravo : NEUTRAL;
    yield { pcm: new Int16Array(1600).fill(value) };
  },
  close: () => Promise.resolve(),
};

/** Numbers in no order that comes again the same from the same seed. */
function randomFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { chance: (p: number) => next() < p, pick: <T>(of: readonly T[]) => of[Math.floor(next() * of.length)] as T };
}

const SEED = Number(process.env['ISOLATION_SEED'] ?? Date.now() % 1_000_000);
const random = randomFrom(SEED);
const anywhere = () => random.pick(instances).url;
const foreignTo = ({ word }: Person) => (word === 'alpha' ? 'bravo' : 'alpha');

/** Everything that came over this person's sockets and in answers to this person, looked at as it comes. */
const seen = { messages: 0, frames: 0, alpha: 0, bravo: 0, answers: 0, refusals: 0 };

function checkMine(person: Person, what: unknown): void {
  const text = JSON.stringify(what);
  if (text.includes(foreignTo(person))) throw new Error(`seed ${SEED}: ${person.word} got ${text.slice(0, 500)}`);
}

async function asked<T>(person: Person, path: string, method = 'GET', json?: object): Promise<T> {
  const headers = await person.headers();
  const got = await data<T>(anywhere() + path, { method, headers, ...(json && { json }) });
  checkMine(person, got);
  seen.answers += 1;
  return got;
}

/** A talk by socket at one instance, and often another at a second one, while something is said over REST at a third. */
async function live(person: Person, session: CreatedSessionBody, said: string): Promise<void> {
  const path = `/api/sessions/${session.sessionId}`;
  const first = connectTestClient({ access: session.socket });
  await first.next('ready');
  if (random.chance(0.5)) first.send({ type: 'text', id: 'one', text: `${said} by socket` });
  else await asked(person, `${path}/messages`, 'POST', { text: `${said} by post` });
  await first.next('turn.done', ({ turn }) => turn > 1);
  const clients = [first];
  if (random.chance(0.3)) {
    const { socket } = await asked<TicketBody>(person, `${path}/ticket`, 'POST');
    const second = connectTestClient({ access: socket });
    await second.next('ready');
    expect(await first.closed).toBe(CLOSE.replaced.code);
    second.send({ type: 'text', id: 'two', text: `${said} again` });
    await second.next('turn.done', ({ turn }) => turn > 2);
    clients.push(second);
  }
  await clients.at(-1)?.close();
  for (const client of clients) {
    checkMine(person, client.received);
    seen.messages += client.received.length;
    for (const { pcm } of client.frames) {
      seen.frames += 1;
      if (isMostly(pcm, SOUNDS[foreignTo(person)])) throw new Error(`seed ${SEED}: ${person.word} heard the other`);
      if (isMostly(pcm, SOUNDS[person.word])) seen[person.word] += 1;
    }
  }
}

/** Speech may be faded at its ends. */
function isMostly(pcm: Int16Array, value: number): boolean {
  return pcm.filter((sample) => Math.abs(sample - value) < 3).length > pcm.length / 2;
}

/** The other one tries to get at it, at whatever instance. */
async function intrude(other: Person, session: CreatedSessionBody): Promise<void> {
  const [method, path] = random.pick([
    ['GET', ''],
    ['GET', '/messages'],
    ['POST', '/messages'],
    ['POST', '/ticket'],
    ['POST', '/end'],
    ['GET', '/recap'],
    ['DELETE', ''],
  ] as const);
  const headers = await other.headers();
  const url = `${anywhere()}/api/sessions/${session.sessionId}`;
  const json = path === '/messages' && method === 'POST' ? { json: { text: 'let me in' } } : {};
  const { status, body } = await call(url + path, { method, headers, ...json });
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'session_not_found' });
  seen.refusals += 1;
  if (!random.chance(0.2)) return;
  // With a ticket of one's own for a session of somebody else's.
  const mine = random.pick([...other.sessions]);
  if (mine === undefined) return;
  const { socket } = await asked<TicketBody>(other, `/api/sessions/${mine}/ticket`, 'POST');
  const access = { ...socket, url: socket.url.replace(mine, session.sessionId) };
  expect(await connectTestClient({ access }).closed).toBe(CLOSE.notYours.code);
  seen.refusals += 1;
}

async function oneSession(number: number): Promise<void> {
  const [person, other] = random.chance(0.5) ? people : ([people[1], people[0]] as const);
  const session = await asked<CreatedSessionBody>(person, '/api/sessions', 'POST');
  const said = `${person.word} number${number}`;
  const path = `/api/sessions/${session.sessionId}`;
  if (random.chance(0.4)) await intrude(other, session);
  if (random.chance(0.6)) await live(person, session, said);
  else await asked(person, `${path}/messages`, 'POST', { text: said });
  await intrude(other, session);
  person.sessions.add(session.sessionId);
  if (random.chance(0.1)) {
    await asked(person, `/api/sessions?q=number${number}`);
    const foreign = await asked<SessionListBody>(other, `/api/sessions?q=number${number}`);
    expect(foreign.sessions).toEqual([]);
  }
  if (random.chance(0.3)) await asked(person, `${path}/messages`);
  if (random.chance(0.2)) await asked(person, `${path}/end`, 'POST');
}

async function allOf(person: Person, query: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const page = await asked<SessionListBody>(person, `/api/sessions?limit=100${query}${cursor}`);
    ids.push(...page.sessions.map(({ sessionId }) => sessionId));
    if (page.nextCursor === undefined) return ids.sort();
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

it.skipIf(postgres === undefined)(
  `nobody gets an event, a sound, an answer or a search hit of somebody else in ${SESSIONS} sessions`,
  { timeout: 600_000 },
  async () => {
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < SESSIONS) await oneSession((next += 1));
      }),
    );
    for (const person of people) {
      const mine = [...person.sessions].sort();
      expect(await allOf(person, '')).toEqual(mine);
      expect(await allOf(person, `&q=${person.word}`)).toEqual(mine);
      expect(await allOf(person, `&q=${foreignTo(person)}`)).toEqual([]);
    }
    console.info(`seed ${SEED}: ${JSON.stringify(seen)}`);
    expect(seen.refusals).toBeGreaterThan(SESSIONS);
    expect(seen.messages).toBeGreaterThan(SESSIONS);
    // Each has heard their own sound: it would have been known for the other's.
    expect(Math.min(seen.alpha, seen.bravo)).toBeGreaterThan(SESSIONS / 10);
  },
);
