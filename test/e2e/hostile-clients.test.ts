/** Clients that send anything, against the server as it is started: it stays up, answers, and forgets them. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE } from '../../protocol/close-codes.ts';
import { PROTOCOL } from '../../protocol/messages.ts';
import { heldBytes, type Memory, probe, PROBED } from '../support/probe.ts';
import { type RandomFrame, randomFrames } from '../support/random-frames.ts';
import { type RealServer, startRealServer, STARTS_MS } from '../support/real-server.ts';
import { connectTestClient, createTestSession, freshAccess } from '../support/test-client.ts';

const FRAMES = 10_000;
const SEED = 20_261_123;
const FRAMES_A_SOCKET = 4;
/** Each socket in turn is one of these sessions', so that what is left at the end is the sockets' doing. */
const SESSIONS = 16;
const TEST_MS = 100_000;
const MB = 2 ** 20;

/** Ours, and 1005: we closed without a code. */
const KNOWN_CODES: ReadonlySet<number> = new Set([...Object.values(CLOSE).map(({ code }) => code), 1005]);
/**
 * What ws itself refuses (text that is not UTF-8, a frame over every limit) it answers with 1007 or 1009 and no longer
 * reads: what we still send can reset the connection before the code is here, which then counts as 1006.
 */
const REFUSED_CODES: ReadonlySet<number> = new Set([1006, 1007, 1009]);
const isRefused = (frame: RandomFrame) => 'textBytes' in frame || ('binary' in frame && frame.binary.length > 65_536);

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer({
    nodeArgs: PROBED,
    env: { LIMIT_SOCKETS_PER_ADDRESS: '100', SESSION_HARD_LIMIT_SECONDS: '3600', LOG_LEVEL: 'info' },
  });
}, STARTS_MS);
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

interface Outcome {
  codes: Map<number, number>;
  surprises: string[];
  sent: number;
}

/** One socket of a session: a hello, some frames, and a close. */
async function visit(sessionId: string, frames: readonly RandomFrame[], outcome: Outcome): Promise<void> {
  const { url, protocols } = await freshAccess(server.url, sessionId);
  const socket = new WebSocket(url, protocols);
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve) => socket.once('open', resolve));
  const audio = { in: { rate: 16_000 } };
  socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, client: { name: 'hostile', version: '0' }, audio }));
  await new Promise<void>((resolve) => {
    socket.once('message', () => resolve());
    socket.once('close', () => resolve());
  });
  for (const frame of frames) await sendFrame(socket, frame, outcome);
  // The answer to a ping comes after everything before it was taken.
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ping', t: 4711 }));
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => (data as Buffer).toString().includes('4711') && resolve());
    socket.once('close', () => resolve());
    if (socket.readyState === WebSocket.CLOSED) resolve();
  });
  socket.close();
  const code = await closed;
  outcome.codes.set(code, (outcome.codes.get(code) ?? 0) + 1);
  const allowed = KNOWN_CODES.has(code) || (REFUSED_CODES.has(code) && frames.some(isRefused));
  if (!allowed) outcome.surprises.push(`${code} after ${JSON.stringify(frames).slice(0, 300)}`);
}

async function sendFrame(socket: WebSocket, frame: RandomFrame, outcome: Outcome): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return;
  const sent = (send: (done: () => void) => void) => new Promise<void>((resolve) => send(resolve));
  outcome.sent += 1;
  if ('text' in frame) await sent((done) => socket.send(frame.text, done));
  else if ('textBytes' in frame) await sent((done) => socket.send(frame.textBytes, { binary: false }, done));
  else await sent((done) => socket.send(frame.binary, { binary: true }, done));
}

async function flood(frames: readonly RandomFrame[], sessionIds: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { codes: new Map(), surprises: [], sent: 0 };
  let next = 0;
  const visitor = async (sessionId: string) => {
    while (next < frames.length) {
      const mine = frames.slice(next, (next += FRAMES_A_SOCKET));
      await visit(sessionId, mine, outcome);
    }
  };
  await Promise.all(sessionIds.map(visitor));
  return outcome;
}

/** Asks for `/health` all the time. Resolves with the answers' statuses when stopped. */
function watchHealth(): () => Promise<number[]> {
  const statuses: number[] = [];
  let watching = true;
  const watch = async () => {
    while (watching) {
      statuses.push((await fetch(`${server.url}/health`)).status);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const done = watch();
  return async () => {
    watching = false;
    await done;
    return statuses;
  };
}

async function newSessions(): Promise<string[]> {
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => createTestSession(server.url)));
  return sessions.map(({ sessionId }) => sessionId);
}

describe(`${FRAMES} random frames`, () => {
  let outcome: Outcome;
  let statuses: number[];
  let before: Memory;
  let after: Memory;
  beforeAll(async () => {
    const frames = randomFrames(FRAMES, SEED);
    // A first round fills what is filled once: compiled code, pools, each session's history.
    const sessionIds = await newSessions();
    await flood(frames.slice(0, FRAMES / 5), sessionIds);
    before = (await probe(server)).memory;
    const stopWatching = watchHealth();
    outcome = await flood(frames, sessionIds);
    statuses = await stopWatching();
    after = (await probe(server)).memory;
  }, TEST_MS);

  it('close a socket with a known code or not at all', () => {
    expect(outcome.surprises).toEqual([]);
    expect(outcome.sent).toBeGreaterThan(FRAMES / 2);
    // Not all were turned away at the door.
    expect(outcome.codes.get(CLOSE.brokenProtocol.code)).toBeGreaterThan(100);
    expect(outcome.codes.get(1005)).toBeGreaterThan(50);
  });

  it('leave the server answering all the while', () => {
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('leave its memory where it was', () => {
    const grownBytes = heldBytes(after) - heldBytes(before);
    expect(grownBytes, JSON.stringify({ before, after })).toBeLessThan(8 * MB);
  });

  it('leave it able to talk with the next person', async () => {
    const { socket } = await createTestSession(server.url);
    const client = connectTestClient({ access: socket });
    expect(await client.next('turn.done')).toMatchObject({ turn: 1, status: 'completed' });
    expect(client.frames.length).toBeGreaterThan(0);
    await client.close();
  });
});

describe('a request whose headers come byte by byte', () => {
  it('is cut off within six seconds', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const request = `GET /health HTTP/1.1\r\nHost: ${hostname}\r\nX-Slow: ${'a'.repeat(1000)}`;
    const startedMs = performance.now();
    let sent = 0;
    const drip = setInterval(() => socket.write(request.charAt(sent++)), 100);
    await new Promise<void>((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(sent).toBeGreaterThan(10);
    expect(performance.now() - startedMs).toBeLessThan(12_000);
  });
});
