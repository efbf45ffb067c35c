import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE } from '../../protocol/close-codes.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { connectTestClient, createTestSession, freshAccess, utterance } from '../support/test-client.ts';
import { tone } from '../support/scripted.ts';

const LIMITS = {
  LIMIT_HELLO_SECONDS: '0.3',
  LIMIT_HEARTBEAT_SECONDS: '0.2',
  LIMIT_AUDIO_BURST_SECONDS: '2',
  LIMIT_PLAYBACK_REPORT_SECONDS: '0.4',
};

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ env: LIMITS });
});
afterEach(async () => {
  // Whatever a client did, the server is still there for the next one.
  const { socket } = await createTestSession(server.url);
  const next = connectTestClient({ access: socket });
  await next.next('turn.done');
  await next.close();
  await server.close();
});

const enter = async (options: Partial<Parameters<typeof connectTestClient>[0]> = {}) => {
  const session = await createTestSession(server.url);
  return { session, client: connectTestClient({ access: session.socket, ...options }) };
};

describe('the session socket', () => {
  it.each([
    ['text that is not JSON', 'hello?'],
    ['an unknown type', '{"type":"sudo"}'],
    ['a wrong field', '{"type":"input.mute","muted":"yes"}'],
    ['deep nesting', '['.repeat(5000)],
    ['a text message over 16 KB', JSON.stringify({ type: 'text', id: 'a', text: 'x'.repeat(17_000) })],
    ['a second hello', '{"type":"hello","protocol":"kuku.v1","client":{"name":"x","version":"0"},"audio":{}}'],
  ])('closes with 4000 on %s', async (_name, text) => {
    const { client } = await enter();
    await client.next('ready');
    client.socket.send(text);
    expect(await client.closed).toBe(CLOSE.brokenProtocol.code);
  });

  it.each([
    ['a short frame', new Uint8Array([0x11, 0])],
    ['an unknown version', new Uint8Array(32)],
    ['a speech frame from a client', new Uint8Array([0x12, ...Array.from({ length: 31 }, () => 0)])],
    ['an odd payload', new Uint8Array([0x11, ...Array.from({ length: 12 }, () => 0)])],
  ])('closes with 4000 on %s', async (_name, bytes) => {
    const { client } = await enter();
    await client.next('ready');
    client.socket.send(bytes);
    expect(await client.closed).toBe(CLOSE.brokenProtocol.code);
  });

  it('closes with 1009 on a frame that is larger than 64 KB', async () => {
    const { client } = await enter();
    await client.next('ready');
    client.socket.send(new Uint8Array(70_000));
    expect(await client.closed).toBe(1009);
  });

  it('closes with 4008 when no hello comes', async () => {
    const { client } = await enter({ hello: false });
    expect(await client.closed).toBe(CLOSE.noHello.code);
  });

  it('closes with 4010 when the peer answers no ping', async () => {
    const session = await createTestSession(server.url);
    const socket = new WebSocket(session.socket.url, session.socket.protocols, { autoPong: false });
    socket.on('open', () => {
      socket.send('{"type":"hello","protocol":"kuku.v1","client":{"name":"x","version":"0"},"audio":{}}');
    });
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(CLOSE.heartbeatMissed.code);
  });

  it('closes with 4016 when audio comes faster than real time', async () => {
    const { client } = await enter();
    await client.next('ready');
    client.speak(tone(16_000 * 4, 16_000));
    expect(await client.closed).toBe(CLOSE.tooFast.code);
  });

  it('closes with 4029 when control messages flood in', async () => {
    const { client } = await enter();
    await client.next('ready');
    for (let t = 0; t < 200; t++) client.send({ type: 'ping', t });
    expect(await client.closed).toBe(CLOSE.quota.code);
  });

  it('closes with 4015 when playback is not reported while the coach speaks', async () => {
    const { client } = await enter({ plays: false });
    await client.next('transcript.coach');
    expect(await client.closed).toBe(CLOSE.tooSlow.code);
  });

  it('closes with 4014 when the version is not spoken', async () => {
    const { session, client } = await enter({ hello: { protocol: 'kuku.v9' } });
    expect(await client.closed).toBe(CLOSE.versionNotSpoken.code);
    const access = await freshAccess(server.url, session.sessionId);
    const other = connectTestClient({ access, protocols: ['kuku.v9', `ticket.${access.ticket}`] });
    expect(await other.closed).toBe(CLOSE.versionNotSpoken.code);
  });

  it('closes with 4001 on a ticket that is unknown, used or expired', async () => {
    const { session, client } = await enter();
    await client.next('ready');
    expect(await connectTestClient({ access: session.socket }).closed).toBe(CLOSE.badTicket.code);
    const made = { ...session.socket, protocols: ['kuku.v1', 'ticket.made-up'] };
    expect(await connectTestClient({ access: made }).closed).toBe(CLOSE.badTicket.code);
    expect(await connectTestClient({ access: { ...made, protocols: ['kuku.v1'] } }).closed).toBe(CLOSE.badTicket.code);
    await client.close();
  });

  it('closes with 4003 on the ticket of another session', async () => {
    const [mine, other] = [await createTestSession(server.url), await createTestSession(server.url)];
    const access = { ...mine.socket, url: other.socket.url };
    expect(await connectTestClient({ access }).closed).toBe(CLOSE.notYours.code);
  });

  it('refuses a foreign origin at the upgrade, and a ticket that was given to another origin', async () => {
    const { socket } = await createTestSession(server.url);
    const foreign = new WebSocket(socket.url, socket.protocols, { headers: { origin: 'https://elsewhere.example' } });
    const error = await new Promise<Error>((resolve) => foreign.on('error', resolve));
    expect(error.message).toContain('403');
    const headers = { origin: server.url };
    const response = await fetch(`${server.url}/api/sessions`, { method: 'POST', headers });
    const body = (await response.json()) as { data: { socket: typeof socket } };
    expect(await connectTestClient({ access: body.data.socket }).closed).toBe(CLOSE.badTicket.code);
  });

  it('never echoes the ticket', async () => {
    const { client } = await enter();
    await client.next('ready');
    expect(client.socket.protocol).toBe('kuku.v1');
    await client.close();
  });

  it('lets the newest socket win and closes the old one with 4009', async () => {
    const { session, client } = await enter();
    await client.next('turn.done');
    const newer = connectTestClient({ access: await freshAccess(server.url, session.sessionId) });
    await newer.next('ready');
    expect(await client.closed).toBe(CLOSE.replaced.code);
    newer.speak(utterance(0.5, 1));
    await newer.next('turn.done', ({ turn }) => turn === 2);
    await newer.close();
  });

  it('lets go of the session when the client resets the connection', async () => {
    const { client } = await enter();
    await client.next('ready');
    expect(server.hub.liveSessions).toBe(1);
    client.socket.terminate();
    await expect.poll(() => server.hub.liveSessions).toBe(0);
  });
});
