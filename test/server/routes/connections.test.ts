import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitConnections, releaseConnections } from '../../../server/routes/connections.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

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
  /** A server with one answer under way, to a client that keeps its connection. */
  async function answering() {
    const clock = createFakeClock();
    const answer = new PassThrough();
    const app = fastify();
    releaseConnections(app, clock);
    app.get('/', () => answer);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const client = connect({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1' });
    let received = '';
    client.on('data', (chunk) => (received += chunk.toString()));
    client.on('error', () => {});
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    answer.write('the first half');
    await expect.poll(() => received).toContain('the first half');
    const closed = app.close().then(() => 'closed');
    await expect.poll(() => app.server.listening).toBe(false);
    return { clock, answer, closed, received: () => received };
  }

  it('waits for an answer under way, and then not for its connection', async () => {
    const { clock, answer, closed, received } = await answering();
    answer.end(', and the second');
    expect(await closed).toBe('closed');
    expect(received()).toContain(', and the second');
    expect(clock.pending).toBe(0);
  });

  it('waits 3 s for an answer that does not end', async () => {
    const { clock, closed } = await answering();
    const ends = closed.then(() => true);
    await clock.advance(2999);
    expect(await Promise.race([ends, new Promise((resolve) => setTimeout(resolve, 100, false))])).toBe(false);
    await clock.advance(1);
    expect(await ends).toBe(true);
  });
});
