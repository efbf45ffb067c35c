/** Many instances as real processes: Redis, Postgres, a balancer. What `npm run faults` does with hundreds, on a small scale. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/messages.ts';
import type { ExchangeBody, MessagesBody, SessionBody } from '../../protocol/rest.ts';
import { type Child, startChild } from '../support/child.ts';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { postgresServer } from '../support/databases.ts';
import type { Instance } from '../support/instance.ts';
import { startPeople } from '../support/people.ts';
import { data } from '../support/rest.ts';
import { scriptedSentences } from '../support/scripted-answer.ts';
import { tone } from '../support/scripted.ts';
import { connectTestClient, createTestSession, freshAccess, type TestClient } from '../support/test-client.ts';
import { judge } from '../support/verdict.ts';
import { wav } from '../support/wav.ts';
import { WITHOUT_RATES } from '../support/without-rates.ts';

/** The coach warns 6 s and 10 s after the beginning. */
const SESSION_SECONDS = 120;
const WARNINGS_MS = [114_000, 110_000];
const textOnly = { hello: { audio: {} } } as const;

const postgres = await postgresServer();
let cluster: Cluster;
const folder = mkdtempSync(join(tmpdir(), 'kuku-cluster-test-'));
const children: Child[] = [];
const dead = new Set<Instance>();

beforeAll(async () => {
  if (postgres === undefined) return;
  cluster = await startCluster({
    postgres,
    program: new URL('../support/scripted-main.ts', import.meta.url),
    env: {
      ...WITHOUT_RATES,
      LIMIT_SOCKETS_PER_ADDRESS: '1000',
      SESSION_BUDGET_SECONDS: String(SESSION_SECONDS),
      SESSION_HARD_LIMIT_SECONDS: String(SESSION_SECONDS),
      SESSION_WARNINGS_SECONDS: WARNINGS_MS.map((ms) => ms / 1000).join(','),
    },
  });
}, 60_000);
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  // What a test ended is there again for the next one.
  await Promise.all([...dead].map((instance) => instance.start()));
  dead.clear();
  await cluster?.balancer.untilReady(3, 20_000);
}, 30_000);
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

const historyAt = async (url: string, sessionId: string): Promise<Message[]> =>
  (await data<MessagesBody>(`${url}/api/sessions/${sessionId}/messages`)).messages;

/** The one that clients are connected to; there is only one such. */
function busyInstance(): Instance {
  const [busy, ...others] = cluster.instances.filter(({ url }) => cluster.balancer.socketsOf(url) > 0);
  if (!busy || others.length > 0) throw new Error('not exactly one instance has clients');
  return busy;
}

async function kill(instance: Instance): Promise<void> {
  dead.add(instance);
  await instance.kill();
}

function lastSeq(client: TestClient): number {
  return Math.max(0, ...client.received.map(({ message }) => ('seq' in message ? message.seq : 0)));
}

async function comeBack(sessionId: string, token: string, lastSeen: number): Promise<TestClient> {
  const access = await freshAccess(cluster.url, sessionId);
  return connectTestClient({ access, hello: { audio: {}, resume: { token, lastSeq: lastSeen } } });
}

