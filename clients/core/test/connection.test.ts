import { describe, expect, test } from 'vitest';
import { RestError } from '../src/rest.ts';
import { createFakeAudio } from './support/fake-audio.ts';
import { settle } from './support/fake-clock.ts';
import { createHarness, ready, resumed, view } from './support/harness.ts';

describe('the handshake', () => {
  test('offers the protocol and the ticket, then says hello with its rates', async () => {
    const { coach, clock, socket } = createHarness();
    coach.start();
    await clock.pass(0);
    expect(socket().url).toBe('ws://coach.test/s1');
    expect(socket().protocols).toEqual(['kuku.v1', 'ticket.t1']);
    expect(socket().binaryType).toBe('arraybuffer');
    socket().open();
    expect(socket().sent).toEqual([
      {
        type: 'hello',
        protocol: 'kuku.v1',
        client: { name: 'test', version: '1' },
        audio: { in: { rate: 16_000 }, out: { rate: 16_000 } },
      },
    ]);
  });

  test('names no rates without audio, and needs no devices', async () => {
    const { coach, clock, socket } = createHarness({ audio: null });
    coach.start();
    await clock.pass(0);
    socket().open();
    expect(socket().sent[0]).toMatchObject({ type: 'hello', audio: {} });
  });

  test('goes through its states in order and tells whom it speaks with', async () => {
    const { coach, events, goLive } = createHarness();
    const states = events('state');
    const sessions = events('session');
    await goLive();
    expect(states.map(({ name }) => name)).toEqual(['requestingMic', 'connecting', 'live']);
    expect(sessions).toEqual([
      { sessionId: 's1', listens: true, speaks: true, coach: { name: 'Kuku', model: 'scripted' }, messages: [] },
    ]);
    expect(coach.state).toEqual({ name: 'live' });
  });

  test('sends no microphone audio to a server without a recogniser', async () => {
    const { audio, goLive, socket, events } = createHarness();
    const sessions = events('session');
    await goLive(ready({ audio: { out: { rate: 16_000 } } }));
    audio.speak(new Int16Array(320));
    expect(socket().frames).toEqual([]);
    expect(sessions[0]).toMatchObject({ listens: false, speaks: true });
  });

  test('fails plainly when the microphone is refused, and frees the devices', async () => {
    const audio = createFakeAudio();
    audio.refusal = new Error('Permission denied');
    const { coach, clock, sockets } = createHarness({ audio });
    coach.start();
    await clock.pass(0);
    expect(coach.state).toEqual({ name: 'failed', code: 'no_audio', message: 'Permission denied' });
    expect(sockets).toEqual([]);
    expect(audio.calls).toEqual(['stop']);
  });

  test('ignores what is no message', async () => {
    const { coach, goLive, socket } = createHarness();
    await goLive();
    for (const junk of ['{', 'null', '7', '[]', '{"type":"from.the.future","seq":9}', new ArrayBuffer(3)]) {
      socket().receiveRaw(junk);
    }
    expect(coach.state.name).toBe('live');
  });
});

describe('the heartbeat', () => {
  test('pings every 5 s', async () => {
    const { clock, goLive, socket } = createHarness();
    await goLive();
    await clock.pass(10_500);
    expect(socket().sentOf('ping')).toEqual([
      { type: 'ping', t: 5000 },
      { type: 'ping', t: 10_000 },
    ]);
  });

  test('takes 12 s of silence for a dead link, without waiting for its close event', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    await goLive();
    await clock.pass(11_999);
    expect(coach.state.name).toBe('live');
    await clock.pass(1);
    expect(coach.state).toMatchObject({ name: 'reconnecting', attempt: 0, sinceMs: 12_000 });
    expect(socket().closedWith).toEqual({ code: 4010 });
  });

  test('counts anything heard as life', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    await goLive();
    for (let i = 0; i < 4; i++) {
      await clock.pass(9000);
      socket().receive({ type: 'pong', t: 0 });
    }
    expect(coach.state.name).toBe('live');
  });

  test('gives up a socket that does not open within 10 s', async () => {
    const { clock, coach, tickets, sockets } = createHarness();
    coach.start();
    await clock.pass(10_000);
    expect(coach.state).toEqual({ name: 'connecting', attempt: 1 });
    await clock.pass(300);
    expect(sockets).toHaveLength(2);
    expect(tickets()).toBe(2);
  });

  test('finds a dead link within 2.5 s of a probe', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    await goLive();
    coach.probe();
    expect(socket().sentOf('ping')).toHaveLength(1);
    await clock.pass(2500);
    expect(coach.state.name).toBe('reconnecting');
  });

  test('keeps a link that answers a probe', async () => {
    const { coach, clock, goLive, socket } = createHarness();
    await goLive();
    coach.probe();
    await clock.pass(1000);
    socket().receive({ type: 'pong', t: 0 });
    await clock.pass(4000);
    expect(coach.state.name).toBe('live');
  });
});

