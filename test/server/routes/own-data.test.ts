/** What people do with what is kept of them: take it along, or be gone; on both kinds of storage, and whole servers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody, DeletedMeBody, ExchangeBody, SessionListBody } from '../../../protocol/rest.ts';
import { arriveAt, type ComposedServer, composedStorages, startComposedServer } from '../../support/composed-server.ts';
import type { MessageRecord } from '../../../server/ports/archive.ts';
import { call, data } from '../../support/rest.ts';
import { unzip } from '../../support/unzip.ts';

const STORAGES = await composedStorages();

describe.each(STORAGES)('on $name', { timeout: 120_000 }, ({ storage }) => {
  let server: ComposedServer;
  beforeAll(async () => {
    server = await startComposedServer(storage);
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  const arrive = () => arriveAt(server);
  const say = (sessionId: string, text: string, headers: Record<string, string>) =>
    data<ExchangeBody>(`${server.url}/api/sessions/${sessionId}/messages`, { method: 'POST', json: { text }, headers });
  const end = (sessionId: string, headers: Record<string, string>) =>
    data(`${server.url}/api/sessions/${sessionId}/end`, { method: 'POST', headers });
  /** Until the archive has heard of it: with an outbox that takes a moment. */
  const archived = async (sessionId: string, holds: (messages: readonly MessageRecord[]) => boolean) =>
    expect
      .poll(async () => holds(await server.composition.archive.messages(sessionId)), { timeout: 60_000 })
      .toBe(true);
  const traces = async (word: string) => {
    const redis = (await server.dumpRedis()).includes(word);
    return { redis, audio: (await server.audioFiles()).length };
  };

  it('everything of one’s own comes as a zip: the facts, every session, its audio', async () => {
    const ada = await arrive();
    const eve = await arrive();
    await say(ada.sessionId, 'I keep a pelican.', ada.headers);
    await say(eve.sessionId, 'I keep a walrus.', eve.headers);
    await end(ada.sessionId, ada.headers);
    await archived(ada.sessionId, (messages) => messages.some(({ audioFile }) => audioFile !== null));
    const { archive } = server.composition;
    await expect.poll(async () => (await archive.session(ada.sessionId))?.status, { timeout: 60_000 }).toBe('ended');
    const response = await fetch(`${server.url}/api/me/export`, { headers: ada.headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="kuku-coach-[\d-]+\.zip"$/);
    const files = await unzip(Buffer.from(await response.arrayBuffer()));
    const names = [...files.keys()];
    expect(names[0]).toBe('me.json');
    expect(JSON.parse(String(files.get('me.json')))).toMatchObject({ user: { issuer: 'guest' } });
    const record = JSON.parse(String(files.get(names.find((name) => name.endsWith('session.json')) ?? '')));
    expect(record).toMatchObject({ id: ada.sessionId, status: 'ended', recap: { summary: expect.any(String) } });
    const said = record.messages.map(({ text }: { text: string }) => text);
    expect(said).toEqual(['I keep a pelican.', 'You said I keep a pelican..']);
    const audio = names.filter((name) => name.includes('/audio/'));
    expect(audio).toEqual([expect.stringContaining(record.messages[1].audioFile)]);
    expect(files.get(audio[0] ?? '')?.length).toBeGreaterThan(500);
    expect([...files.values()].map(String).join('')).not.toContain('walrus');
  });

  it('nothing is exported or deleted for nobody', async () => {
    expect((await fetch(`${server.url}/api/me/export`)).status).toBe(404);
    expect((await call(`${server.url}/api/me`, { method: 'DELETE' })).status).toBe(404);
  });

  it('a deleted session leaves no word behind, live or not', async () => {
    const { sessionId, headers } = await arrive();
    await say(sessionId, 'My periwinkle is blue.', headers);
    await archived(sessionId, ({ length }) => length === 2);
    await data(`${server.url}/api/sessions/${sessionId}`, { method: 'DELETE', headers });
    expect((await traces('periwinkle')).redis).toBe(false);
    const { sessions } = await data<SessionListBody>(`${server.url}/api/sessions`, { headers });
    expect(sessions).toEqual([]);
  });

  it('a person who is deleted leaves no word behind, and is a stranger then', async () => {
    const ada = await arrive();
    await say(ada.sessionId, 'Nobody knows of my zeppelin.', ada.headers);
    await end(ada.sessionId, ada.headers);
    const second = await data<CreatedSessionBody>(`${server.url}/api/sessions`, {
      method: 'POST',
      headers: ada.headers,
    });
    await say(second.sessionId, 'The zeppelin again.', ada.headers);
    const answer = await call<DeletedMeBody>(`${server.url}/api/me`, { method: 'DELETE', headers: ada.headers });
    expect(answer.body.data).toEqual({ sessions: 2 });
    expect(answer.headers.get('set-cookie')).toMatch(/kuku_guest=;/);
    expect((await traces('zeppelin')).redis).toBe(false);
    for (const { sessionId } of [ada, second]) {
      expect((await call(`${server.url}/api/sessions/${sessionId}`, { headers: ada.headers })).status).toBe(404);
    }
    expect((await data<SessionListBody>(`${server.url}/api/sessions`, { headers: ada.headers })).sessions).toEqual([]);
  });

  it('the database, Redis and the audio store hold the words of those who stayed, and of nobody who left', async () => {
    const { audio } = await traces('');
    await server.stop();
    const dump = await server.dumpDatabase();
    for (const word of ['pelican', 'walrus']) expect(dump).toContain(word);
    for (const word of ['periwinkle', 'zeppelin']) expect(dump).not.toContain(word);
    // The spoken replies to the two who stayed.
    expect(audio).toBe(2);
  });
});
