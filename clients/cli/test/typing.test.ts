/** Lines from a pipe, at a real server: each waits for what the coach says to it. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/server.ts';
import { runCli } from './support/run-cli.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test('a wrap-up is proposed, agreed to and over; a yes before that has nothing to answer', async () => {
  const input = Readable.from(['/yes\nI want to sleep better\n/wrap\n/yes\n']);
  const { code, printed } = await runCli(['--url', server.url, '--text'], { input });
  const lines = printed.split('\n');
  const refused = lines.indexOf('! The coach has not proposed to wrap up.');
  const proposed = lines.indexOf('- the coach proposes to wrap up: yes or no?');
  expect(refused).toBeGreaterThan(0);
  expect(proposed).toBeGreaterThan(lines.findIndex((line) => line.includes('sleep better')));
  expect(lines).toContain('- session: confirmed');
  expect(refused).toBeLessThan(proposed);
  expect(code).toBe(0);
});
