import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/messages.ts';
import type { MessagesBody } from '../../protocol/rest.ts';
import { copyMadeDatabase } from '../support/made-database.ts';
import { type RealServer, startRealServer } from '../support/real-server.ts';
import { connectTestClient, createTestSession, freshAccess, type TestClient } from '../support/test-client.ts';

const START_MS = 60_000;
const execute = promisify(execFile);
const textOnly = { hello: { audio: {} } } as const;

let folder: string;
let server: RealServer | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kuku-restart-'));
  await copyMadeDatabase(folder);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const start = async (env: Record<string, string> = {}) => {
  server = await startRealServer({ env: { DATA_DIR: folder, ...env } });
  return server;
};

/** Ends the process as a power cut would. */
async function killHard({ child, pid }: RealServer): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await child.ended();
}

async function history(url: string, sessionId: string): Promise<Message[]> {
  const response = await fetch(`${url}/api/sessions/${sessionId}/messages`);
  return ((await response.json()) as { data: MessagesBody }).data.messages;
}

async function type(client: TestClient, id: string, text: string): Promise<void> {
  const done = client.all('turn.done').length;
  client.send({ type: 'text', id, text });
  await expect.poll(() => client.all('turn.done').length, { timeout: 5000 }).toBe(done + 1);
}

describe('a server that is killed', () => {
  it(
    'has everything that a client had seen, and goes on with the session over REST and the socket',
    async () => {
      const first = await start();
      const { sessionId, socket } = await createTestSession(first.url);
      const client = connectTestClient({ access: socket, ...textOnly });
      const { resumeToken } = await client.next('ready');
      await client.next('turn.done');
      const lines = [
        'I want to talk about my boss',
        'He never listens to me',
        'I want a calm talk with him',
        'I feel stuck',
      ];
      for (const [turn, text] of lines.entries()) await type(client, `t${turn}`, text);
      client.send({ type: 'text', id: 't5', text: 'I could write to him first' });
      await client.next('transcript.user', ({ text }) => text === 'I could write to him first');
      await killHard(first);

      const seen = client.received.flatMap(({ message }) => {
        const isWords = message.type === 'transcript.coach' || (message.type === 'transcript.user' && message.final);
        return isWords ? [message.text] : [];
      });
      const second = await start();
      const kept = await history(second.url, sessionId);
      const whole = kept.map(({ text }) => text).join('\n');
      for (const text of seen) expect(whole).toContain(text);
      expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);

      const lastSeq = Math.max(...client.received.map(({ message }) => ('seq' in message ? message.seq : 0)));
      const access = await freshAccess(second.url, sessionId);
      const back = connectTestClient({ access, hello: { audio: {}, resume: { token: resumeToken, lastSeq } } });
      expect(await back.next('resumed')).toMatchObject({ session: { phase: 'active', messageCount: kept.length } });
      await back.next('turn.done', ({ status }) => status === 'completed');
      await type(back, 't6', 'I will talk to him on Monday');
      await back.close();

      const body = JSON.stringify({ text: 'an eight' });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${second.url}/api/sessions/${sessionId}/messages`, {
        method: 'POST',
        headers,
        body,
      });
      expect(response.status).toBe(200);
      expect((await history(second.url, sessionId)).at(-2)).toMatchObject({ sender: 'user', text: 'an eight' });
    },
    START_MS,
  );

  it(
    're-arms the deadlines: a client that does not come back has abandoned its session',
    async () => {
      const first = await start({ RESUME_WINDOW_SECONDS: '1.5' });
      const { sessionId, socket } = await createTestSession(first.url);
      const client = connectTestClient({ access: socket, ...textOnly });
      await client.next('turn.done');
      await killHard(first);
      const second = await start({ RESUME_WINDOW_SECONDS: '1.5' });
      const status = async () => {
        const response = await fetch(`${second.url}/api/sessions/${sessionId}`);
        return ((await response.json()) as { data: { status: string } }).data.status;
      };
      expect(await status()).toBe('active');
      await expect.poll(status, { timeout: 5000 }).toBe('ended');
      const recap = await fetch(`${second.url}/api/sessions/${sessionId}/recap`);
      expect(recap.status).toBe(200);
    },
    START_MS,
  );
});

describe('a data folder that can’t be used', () => {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
  const fails = async (dataDir: string) => {
    const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir };
    const failure = await execute(process.execPath, [main], { env }).catch((error: unknown) => error);
    return failure as { code?: number; stderr: string };
  };

  it(
    'is refused to a second server, which says so and ends',
    async () => {
      const { pid } = await start();
      const { code, stderr } = await fails(folder);
      expect(code).toBe(1);
      expect(stderr).toContain(folder);
      expect(stderr).toContain(String(pid));
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    START_MS,
  );

  it(
    'is named when it is a file',
    async () => {
      const path = join(folder, 'file');
      writeFileSync(path, '');
      const { code, stderr } = await fails(path);
      expect(code).toBe(1);
      expect(stderr).toContain(path);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    START_MS,
  );
});
