/** The server's connections: how many one address may hold open, and that none holds a server that closes. */
import type { Server } from 'node:http';
import '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../ports/clock.ts';
import { networkOf } from './rate-limits.ts';

/** Each is a file descriptor that nobody else has. One more is closed without a word, before anything of it is read. */
export function limitConnections(server: Server, max: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = open.get(network) ?? 0;
    if (count >= max) return void socket.destroy();
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
  });
}

/** For a client that does not read or says no goodbye, or a recording that still comes: whoever stops the server waits. */
const LAST_ANSWER_MS = 3000;

/**
 * When the server closes, Node ends the connections that are idle at that moment, but one whose answer was under way
 * stays open after it for as long as its client likes to keep it.
 */
export function releaseConnections(app: FastifyInstance, clock: Clock): void {
  let isClosing = false;
  let cancel = () => {};
  app.addHook('preClose', async () => {
    isClosing = true;
    cancel = clock.after(LAST_ANSWER_MS, () => {
      app.server.closeAllConnections();
      for (const socket of app.websocketServer.clients) socket.terminate();
    });
  });
  app.addHook('onResponse', async ({ raw: { socket, headers } }) => {
    // Once all of it has gone out. An upgrade's goes on as a WebSocket.
    if (isClosing && headers.upgrade === undefined) socket.destroySoon();
  });
  app.addHook('onClose', async () => cancel());
}
