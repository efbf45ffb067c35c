/** A TCP proxy between a client and a server, on a free port of 127.0.0.1, that spoils what a test wants spoiled. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Each direction is late by this much from now on. */
  delay(ms: number): void;
  /** What the server answers next is thrown away and its connection cut: the request was carried out. */
  cutNextAnswer(): void;
  /** From now on nothing gets through, connections stay open; false: what comes from then on does. */
  swallow(on: boolean): void;
  /** Cuts all connections; new ones are taken unless `refuse`. */
  cut(options?: { refuse: boolean }): void;
  /** Answers that were cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<{ client: Socket; upstream: Socket }>();
  let delayMs = 0;
  let isCutting = false;
  let isSwallowing = false;
  let isRefusing = false;
  let cuts = 0;

  const end = (pair: { client: Socket; upstream: Socket }) => {
    pair.client.destroy();
    pair.upstream.destroy();
    pairs.delete(pair);
  };
  const forward = (from: Socket, to: Socket, mayPass: () => boolean) => {
    // Bytes stay in order, also when the delay changes while some are on their way.
    const late: { data: Buffer; dueAtMs: number }[] = [];
    const deliver = () => {
      for (let next = late[0]; next && next.dueAtMs <= performance.now(); next = late[0]) {
        late.shift();
        if (to.writable) to.write(next.data);
      }
      if (late[0]) setTimeout(deliver, Math.max(1, late[0].dueAtMs - performance.now()));
    };
    from.on('data', (data) => {
      if (!mayPass()) return;
      if (delayMs === 0 && late.length === 0) return void to.write(data);
      if (late.push({ data, dueAtMs: performance.now() + delayMs }) === 1) setTimeout(deliver, delayMs);
    });
  };
  const server = createServer((client) => {
    if (isRefusing) return void client.destroy();
    const upstream = connect({ host: '127.0.0.1', port: targetPort });
    const pair = { client, upstream };
    pairs.add(pair);
    forward(client, upstream, () => !isSwallowing);
    forward(upstream, client, () => {
      if (isSwallowing) return false;
      if (!isCutting) return true;
      isCutting = false;
      cuts += 1;
      end(pair);
      return false;
    });
    for (const socket of [client, upstream]) socket.on('error', () => end(pair)).on('close', () => end(pair));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const cut = ({ refuse } = { refuse: false }) => {
    isRefusing = refuse;
    for (const pair of pairs) end(pair);
  };
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => void (delayMs = ms),
    cutNextAnswer: () => void (isCutting = true),
    swallow: (on) => void (isSwallowing = on),
    cut,
    get cuts() {
      return cuts;
    },
    close() {
      cut({ refuse: true });
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
