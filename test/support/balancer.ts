/**
 * A small load balancer on loopback, as Caddy does it in a deployment: HTTP and WebSockets, round robin, no stickiness;
 * instances whose `/ready` fails get nothing new. What one of them took is not tried again elsewhere.
 */
import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

const CHECK_EVERY_MS = 250;
const CHECK_TIMEOUT_MS = 2000;

export interface Balancer {
  readonly url: string;
  /** The instances that get new requests. */
  readonly ready: readonly string[];
  /** WebSockets that are open to an instance. */
  socketsOf(instance: string): number;
  /** Resolves when that many instances are ready; rejects after `withinMs`. */
  untilReady(count: number, withinMs: number): Promise<void>;
  /** Cuts every connection to a client, as a balancer that is restarted does. The number of them. */
  cutAll(): number;
  close(): Promise<void>;
}

export interface BalancerOptions {
  /** Addresses of the instances, as in `http://127.0.0.1:3001`. */
  instances: readonly string[];
  /** 0 picks a free one. */
  port?: number;
}

export async function startBalancer({ instances, port = 0 }: BalancerOptions): Promise<Balancer> {
  const ready = new Set<string>();
  const clients = new Set<Socket>();
  const sockets = new Map<Socket, string>();
  const proxy = createProxyServer();
  // Errors have their handlers at each request; what comes later than those is a connection that is gone anyway.
  proxy.on('error', () => {});
  let turn = 0;

  const next = (): string | undefined => {
    const candidates = instances.filter((instance) => ready.has(instance));
    return candidates[turn++ % Math.max(1, candidates.length)];
  };
  /** It takes no connection: nothing new for it until it says that it is ready. */
  const leaveOut = (instance: string) => void ready.delete(instance);

  const handOver = (request: IncomingMessage, response: ServerResponse, triesLeft: number): void => {
    const target = next();
    if (target === undefined) return refuse(response);
    proxy.web(request, response, { target, headers: forwardedFor(request) }, (error) => {
      if (!isUnreachable(error)) return refuse(response);
      leaveOut(target);
      // It took no connection, so nothing has happened yet; a body may be read already and can't be sent twice.
      if (triesLeft > 0 && isWithoutBody(request)) handOver(request, response, triesLeft - 1);
      else refuse(response);
    });
  };
  const server = createServer((request, response) => handOver(request, response, instances.length));
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const target = next();
    if (target === undefined) return void socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    sockets.set(socket, target);
    socket.on('close', () => sockets.delete(socket));
    proxy.ws(request, socket, head, { target, headers: forwardedFor(request) }, (error) => {
      if (isUnreachable(error)) leaveOut(target);
    });
  });
  server.on('connection', (socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
  });
  const stopChecking = keepChecking(instances, ready);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  const cutAll = () => {
    const count = clients.size;
    for (const socket of clients) socket.destroy();
    return count;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get ready() {
      return [...ready];
    },
    socketsOf: (instance) => [...sockets.values()].filter((target) => target === instance).length,
    async untilReady(count, withinMs) {
      for (const until = performance.now() + withinMs; ready.size < count; await pause(50)) {
        if (performance.now() > until) throw new Error(`${ready.size} of ${count} instances are ready`);
      }
    },
    cutAll,
    close() {
      stopChecking();
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Asks each instance by itself: one that does not answer must not hold the others up. */
function keepChecking(instances: readonly string[], ready: Set<string>): () => void {
  const stopped = new AbortController();
  const watch = async (instance: string) => {
    while (!stopped.signal.aborted) {
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]);
      const isReady = await fetch(`${instance}/ready`, { signal }).then(
        async (response) => (await response.arrayBuffer(), response.ok),
        () => false,
      );
      if (isReady) ready.add(instance);
      else ready.delete(instance);
      await pause(CHECK_EVERY_MS);
    }
  };
  for (const instance of instances) void watch(instance);
  return () => stopped.abort();
}

/** Who asks; the host is passed on as it is, and the scheme is the same on both sides. */
function forwardedFor({ headers, socket }: IncomingMessage): Record<string, string> {
  return { 'x-forwarded-for': [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ') };
}

function isWithoutBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

function isUnreachable(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNREFUSED';
}

function refuse(response: unknown): void {
  if (!(response instanceof ServerResponse) || response.headersSent) return;
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  const error = 'No server is ready. Please try again.';
  response.end(JSON.stringify({ success: false, error, code: 'no_instance' }));
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