describe.skipIf(postgres === undefined)('a cluster of three instances', () => {
  it('is one session to a socket at one instance and REST at another', { timeout: 20_000 }, async () => {
    const [here, there] = cluster.instances.map(({ url }) => url) as [string, string];
    const { sessionId } = await createTestSession(there);
    const client = connectTestClient({ access: await freshAccess(here, sessionId), ...textOnly });
    await client.next('turn.done');
    client.send({ type: 'text', id: 'a', text: 'socket words' });
    await client.next('turn.done', ({ spokenText }) => spokenText.includes('socket words'));
    const exchange = { json: { text: 'rest words' }, method: 'POST' };
    const { messages } = await data<ExchangeBody>(`${there}/api/sessions/${sessionId}/messages`, exchange);
    expect(messages.map(({ text }) => text)).toEqual(['rest words', scriptedSentences('rest words').join(' ')]);
    await client.next('transcript.user', ({ text }) => text === 'rest words');
    await client.next('turn.done', ({ spokenText }) => spokenText.includes('rest words'));
    await client.close();

    // What the coach says besides, such as how much time is left, is not counted.
    const words = async (url: string) =>
      (await historyAt(url, sessionId))
        .filter(({ text }) => text.includes('words'))
        .map(({ id, sender, text, timestamp }) => ({ id, sender, text, timestamp }));
    await expect.poll(async () => (await words(there)).length, { timeout: 5000 }).toBe(4);
    const history = await words(there);
    expect(history.map(({ sender }) => sender)).toEqual(['user', 'ai', 'user', 'ai']);
    expect(await words(here)).toEqual(history);
  });

  it('keeps a proposal to wrap up when the instance that made it is killed', { timeout: 20_000 }, async () => {
    const { sessionId, socket } = await createTestSession(cluster.url);
    const client = connectTestClient({ access: socket, ...textOnly });
    const { resumeToken } = await client.next('ready');
    await client.next('turn.done');
    client.send({ type: 'wrap_up.request', id: 'w1' });
    const asked = await client.next('session.state', ({ wrapUp }) => wrapUp !== undefined);
    const victim = busyInstance();
    await kill(victim);
    await client.closed;
    const back = await comeBack(sessionId, resumeToken, lastSeq(client));
    const { recovered, session } = await back.next('resumed');
    expect(recovered).toBe(true);
    expect(session).toMatchObject({ phase: 'confirming', wrapUp: { proposalId: asked.wrapUp?.proposalId } });
    back.send({ type: 'wrap_up.answer', id: 'w2', proposalId: asked.wrapUp?.proposalId ?? '', accept: true });
    await back.next('session.ended', ({ reason }) => reason === 'confirmed');
  });

  it(
    'sends clients on when an instance is asked to end, and loses nothing of the answer',
    { timeout: 30_000 },
    async () => {
      const { sessionId, socket } = await createTestSession(cluster.url);
      const client = connectTestClient({ access: socket, ...textOnly });
      const { resumeToken } = await client.next('ready');
      await client.next('turn.done');
      client.send({ type: 'text', id: 'a', text: 'drained words' });
      const [first, second] = scriptedSentences('drained words');
      const instance = busyInstance();
      await client.next('transcript.coach', ({ text }) => text.trim() === first);
      const startMs = performance.now();
      dead.add(instance);
      const ending = instance.terminate();
      await client.next('session.go_away');
      expect(await client.closed).toBe(1012);
      const back = await comeBack(sessionId, resumeToken, lastSeq(client));
      expect(await back.next('resumed')).toMatchObject({ recovered: true, session: { phase: 'active' } });
      back.send({ type: 'text', id: 'b', text: 'next words' });
      await back.next('turn.done', ({ spokenText }) => spokenText.includes('next words'));
      await back.close();
      expect(await ending).toBe(0);
      expect(performance.now() - startMs).toBeLessThan(10_000);
      const spoken = (await historyAt(cluster.url, sessionId)).map(({ text }) => text).join(' ');
      for (const sentence of [first, second]) expect(spoken.split(sentence)).toHaveLength(2);
    },
  );

  it(
    'lets the CLI go on by itself when its instance dies in the middle of a sentence',
    { timeout: 40_000 },
    async () => {
      const clip = join(folder, 'clip.wav');
      writeFileSync(clip, wav(tone(16_000, 16_000), 16_000));
      const cli = startChild(new URL('../../clients/cli/src/main.ts', import.meta.url), [
        '--json',
        '--fast',
        '--url',
        cluster.url,
        clip,
        clip,
      ]);
      children.push(cli);
      const events: { event: string; data: Record<string, unknown> }[] = [];
      const until = async (fits: (event: string, given: Record<string, unknown>) => boolean) => {
        const lines = await cli.until((line) => {
          const { event, data: given } = JSON.parse(line) as (typeof events)[number];
          return fits(event, given);
        });
        events.push(...lines.map((line) => JSON.parse(line) as (typeof events)[number]));
      };
      await until((event, { sender, final }) => event === 'caption' && sender === 'user' && final === true);
      await until((event, { coach }) => event === 'speaking' && coach === true);
      const victim = busyInstance();
      await kill(victim);
      await until((event, { name }) => event === 'state' && name === 'reconnecting');
      await until((event, { name }) => event === 'state' && name === 'live');
      await until((event, { sender, final }) => event === 'caption' && sender === 'user' && final === true);
      expect(await cli.ended()).toBe(0);

      const sessionId = events.find(({ event }) => event === 'session')?.data['sessionId'] as string;
      const history = await historyAt(cluster.url, sessionId);
      expect(history.filter(({ sender }) => sender === 'user')).toHaveLength(2);
      expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
      const session = await data<SessionBody>(`${cluster.url}/api/sessions/${sessionId}`);
      expect(session).toMatchObject({ status: 'active', messageCount: history.length });
    },
  );

  it(
    'loses nothing, says nothing twice and ends each session once when one is killed',
    { timeout: 60_000 },
    async () => {
      const count = 20;
      const people = await startPeople({ url: cluster.url, count, thinkMs: 1500, arriveMs: 1000 });
      await people.until(({ live }) => live === count, 10_000);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const [victim] = cluster.instances as [Instance];
      expect(cluster.balancer.socketsOf(victim.url)).toBeGreaterThan(0);
      await kill(victim);
      // Past both warnings; then each is ended, twice, by whichever instance is asked.
      await new Promise((resolve) => setTimeout(resolve, 11_000));
      await people.hush();
      await people.until(({ quiet }) => quiet === count, 20_000);
      const sessionIds = (await people.records()).map(({ sessionId }) => sessionId);
      const endings = [...sessionIds, ...sessionIds].map((id) => `${cluster.url}/api/sessions/${id}/end`);
      for (const ending of endings) await data(ending, { method: 'POST' });
      await people.until(({ over }) => over === count, 20_000);
      const records = await people.records();
      await people.leave();
      expect(records.filter(({ recovered }) => recovered > 0).length).toBeGreaterThan(0);
      const verdict = await judge(records, { url: cluster.url, warningsMs: WARNINGS_MS, ended: true });
      expect(verdict.problems).toEqual([]);
      expect(verdict).toMatchObject({ lost: 0, twice: 0, unanswered: 0, ends: count, warnings: 2 * count });
      expect(verdict.acknowledged).toBeGreaterThan(count);
    },
  );
});
