import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { limitConnections } from '../../../server/routes/connections.ts';

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
