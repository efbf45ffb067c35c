/** What is not to be kept is not kept: off the record, and in private sessions, on both kinds of storage. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndedBody, ExchangeBody, MessagesBody, SessionListBody } from '../../../protocol/rest.ts';
import type { ReplyRequest } from '../../../server/ports/language-model.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { arriveAt, type ComposedServer, composedStorages, startComposedServer } from '../../support/composed-server.ts';
import { call, data } from '../../support/rest.ts';
import { scriptedEngine } from '../../support/scripted.ts';
import { connectTestClient } from '../../support/test-client.ts';

const STORAGES = await composedStorages();

describe.each(STORAGES)('on $name', { timeout: 120_000 }, ({ storage }) => {
  let server: ComposedServer;
  /** What the coach was given, and the notes it made: all that the person said. */
  const scripted = scriptedEngine({
    clock: systemClock,
    answer: ({ conversation }) => `You said ${conversation.at(-1)?.text ?? ''}.`,
  });
  const engine = {
    ...scripted,
    async *reply(request: ReplyRequest, options: { signal: AbortSignal }) {
      const said = request.conversation.filter(({ sender }) => sender === 'user').map(({ text }) => text);
      if (request.occasion === 'reply') {
        yield { type: 'notes' as const, notes: { ...request.notes, topic: said.at(-1) ?? '', insights: said } };
      }
      yield* scripted.reply(request, options);
    },
  };
  beforeAll(async () => {
    server = await startComposedServer({ ...storage, engines: { engine } });
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  const arrive = (wishes?: object) => arriveAt(server, wishes);
  const at = (sessionId: string) => `${server.url}/api/sessions/${sessionId}`;
  const talkIn = ({ sessionId, headers }: { sessionId: string; headers: Record<string, string> }) => ({
    say: async (text: string) => {
      const url = `${at(sessionId)}/messages`;
      const { messages } = await data<ExchangeBody>(url, { method: 'POST', json: { text }, headers });
      return messages[1];
    },
    shown: async () => (await data<MessagesBody>(`${at(sessionId)}/messages`, { headers })).messages,
    end: () => data<EndedBody>(`${at(sessionId)}/end`, { method: 'POST', headers }),
  });

  it('off the record the coach goes on as ever, and on it again knows nothing of that', async () => {
    const session = await arrive();
    const { say, shown, end } = talkIn(session);
    await say('My badger sleeps.');
    expect((await say('Off the record, please.')).text).toMatch(/^All right, this is off the record\./);
    expect(await data(at(session.sessionId), { headers: session.headers })).toMatchObject({ offRecord: true });
    const answer = await say('My octopus is ill.');
    expect(answer).toMatchObject({ text: 'You said My octopus is ill..', offRecord: true });
    expect(answer.audioUrl).toBeUndefined();
    await say('The octopus has a fever.');
    const seen = scripted.requests
      .at(-1)
      ?.conversation.map(({ text }) => text)
      .join(' ');
    expect(seen).toMatch(/badger.*octopus is ill/);
    expect((await say('Okay, back on the record.')).text).toMatch(/^We are back on the record\./);
    await say('My badger wakes up.');
    const request = JSON.stringify(scripted.requests.at(-1));
    expect(request).toMatch(/badger wakes/);
    expect(request).not.toMatch(/octopus/);
    expect(JSON.stringify(await shown())).not.toMatch(/octopus/);
    expect((await end()).summary).not.toMatch(/octopus/);
  });

  it('the button does the same, and clients are told how it stands', async () => {
    const session = await arrive();
    const { headers, socket: access } = session;
    const client = connectTestClient({ access, headers: { origin: server.url }, hello: { audio: {} } });
    await client.next('ready');
    await client.next('turn.done');
    client.send({ type: 'record.set', id: 'a', on: false });
    expect(await client.next('session.state', ({ offRecord }) => offRecord === true)).toMatchObject({
      phase: 'active',
    });
    client.send({ type: 'text', id: 't', text: 'My gazelle limps.' });
    await client.next('turn.done', ({ spokenText }) => spokenText.includes('gazelle'));
    client.forget();
    client.send({ type: 'record.set', id: 'b', on: true });
    expect((await client.next('session.state')).offRecord).toBeUndefined();
    await client.close();
    expect(JSON.stringify(await talkIn({ ...session, headers }).shown())).not.toMatch(/gazelle/);
    await talkIn(session).end();
  });

  it('a private session is like any other while it is live, and leaves its measurements', async () => {
    const session = await arrive({ ephemeral: true });
    const { headers, sessionId } = session;
    expect(session.ephemeral).toBe(true);
    const { say, shown, end } = talkIn(session);
    await say('My flamingo sings.');
    expect((await say('The flamingo dances, too.')).audioUrl).toBeUndefined();
    expect(JSON.stringify(scripted.requests.at(-1)?.conversation)).toMatch(/sings.*dances/);
    expect((await shown()).map(({ text }) => text)).toHaveLength(4);
    expect((await end()).summary).toMatch(/flamingo/);
    const { archive } = server.composition;
    await expect.poll(async () => (await archive.session(sessionId))?.status, { timeout: 60_000 }).toBe('ended');
    expect(await archive.session(sessionId)).toMatchObject({ ephemeral: true, title: null, messageCount: 4 });
    expect(await archive.messages(sessionId)).toEqual([]);
    expect((await call(`${at(sessionId)}/recap`, { headers })).status).toBe(404);
    const turns = await archive.turns(sessionId);
    expect(turns.map(({ status }) => status)).toEqual(['completed', 'completed']);
    const { sessions } = await data<SessionListBody>(`${server.url}/api/sessions`, { headers });
    expect(sessions).toEqual([expect.objectContaining({ sessionId, ephemeral: true, title: null })]);
    const found = await data<SessionListBody>(`${server.url}/api/sessions?q=flamingo`, { headers });
    expect(found.sessions).toEqual([]);
  });

  it('the database and the audio store hold nothing of it, and Redis soon neither', async () => {
    const { archive } = server.composition;
    const pending = await archive.restorable();
    expect(pending).toEqual([]);
    const files = await server.audioFiles();
    // The answers to the badger: twice heard, and twice what was said of the record itself in between at most.
    expect(files.length).toBeLessThanOrEqual(3);
    const redis = await server.dumpRedis();
    for (const stream of redis.match(/"kuku:\{p\d+\}:(?:outbox|refused)",\[[^\]]*\]/g) ?? []) {
      expect(stream).not.toMatch(/octopus|gazelle|flamingo/);
    }
    await server.stop();
    const dump = await server.dumpDatabase();
    expect(dump).toMatch(/badger sleeps/);
    expect(dump).not.toMatch(/octopus|gazelle|flamingo/);
  });
});
