/** How many connections one address may hold open, asking or not: each is a file descriptor that nobody else has. */
import type { Server } from 'node:http';
import { networkOf } from './rate-limits.ts';

/** One more is closed without a word, before anything of it is read. */
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
