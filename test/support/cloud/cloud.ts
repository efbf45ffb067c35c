/**
 * A cloud on the loopback interface: one HTTP and WebSocket server that speaks providers' wire formats faithfully and
 * fails as scripted. A provider is a set of routes (see `openai.ts`); the adapters' tests go through real sockets.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { sleep, systemClock } from '../../../server/ports/clock.ts';
import type { Pace, Trouble } from './script.ts';

/** One request and what became of it. */
export interface Exchange {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Pieces of the answer that were handed to the connection. */
  sent: number;
  /** True from the moment that the other side is gone before the answer was whole. */
  cut: boolean;
  /** Resolves when the answer is whole, or the connection is gone. */
  readonly over: Promise<void>;
}

export interface CloudRoute {
  /** `GET` for sockets. */
  method: string;
  path: RegExp;
  respond?(exchange: Exchange, answer: Responder): Promise<void>;
  /** A socket: what refuses it, or what is done with it. */
  upgrade?(exchange: Exchange): Trouble | ((socket: WebSocket) => void);
}

export interface Responder {
  /** Aborted when the other side is gone. */
  signal: AbortSignal;
  trouble(trouble: Trouble): Promise<void>;
  json(body: unknown): void;
  stream(contentType: string, pieces: Iterable<string | Uint8Array>, pace: Pace): Promise<void>;
}

export interface Cloud {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** TCP connections accepted so far. */
  readonly connections: number;
  /** Breaks every connection, as when a cable is pulled. */
  cutAll(): void;
  close(): Promise<void>;
}

/** `port`: any that is free by default. */
export async function startCloud(routes: readonly CloudRoute[], port = 0): Promise<Cloud> {
  const exchanges: Exchange[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const find = (method: string, path: string) =>
    routes.find((route) => route.method === method && route.path.test(path));

  const server = createServer((request, response) => {
    void serve(request, response, { find, exchanges });
  });
  const upgrader = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const exchange = exchangeOf(request, socket);
    exchanges.push(exchange);
    const outcome = find('GET', exchange.path)?.upgrade?.(exchange) ?? notFound(exchange.path);
    if (typeof outcome === 'function') upgrader.handleUpgrade(request, socket, head, outcome);
    else refuseUpgrade(socket, outcome);
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const cutAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${taken}`,
    exchanges,
    get connections() {
      return connections;
    },
    cutAll,
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Registry {
  find(method: string, path: string): CloudRoute | undefined;
  exchanges: Exchange[];
}

async function serve(request: IncomingMessage, response: ServerResponse, registry: Registry): Promise<void> {
  const exchange = exchangeOf(request, response);
  const gone = new AbortController();
  response.on('close', () => {
    exchange.cut = !response.writableFinished;
    gone.abort();
  });
  // How a client opens a connection in advance.
  if (request.method === 'OPTIONS') return void response.writeHead(404).end();
  registry.exchanges.push(exchange);
  const responder = createResponder(exchange, response, gone.signal);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    exchange.body = Buffer.concat(chunks);
    const route = registry.find(exchange.method, exchange.path);
    await (route?.respond?.(exchange, responder) ?? responder.trouble(notFound(exchange.path)));
  } catch (error) {
    if (!gone.signal.aborted) response.destroy(error as Error);
  }
}

function exchangeOf(request: IncomingMessage, end: ServerResponse | Duplex): Exchange {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const over = new Promise<void>((resolve) => void end.on('close', resolve));
  const { method = 'GET', headers } = request;
  return { method, path: pathname, query: searchParams, headers, body: Buffer.alloc(0), sent: 0, cut: false, over };
}

function createResponder(exchange: Exchange, response: ServerResponse, signal: AbortSignal): Responder {
  const write = (piece: string | Uint8Array) => {
    exchange.sent += 1;
    response.write(piece);
  };
  const wait = (ms: number | undefined) => (ms ? sleep(systemClock, ms, { signal }) : Promise.resolve());
  return {
    signal,
    async trouble(trouble) {
      if (trouble.trouble === 'reset') response.socket?.resetAndDestroy();
      if (trouble.trouble !== 'status') return;
      response.writeHead(trouble.status, { 'content-type': 'application/json', ...trouble.headers });
      response.end(JSON.stringify(trouble.body));
    },
    json(body) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
    async stream(contentType, pieces, { firstMs, gapMs, breaks }) {
      const start = () => response.writeHead(200, { 'content-type': contentType });
      let count = 0;
      const breaksNow = () => breaks?.after === count;
      for (const piece of pieces) {
        await wait(count === 0 ? firstMs : gapMs);
        if (signal.aborted) return;
        if (count === 0) start();
        if (breaksNow()) break;
        write(piece);
        count += 1;
      }
      if (!breaksNow()) return void response.end();
      if (breaks?.how === 'garbage') write('data: {"choices": [nonsense\n\n');
      if (breaks?.how === 'cut') {
        // A reset throws away what is still on its way, and that was to arrive.
        await sleep(systemClock, 20);
        response.socket?.resetAndDestroy();
      }
      if (breaks?.how === 'garbage') response.end();
    },
  };
}

function refuseUpgrade(socket: Duplex, trouble: Trouble): void {
  if (trouble.trouble === 'reset') return void (socket as Socket).resetAndDestroy();
  if (trouble.trouble === 'hang') return;
  const body = JSON.stringify(trouble.body);
  const headers = { 'content-type': 'application/json', 'content-length': `${body.length}`, ...trouble.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${trouble.status} Refused\r\n${lines.join('')}connection: close\r\n\r\n${body}`);
}

function notFound(path: string): Trouble {
  return { trouble: 'status', status: 404, body: { error: { message: `Invalid URL (GET ${path})`, code: null } } };
}
