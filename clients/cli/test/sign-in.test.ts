/** The command at a server where people must sign in. */
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { data } from '../../../test/support/rest.ts';
import { startTestServer, type TestServer } from '../../../test/support/server.ts';
import { EXIT } from '../src/options.ts';
import type { Terminal } from '../src/talk.ts';
import { runCli } from './support/run-cli.ts';

const PASSWORD = 'a quiet lamp in the hallway';
const EMAIL = 'ada@example.org';
let server: TestServer;
let token: string;
const credentials = { email: EMAIL, password: PASSWORD };

beforeAll(async () => {
  server = await startTestServer({ env: { AUTH: 'required', AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe' } });
  await data(`${server.url}/api/auth/sign-up`, { method: 'POST', json: credentials });
  const json = { ...credentials, token: true };
  ({ token } = await data<{ token: string }>(`${server.url}/api/auth/sign-in`, { method: 'POST', json }));
});
afterAll(() => server.close());

const run = (args: readonly string[], given: Partial<Terminal> = {}) =>
  runCli(['--url', server.url, '--text', '--end', ...args], { input: Readable.from(['Hello there\n']), ...given });

const signIns = async () => {
  const headers = { authorization: `Bearer ${token}` };
  return (await data<{ signIns: unknown[] }>(`${server.url}/api/auth/sign-ins`, { headers })).signIns.length;
};

describe('where people must sign in', () => {
  test('nobody talks without, and is told how', async () => {
    const { code, errors } = await run([]);
    expect(errors).toBe('Please sign in. (--email ADDRESS, or --token TOKEN)\n');
    expect(code).toBe(EXIT.failed);
  });

  test.each([
    ['--token', (value: string) => ({ args: ['--token', value], given: {} })],
    ['KUKU_TOKEN', (value: string) => ({ args: [], given: { token: value } })],
  ])('one talks with a token in %s', async (_name, by) => {
    const { args, given } = by(token);
    const { code, printed, errors } = await run(args, given);
    expect(errors).toBe('');
    expect(code).toBe(EXIT.done);
    expect(printed).toContain('You said Hello there.');
  });

  test('one signs in for the run by a password in KUKU_PASSWORD, and out again at its end', async () => {
    const before = await signIns();
    const { code, printed } = await run(['--email', EMAIL], { password: PASSWORD });
    expect(printed).toContain('You said Hello there.');
    expect(code).toBe(EXIT.done);
    expect(await signIns()).toBe(before);
  });

  test('one is asked for the password, and what is typed is not shown', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const errors: string[] = [];
    const write = (text: string) => {
      errors.push(text);
      if (text.startsWith('Password of')) input.write(`${PASSWORD}\r`);
      if (text === '\n') setTimeout(() => input.end('/quit\n'), 300);
    };
    const { code, printed } = await run(['--email', EMAIL], { input, errors: { write } });
    expect(errors).toEqual([`Password of ${EMAIL}: `, '\n']);
    expect(printed).not.toContain(PASSWORD);
    expect(code).toBe(EXIT.done);
  });

  test('a wrong password is said to be, and none at all where nobody can be asked', async () => {
    const wrong = await run(['--email', EMAIL], { password: 'not the password at all' });
    expect(wrong).toMatchObject({ code: EXIT.failed, errors: 'The email address or the password is wrong.\n' });
    const none = await run(['--email', EMAIL]);
    expect(none.code).toBe(EXIT.usage);
    expect(none.errors).toContain('Set KUKU_PASSWORD');
  });
});
