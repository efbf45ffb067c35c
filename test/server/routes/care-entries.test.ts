/** The entry that somebody spoke of harm: without their words, theirs to take along, gone with what it belongs to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arriveAt, type ComposedServer, composedStorages, startComposedServer } from '../../support/composed-server.ts';
import { call, data } from '../../support/rest.ts';
import { unzip } from '../../support/unzip.ts';

const STORAGES = await composedStorages();
const HARM = 'I have been collecting pills';

describe.each(STORAGES)('on $name', { timeout: 120_000 }, ({ storage }) => {
  let server: ComposedServer;
  beforeAll(async () => {
    server = await startComposedServer(storage);
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  const arrive = (wishes?: object) => arriveAt(server, wishes);
  type Person = Awaited<ReturnType<typeof arrive>>;
  const say = ({ sessionId, headers }: Person, text: string) =>
    data(`${server.url}/api/sessions/${sessionId}/messages`, { method: 'POST', json: { text }, headers });
  const entries = ({ sessionId }: Person) => server.composition.archive.cares(sessionId);
  const written = (person: Person) =>
    expect
      .poll(() => entries(person), { timeout: 60_000 })
      .toEqual([{ atMs: expect.any(Number), about: 'self', language: 'en', via: 'text' }]);
  const exported = async ({ headers }: Person) => {
    const response = await fetch(`${server.url}/api/me/export`, { headers });
    const files = await unzip(Buffer.from(await response.arrayBuffer()));
    const name = [...files.keys()].find((path) => path.endsWith('session.json')) ?? '';
    return { text: [...files.values()].map(String).join(''), record: JSON.parse(String(files.get(name))) };
  };

  it('is written when care begins, is in the export, and goes with the session', async () => {
    const person = await arrive();
    expect(await entries(person)).toEqual([]);
    await say(person, HARM);
    await written(person);
    const { record } = await exported(person);
    const began = { beganAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), about: 'self', language: 'en', via: 'text' };
    expect(record).toMatchObject({ id: person.sessionId });
    expect(record.care).toEqual([began]);
    const { sessionId, headers } = person;
    await data(`${server.url}/api/sessions/${sessionId}`, { method: 'DELETE', headers });
    expect(await entries(person)).toEqual([]);
  });

  it('goes with the account', async () => {
    const person = await arrive();
    await say(person, HARM);
    await written(person);
    await call(`${server.url}/api/me`, { method: 'DELETE', headers: person.headers });
    expect(await entries(person)).toEqual([]);
  });

  it.each([
    { name: 'off the record', wish: undefined, before: ['My marmot hums.', 'Off the record, please.'] },
    { name: 'in a private session', wish: { ephemeral: true }, before: [] },
  ])('is written $name, too, where no word is kept', async ({ wish, before }) => {
    const person = await arrive(wish);
    for (const text of before) await say(person, text);
    await say(person, HARM);
    await written(person);
    const { text, record } = await exported(person);
    expect(record.care).toHaveLength(1);
    expect(text).not.toContain('pills');
  });

  it('leaves no word of what was off the record, private or deleted in the database', async () => {
    await server.stop();
    const dump = await server.dumpDatabase();
    expect(dump).toContain('marmot');
    expect(dump).not.toContain('pills');
  });
});