describe('reconnecting', () => {
  test('waits half of the doubling backoff when chance says so, with a fresh ticket each time', async () => {
    const { clock, goLive, socket, sockets, tickets } = createHarness();
    await goLive();
    const waits: number[] = [];
    for (const expected of [150, 300, 600, 1200, 2400, 4000, 4000]) {
      socket().drop(1006);
      const count = sockets.length;
      await clock.pass(expected - 1);
      expect(sockets).toHaveLength(count);
      await clock.pass(1);
      expect(sockets).toHaveLength(count + 1);
      waits.push(expected);
    }
    expect(tickets()).toBe(1 + waits.length);
    expect(socket().protocols).toEqual(['kuku.v1', 'ticket.t8']);
  });

  test('starts the backoff anew after a success', async () => {
    const { clock, goLive, socket, sockets } = createHarness();
    await goLive();
    for (let i = 0; i < 3; i++) {
      socket().drop(1006);
      await clock.pass(150);
      socket().open();
      socket().receive(resumed());
      await settle();
    }
    expect(sockets).toHaveLength(4);
  });

  test('adds its jitter to the delay of an overloaded server', async () => {
    const { clock, goLive, socket, sockets } = createHarness();
    await goLive();
    socket().drop(1013);
    await clock.pass(2149);
    expect(sockets).toHaveLength(1);
    await clock.pass(1);
    expect(sockets).toHaveLength(2);
  });

  test('keeps away as long as a fatal error said', async () => {
    const { clock, goLive, socket, sockets } = createHarness();
    await goLive();
    socket().receive({ type: 'error', seq: 1, code: 'store_away', message: 'Later.', fatal: true, retryAfterMs: 7000 });
    socket().drop(4011);
    await clock.pass(7149);
    expect(sockets).toHaveLength(1);
    await clock.pass(1);
    expect(sockets).toHaveLength(2);
  });

  test('stops, and says why, when it would have to keep away until tomorrow', async () => {
    const { coach, clock, socket, sockets } = createHarness();
    coach.start();
    await clock.pass(0);
    socket().open();
    const message = 'Your budget for today is used up.';
    const retryAfterMs = 5 * 3_600_000;
    socket().receive({ type: 'error', seq: 0, code: 'budget_spent', message, fatal: true, retryAfterMs });
    socket().drop(4029);
    expect(coach.state).toEqual({ name: 'failed', code: 'budget_spent', message });
    await clock.pass(retryAfterMs + 60_000);
    expect(sockets).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  test('stops where the close code says so', async () => {
    for (const [code, name] of [
      [4000, 'broken_protocol'],
      [4003, 'not_yours'],
      [4004, 'no_such_session'],
      [4009, 'replaced_by_a_newer_socket'],
      [4014, 'version_not_spoken'],
      [4016, 'audio_faster_than_real_time'],
    ] as const) {
      const { coach, clock, goLive, socket, sockets, audio } = createHarness();
      await goLive();
      socket().drop(code);
      await clock.pass(60_000);
      expect(coach.state).toMatchObject({ name: 'failed', code: name });
      expect(sockets).toHaveLength(1);
      expect(audio.calls.at(-1)).toBe('stop');
      expect(clock.timers).toBe(0);
    }
  });

  test('resumes with its token, the last stored event and the last audio', async () => {
    const { clock, goLive, socket } = createHarness();
    await goLive(ready({ seq: 4 }));
    socket().receive({ type: 'turn.started', seq: 5, turn: 1, inReplyTo: null });
    socket().receiveSpeech({ turn: 1, seq: 0, pts: 0, samples: 320 });
    socket().receiveSpeech({ turn: 1, seq: 1, pts: 320, samples: 320 });
    // Passes by: the number is not its own.
    socket().receive({ type: 'speech.started', seq: 6, utterance: 1, atMs: 0 });
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    expect(socket().sent[0]).toMatchObject({
      type: 'hello',
      resume: { token: 'token-1', lastSeq: 5, lastAudio: { turn: 1, seq: 1 } },
    });
  });

  test('uses the rotated token, and still counts from what it saw, when a replay is cut off', async () => {
    const { clock, goLive, socket, events } = createHarness();
    await goLive(ready({ seq: 4 }));
    const captions = events('caption');
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed({ seq: 6 }));
    socket().receive({ type: 'transcript.user', seq: 5, utterance: 1, text: 'Hello.', final: true });
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    expect(socket().sent[0]).toMatchObject({ resume: { token: 'token-2', lastSeq: 5 } });
    socket().receive(resumed({ seq: 6 }));
    socket().receive({ type: 'transcript.user', seq: 5, utterance: 1, text: 'Hello.', final: true });
    socket().receive({ type: 'transcript.user', seq: 6, utterance: 2, text: 'Again.', final: true });
    expect(captions.map(({ text }) => text)).toEqual(['Hello.', 'Again.']);
  });

  test('clears the player and hands on the whole session when events are gone', async () => {
    const { clock, goLive, socket, audio, events } = createHarness();
    const sessions = events('session');
    await goLive(ready({ seq: 4 }));
    audio.calls.length = 0;
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    const messages = [{ id: 'm1', timestamp: '2026-01-01T00:00:00Z', sender: 'user' as const, text: 'Hello.' }];
    socket().receive(resumed({ seq: 90, recovered: false, messages }));
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    expect(audio.calls).toEqual(['clear']);
    expect(sessions[1]).toEqual({ sessionId: 's1', listens: true, speaks: true, messages });
    expect(socket().sent[0]).toMatchObject({ resume: { lastSeq: 90 } });
  });

  test('a recovered session replaces no captions', async () => {
    const { clock, goLive, socket, events } = createHarness();
    await goLive();
    const sessions = events('session');
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed());
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.messages).toBeUndefined();
  });

  test('comes back at once when probed while it waits', async () => {
    const { coach, clock, goLive, socket, sockets } = createHarness({ random: () => 1 });
    await goLive();
    socket().drop(1006);
    coach.probe();
    await clock.pass(0);
    expect(sockets).toHaveLength(2);
    await clock.pass(400);
    expect(sockets).toHaveLength(2);
  });

  test('goes on when a ticket request fails for now, and stops when it is refused', async () => {
    const answers = [new RestError('busy', 503, 'store_away', 3000), new RestError('gone', 404, 'no_such_session')];
    const { coach, clock, events } = createHarness({ getTicket: () => Promise.reject(answers.shift()) });
    const states = events('state');
    coach.start();
    await clock.pass(3299);
    expect(states.at(-1)).toEqual({ name: 'connecting', attempt: 1 });
    await clock.pass(1);
    expect(states.at(-1)).toEqual({ name: 'failed', code: 'no_such_session', message: 'gone' });
  });

  test('gives up a ticket that does not come, and drops it when it comes late', async () => {
    let answer: (access: { url: string; protocols: string[] }) => void = () => {};
    const getTicket = () => new Promise<{ url: string; protocols: string[] }>((resolve) => (answer = resolve));
    const { coach, clock, sockets } = createHarness({ getTicket });
    coach.start();
    await clock.pass(0);
    const late = answer;
    await clock.pass(10_000);
    expect(coach.state).toEqual({ name: 'connecting', attempt: 1 });
    late({ url: 'ws://late.test', protocols: [] });
    await clock.pass(100);
    expect(sockets).toEqual([]);
  });
});

