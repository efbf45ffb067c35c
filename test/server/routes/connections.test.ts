import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import websocket from '@fastify/websocket';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody } from '../../../protocol/rest.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { limitConnections, releaseConnections } from '../../../server/routes/connections.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { data } from '../../support/rest.ts';
import { scriptedEngine } from '../../support/scripted.ts';
import { startTestServer } from '../../support/server.ts';

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
  .map((line) => `${line}\r\n`)
  .join('');

let server: Server;
beforeAll(async () => {
  server = createServer((_, response) => response.end('here'));
  limitConnections(server, 3);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const open = (localAddress = '127.0.0.1') => {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  return socket;
};
/** What comes back before the server, or the answer, ends. */
const ask = (socket: Socket) =>
  new Promise<string>((resolve) => {
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  });

it('closes what one address opens beyond its share, lets others in, and takes back what is closed', async () => {
  const held = [open(), open(), open()];
  await expect
    .poll(() => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))))
    .toBe(3);
  expect(await ask(open())).toBe('');
  expect(await ask(open('127.0.0.2'))).toContain('here');
  held[0]?.destroy();
  await expect.poll(() => ask(open())).toContain('here');
  for (const socket of held) socket.destroy();
});

describe('a server that closes', () => {
  const open = async () => {
    const clock = createFakeClock();
    const answer = new PassThrough();
    const app = fastify();
    await app.register(websocket);
    releaseConnections(app, clock);
    app.get('/', () => answer);
    app.get('/socket', { websocket: true }, () => {});
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    /** A client that keeps its connection, and reads until it is told not to. */
    const ask = (path: string, headers = '') => {
      const client = connect({ port, host: '127.0.0.1' });
      const chunks: Buffer[] = [];
      client.on('data', (chunk) => chunks.push(chunk));
      client.on('error', () => {});
      client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
      return { client, received: () => Buffer.concat(chunks) };
    };
    return { clock, answer, app, ask };
  };
  const within = (closed: Promise<boolean>, ms: number) =>
    Promise.race([closed, new Promise<boolean>((resolve) => setTimeout(resolve, ms, false))]);

  it('waits for an answer under way, and then not for its connection', async () => {
    const { clock, answer, app, ask } = await open();
    const { client, received } = ask('/');
    answer.write('the first half');
    await expect.poll(() => received().toString()).toContain('the first half');
    const closed = app.close().then(() => true);
    await expect.poll(() => app.server.listening).toBe(false);
    answer.end(', and the second');
    await once(client, 'close');
    expect(await within(closed, 2000)).toBe(true);
    expect(received().toString()).toContain(', and the second');
    expect(clock.pending).toBe(0);
  });

  it('waits 3 s for an answer that does not end, and for a socket that says no goodbye', async () => {
    const { clock, answer, app, ask } = await open();
    const { received } = ask('/');
    answer.write('.');
    const socket = ask('/socket', UPGRADE);
    await expect.poll(() => received().length * socket.received().length).toBeGreaterThan(0);
    const closed = app.close().then(() => true);
    await expect.poll(() => clock.pending).toBe(1);
    await clock.advance(2999);
    expect(await within(closed, 100)).toBe(false);
    await clock.advance(1);
    expect(await within(closed, 2000)).toBe(true);
  });
});

it('a server of ours does not wait for a connection that its client keeps', async () => {
  let answering = () => {};
  const isAnswering = new Promise<void>((resolve) => (answering = resolve));
  const engine = scriptedEngine({
    clock: systemClock,
    answer: () => {
      answering();
      return 'I see.';
    },
  });
  const ours = await startTestServer({ engines: { engine } });
  const { sessionId } = await data<CreatedSessionBody>(`${ours.url}/api/sessions`, { method: 'POST' });
  const agent = new Agent({ keepAlive: true });
  const asked = request(`${ours.url}/api/sessions/${sessionId}/messages`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  });
  asked.on('error', () => {});
  asked.on('response', (response) => response.resume());
  asked.end(JSON.stringify({ text: 'Hello' }));
  await isAnswering;
  const started = performance.now();
  await ours.close();
  expect(performance.now() - started).toBeLessThan(10_000);
  agent.destroy();
});
