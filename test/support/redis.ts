/**
 * A Redis server of the test's own: `redis-server` on a free port of 127.0.0.1, nothing kept unless asked for. It can
 * be killed, stopped and started again on the same port.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from './databases.ts';
import { freePort } from './free-port.ts';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** As `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it kept, and waits until it answers. */
  start(): Promise<void>;
  /** It stands still, its connections open. */
  stop(): void;
  resume(): void;
  /** Kills it and removes what it kept. */
  remove(): Promise<void>;
}

export interface TestRedisOptions {
  /** Keeps an append-only file, synced every second, as a deployment does. */
  persistent?: boolean;
}

const START_MS = 10_000;

export async function startRedis({ persistent = false }: TestRedisOptions = {}): Promise<TestRedis> {
  const folder = await temporaryFolder();
  const port = await freePort();
  let server: ChildProcess | undefined;

  const kill = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  const start = async () => {
    const kept = persistent ? ['--appendonly', 'yes', '--appendfsync', 'everysec'] : ['--appendonly', 'no'];
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path];
    const started = spawn('redis-server', [...place, '--save', '', ...kept], { stdio: 'ignore' });
    server = started;
    const failed = new Promise<never>((_, reject) => {
      started.once('error', (error) => reject(new Error(`redis-server can't be started: ${error.message}`)));
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
    // Once it runs, its end is the test's doing.
    failed.catch(() => {});
    await Promise.race([failed, answers(port)]);
  };
  // A test that fails half-way leaves no server behind.
  const onExit = () => void server?.kill('SIGKILL');
  process.once('exit', onExit);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    stop: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    async remove() {
      process.removeListener('exit', onExit);
      await kill();
      await folder.remove();
    },
  };
}

async function answers(port: number): Promise<void> {
  for (const until = performance.now() + START_MS; performance.now() < until; await sleep(20)) {
    if (await pongs(port)) return;
  }
  throw new Error(`redis-server does not answer on port ${port}`);
}

/** Whether it has loaded what it kept. */
function pongs(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
