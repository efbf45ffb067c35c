/** A server with a key: what it keeps shows no word of what was said, and whoever said it notices nothing. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeBody, MessagesBody } from '../../../protocol/rest.ts';
import { arriveAt, type ComposedServer, composedStorages, startComposedServer } from '../../support/composed-server.ts';
import { data } from '../../support/rest.ts';
import { unzip } from '../../support/unzip.ts';

const STORAGES = await composedStorages();
const env = { ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}` };

describe.each(STORAGES)('with a key, on $name', { timeout: 60_000 }, ({ storage }) => {
  let server: ComposedServer;
  beforeAll(async () => {
    server = await startComposedServer({ ...storage, env });
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  it('what was said is sealed in Redis, the database and the audio folder, and read and heard as ever', async () => {
    const { sessionId, headers } = await arriveAt(server);
    const session = `${server.url}/api/sessions/${sessionId}`;
    const say = (text: string) =>
      data<ExchangeBody>(`${session}/messages`, { method: 'POST', json: { text }, headers });
    const { messages } = await say('I keep a pelican.');
    const url = messages[1].audioUrl ?? '';
    const speech = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    expect(speech.subarray(0, 3).toString() === 'ID3' || speech[0] === 0xff).toBe(true);
    const part = await fetch(url, { headers: { ...headers, range: 'bytes=10-99' } });
    expect(part.headers.get('content-range')).toBe(`bytes 10-99/${speech.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(speech.subarray(10, 100));
    for (const file of await server.audioFiles()) expect(file.includes(speech.subarray(100, 200))).toBe(false);
    expect(await server.dumpRedis()).not.toMatch(/pelican|You said/);

    const { archive } = server.composition;
    await expect.poll(async () => (await archive.messages(sessionId)).length, { timeout: 30_000 }).toBe(2);
    await data(`${session}/end`, { method: 'POST', headers });
    const said = await data<MessagesBody>(`${session}/messages`, { headers });
    expect(said.messages.map(({ text }) => text)).toEqual(['I keep a pelican.', 'You said I keep a pelican..']);
    await expect.poll(async () => (await archive.session(sessionId))?.status, { timeout: 30_000 }).toBe('ended');
    const found = await data(`${server.url}/api/sessions?q=pelican`, { headers });
    expect(found).toMatchObject({ sessions: [{ sessionId, match: { snippet: expect.stringContaining('pelican') } }] });
    const files = await unzip(
      Buffer.from(await (await fetch(`${server.url}/api/me/export`, { headers })).arrayBuffer()),
    );
    expect([...files.values()].some((file) => file.includes('I keep a pelican.'))).toBe(true);
    expect([...files.values()].some((file) => file.equals(speech))).toBe(true);

    expect(await server.dumpRedis()).not.toMatch(/pelican|You said/);
    await server.stop();
    const dump = await server.dumpDatabase();
    expect(dump).toContain(sessionId);
    expect(dump).not.toMatch(/pelican|You said/);
  });
});