describe('the end', () => {
  test('a session that ended is told with its recap, then its close ends the coach', async () => {
    const { coach, clock, goLive, socket, events, audio } = createHarness();
    await goLive();
    const recaps = events('recap');
    const recap = { topic: 'Work', goal: 'Rest', insights: [], commitments: [], summary: 'You rest.' };
    socket().receive({ type: 'session.ended', seq: 1, reason: 'completed', recap });
    expect(coach.state).toEqual({ name: 'closing', reason: 'completed' });
    socket().drop(1000);
    await settle();
    expect(coach.state).toEqual({ name: 'ended', reason: 'completed' });
    expect(recaps).toEqual([recap]);
    expect(audio.calls.at(-1)).toBe('stop');
    expect(clock.timers).toBe(0);
  });

  test('a stop closes the socket, frees the devices and leaves no timer', async () => {
    const { coach, clock, goLive, socket, audio } = createHarness();
    await goLive();
    socket().receive({ type: 'session.state', seq: 1, ...view });
    await coach.stop();
    expect(socket().closedWith).toEqual({ code: 1000 });
    expect(audio.calls.at(-1)).toBe('stop');
    expect(clock.timers).toBe(0);
    socket().receive({ type: 'session.ended', seq: 2, reason: 'late' });
    expect(coach.state).toEqual({ name: 'ended', reason: 'left' });
  });

  test('a stop while a ticket is fetched opens no socket', async () => {
    let answer: (access: { url: string; protocols: string[] }) => void = () => {};
    const getTicket = () => new Promise<{ url: string; protocols: string[] }>((resolve) => (answer = resolve));
    const { coach, clock, sockets } = createHarness({ getTicket });
    coach.start();
    await clock.pass(0);
    await coach.stop();
    answer({ url: 'ws://late.test', protocols: [] });
    await settle();
    expect(sockets).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});
