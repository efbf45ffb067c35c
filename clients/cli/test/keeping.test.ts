/** What the command does besides talk, at a server of its own: what is kept, and what is not. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListedSessionBody, SessionListBody } from '../../../protocol/rest.ts';
import { data } from '../../../test/support/rest.ts';
import { startTestServer, type TestServer } from '../../../test/support/server.ts';
import { unzip } from '../../../test/support/unzip.ts';
import { EXIT } from '../src/options.ts';
import { runCli } from './support/run-cli.ts';

const json = { email: 'ada@example.org', password: 'a quiet lamp in the hallway', token: true };
let server: TestServer;
let token: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuku-keeping-'));
  const env = {
    AUTH: 'required',
    AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe',
    CONSENT: 'required',
    CARE_COUNTRY: 'GB',
  };
  server = await startTestServer({ env });
  const { email, password } = json;
  await data(`${server.url}/api/auth/sign-up`, { method: 'POST', json: { email, password } });
  ({ token } = await data<{ token: string }>(`${server.url}/api/auth/sign-in`, { method: 'POST', json }));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const run = (args: readonly string[], input = '') =>
  runCli(['--url', server.url, '--token', token, ...args], { input: Readable.from(input === '' ? [] : [input]) });

const headers = () => ({ authorization: `Bearer ${token}` });
const sessions = async (words = '') =>
  (await data<SessionListBody>(`${server.url}/api/sessions?q=${words}`, { headers: headers() })).sessions;
/** The one in which it was said, once it is in the history. */
async function said(word: string): Promise<ListedSessionBody> {
  for (let i = 0; i < 200; i++) {
    const [found] = await sessions(word);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody said ${word}`);
}

/** All files of a zip, one after the other. */
const unzipped = async (file: string) => Buffer.concat([...(await unzip(await readFile(file))).values()]);

describe('besides talk', () => {
  test('who has to agree to a text is shown it, and talks once they do', async () => {
    const refused = await run(['--text', '--end'], 'My otter is restless\n');
    expect(refused.code).toBe(EXIT.failed);
    expect(refused.errors).toContain('Your words are kept.');
    const version = /--agree (\w+)/.exec(refused.errors)?.[1] ?? '';
    const talked = await run(['--text', '--end', '--agree', version], 'I want to talk about my restless otter\n');
    expect(talked).toMatchObject({ code: EXIT.done, errors: '' });
  });

  test('a private session leaves no word, and what is off the record none either', async () => {
    const hidden = await run(['--text', '--end', '--private'], 'I want to talk about my secret badger\n');
    expect(hidden.printed).toContain('- private: nothing of it is kept');
    expect(hidden.code).toBe(EXIT.done);
    const mixed = await run(
      ['--text', '--end', '--off-record'],
      'I want to talk about my hidden weasel\n/on\nI want to plan my open heron\n/off\nThe stoat is mine\n',
    );
    expect(mixed.code).toBe(EXIT.done);
    expect(mixed.printed.match(/^- (off the record|on the record again)$/gm)).toEqual([
      '- off the record',
      '- on the record again',
      '- off the record',
    ]);
    await said('heron');
    const file = join(folder, 'words.zip');
    expect((await run(['--export', file])).code).toBe(EXIT.done);
    const all = (await unzipped(file)).toString();
    expect(all).toContain('heron');
    for (const word of ['badger', 'weasel', 'stoat']) expect(all).not.toContain(word);
  });

  test('whom to call is printed', async () => {
    const { printed } = await run(['--text', '--end'], 'I want to kill myself\n');
    expect(printed).toContain('- Samaritans: 116 123 (day and night)\n- in danger: 999\n');
  });

  test('a session gets a name, and its topic again', async () => {
    const { sessionId } = await said('otter');
    expect((await run(['--session', sessionId, '--rename', 'River days'])).printed).toContain('called “River days”');
    expect((await said('otter')).title).toBe('River days');
    expect((await run(['--session', sessionId, '--rename', ''])).code).toBe(EXIT.done);
    expect((await said('otter')).title).not.toBe('River days');
  });

  test('an export writes over nothing', async () => {
    const file = join(folder, 'twice.zip');
    expect((await run(['--export', file])).code).toBe(EXIT.done);
    const before = await readFile(file);
    expect(before.subarray(0, 2).toString()).toBe('PK');
    const again = await run(['--export', file]);
    expect(again.code).toBe(EXIT.usage);
    expect(again.errors).toContain("can't be written");
    expect(await readFile(file)).toEqual(before);
  });

  test('nothing goes without a yes; then one session, then all', async () => {
    const { sessionId } = await said('otter');
    const count = (await sessions()).length;
    const kept = await run(['--session', sessionId, '--delete'], 'no\n');
    expect(kept).toMatchObject({ code: EXIT.failed, printed: '- nothing was deleted\n' });
    expect((await run(['--delete'])).code).toBe(EXIT.failed);
    expect(await sessions()).toHaveLength(count);
    expect((await run(['--session', sessionId, '--delete'], 'yes\n')).code).toBe(EXIT.done);
    expect((await sessions()).map((session) => session.sessionId)).not.toContain(sessionId);
    const gone = await run(['--delete', '--yes']);
    expect(gone).toMatchObject({ code: EXIT.done, errors: '' });
    expect(gone.printed).toMatch(/^- all is gone: \d sessions?\n$/);
    const after = await run(['--export', join(folder, 'after.zip')]);
    expect(after.code).toBe(EXIT.failed);
  });
});
