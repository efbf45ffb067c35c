/** What inputs refer to by names in braces: sessions that are there, an account and its tokens, a spoken file. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Pool } from 'undici';
import type { SignInsBody } from '../../../protocol/accounts.ts';
import type { CreatedSessionBody, ExchangeBody, SessionBody } from '../../../protocol/rest.ts';

export const NAMES = [
  'live',
  'mine',
  'ended',
  'theirs',
  'audio',
  'token',
  'minted',
  'signIn',
  'guest',
  'email',
  'password',
  'consent',
  'origin',
  'proposal',
] as const;
export type Name = (typeof NAMES)[number];

export interface World {
  /** Puts in what is there at the moment. */
  filled(text: string): string;
  readonly values: Readonly<Record<Name, string>>;
  /** Makes anew what inputs have ended, deleted or signed out, or used a lot. */
  refresh(): Promise<void>;
  /** The proposal to wrap up that a socket was told of. */
  proposed(id: string): void;
  /** Remembers a session that an input made, so that it is deleted with the others. */
  made(sessionId: string, headers: Readonly<Record<string, string>>): void;
  /** Deletes all that was made here. */
  clear(): Promise<void>;
}

interface Made {
  id: string;
  headers: Readonly<Record<string, string>>;
}

const PASSWORD = 'a quiet lamp in the hallway';

export async function createWorld(http: Pool, origin: string, name: string): Promise<World> {
  const values = Object.fromEntries(NAMES.map((each) => [each, ''])) as Record<Name, string>;
  Object.assign(values, { origin, password: PASSWORD, guest: randomBytes(32).toString('base64url') });
  let made: Made[] = [];
  let accounts = 0;

  const ask = async (method: string, path: string, headers: Made['headers'] = {}, json?: object) => {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
    const { statusCode, body: answer } = await http.request({
      method,
      path,
      headers: { ...type, ...headers },
      ...body,
    });
    const text = await answer.text();
    return { status: statusCode, data: statusCode === 200 ? (JSON.parse(text) as { data: unknown }).data : undefined };
  };
  const must = async <T>(...asked: Parameters<typeof ask>): Promise<T> => {
    const { status, data } = await ask(...asked);
    if (data === undefined) throw new Error(`${asked[0]} ${asked[1]} was answered with ${status}`);
    return data as T;
  };
  const bearer = () => ({ authorization: `Bearer ${values.token}` });
  const newSession = async (headers: Made['headers']) => {
    const { sessionId } = await must<CreatedSessionBody>('POST', '/api/sessions', headers);
    made.push({ id: sessionId, headers });
    return sessionId;
  };
  const signIn = async () => {
    values.email = `${name}-${(accounts += 1)}@example.org`;
    const json = { email: values.email, password: PASSWORD };
    // Attempts are counted by address.
    const from = { 'x-forwarded-for': `198.18.${randomInt(256)}.${randomInt(256)}` };
    await must('POST', '/api/auth/sign-up', from, json);
    const { token } = await must<{ token: string }>('POST', '/api/auth/sign-in', from, { ...json, token: true });
    values.token = token;
    values.minted = (await must<{ token: string }>('POST', '/api/auth/token', bearer())).token;
  };
  const status = async (id: string, headers: Made['headers'] = {}) =>
    ((await ask('GET', `/api/sessions/${id}`, headers)).data as SessionBody | undefined)?.status;
  const spoken = async () => {
    const said = await must<ExchangeBody>(
      'POST',
      `/api/sessions/${values.live}/messages`,
      {},
      { text: 'I worry about it.' },
    );
    const url = said.messages[1].audioUrl;
    if (url !== undefined) values.audio = new URL(url).pathname.slice('/audio/'.length);
  };
  const theirs = { cookie: `kuku_guest=${randomBytes(32).toString('base64url')}` };

  const world: World = {
    values,
    filled: (text) =>
      text.replace(/\{(\w+)\}/g, (whole, key: string) => (Object.hasOwn(values, key) ? values[key as Name] : whole)),
    async refresh() {
      if ((await ask('GET', '/api/auth/sign-ins', bearer())).status !== 200) {
        await signIn();
        values.mine = '';
      }
      if (made.length > MANY) await world.clear();
      if (values.mine === '' || (await status(values.mine, bearer())) !== 'active')
        values.mine = await newSession(bearer());
      if (values.theirs === '' || (await status(values.theirs, theirs)) === undefined)
        values.theirs = await newSession(theirs);
      if (values.live === '' || (await status(values.live)) !== 'active') {
        values.live = await newSession({});
        await spoken();
      }
      if (values.ended === '' || (await status(values.ended)) === undefined) {
        values.ended = await newSession({});
        await must('POST', `/api/sessions/${values.ended}/messages`, {}, { text: 'I will call her on Monday.' });
        await must('POST', `/api/sessions/${values.ended}/end`);
      }
      const { signIns } = await must<SignInsBody>('GET', '/api/auth/sign-ins', bearer());
      values.signIn = signIns[0]?.id ?? '';
      values.consent = (await must<{ version: string }>('GET', '/api/consent')).version;
    },
    proposed: (id) => void (values.proposal = id),
    made: (id, headers) => void made.push({ id, headers }),
    async clear() {
      const all = made;
      made = [];
      // Some are gone, some were another's by the time they were made: those run out by themselves.
      for (const { id, headers } of all) await ask('DELETE', `/api/sessions/${id}`, headers);
      Object.assign(values, { live: '', mine: '', theirs: '', ended: '' });
    },
  };
  return world;
}

/** Sessions that are kept at once; those that are cleared have grown by what was said in them. */
const MANY = 40;
