import { describe, expect, test } from 'vitest';
import { isStored, ServerMessage } from '../../../protocol/messages.ts';
import { passesBy } from '../src/sequence.ts';
import { createHarness, ready, resumed, view } from './support/harness.ts';

const said = (seq: number, text = 'x') =>
  ({ type: 'transcript.user', seq, utterance: seq, text, final: true }) as const;

describe('acknowledgements', () => {
  test('come with the 20th event', async () => {
    const { goLive, socket } = createHarness();
    await goLive();
    for (let seq = 1; seq <= 19; seq++) socket().receive(said(seq));
    expect(socket().sentOf('ack')).toEqual([]);
    socket().receive(said(20));
    expect(socket().sentOf('ack')).toEqual([{ type: 'ack', seq: 20 }]);
  });

  test('come 1 s after the first event that was not acknowledged, and no more after that', async () => {
    const { clock, goLive, socket } = createHarness();
    await goLive();
    socket().receive(said(1));
    await clock.pass(600);
    socket().receive(said(2));
    await clock.pass(399);
    expect(socket().sentOf('ack')).toEqual([]);
    await clock.pass(1);
    expect(socket().sentOf('ack')).toEqual([{ type: 'ack', seq: 2 }]);
    await clock.pass(3000);
    expect(socket().sentOf('ack')).toHaveLength(1);
  });

  test('are not given for what passes by', async () => {
    const { clock, goLive, socket } = createHarness();
    await goLive();
    socket().receive({ type: 'speech.started', seq: 0, utterance: 1, atMs: 0 });
    socket().receive({ ...said(0), final: false });
    await clock.pass(2000);
    expect(socket().sentOf('ack')).toEqual([]);
  });

  test('never take what passes by for seen, also what this client does not know', async () => {
    const { clock, goLive, socket } = createHarness();
    await goLive();
    socket().receive(said(1));
    socket().receiveRaw('{"type":"from.the.future","seq":9}');
    socket().receive({ type: 'notice', seq: 9, code: 'slow_provider', message: 'Wait.' });
    socket().receive({ type: 'error', seq: 9, code: 'broken_protocol', message: 'No.', fatal: true });
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    expect(socket().sentOf('hello')).toMatchObject([{ resume: { lastSeq: 1 } }]);
  });

  test('tell stored events from others as the protocol does', () => {
    const types = ServerMessage.options.map(({ shape }) => shape.type.value);
    expect(types.length).toBeGreaterThan(15);
    for (const type of types) {
      for (const final of [true, false]) {
        const message = { type, final } as ServerMessage;
        expect([type, final, passesBy(message)]).toEqual([type, final, !isStored(message)]);
      }
    }
  });
});

describe('commands', () => {
  test('about the record are sent again after a reconnect, until the session stands as they want it', async () => {
    const { clock, coach, goLive, socket } = createHarness({ random: Math.random });
    await goLive();
    coach.setRecord(false);
    socket().receive({ type: 'session.state', seq: 1, ...view });
    socket().drop(1006);
    await clock.pass(10_000);
    socket().open();
    socket().receive(resumed({ seq: 1 }));
    expect(socket().sentOf('record.set')).toMatchObject([{ on: false }]);
    socket().receive({ type: 'session.state', seq: 2, ...view, offRecord: true });
    socket().drop(1006);
    await clock.pass(10_000);
    socket().open();
    socket().receive(resumed({ seq: 2, session: { ...view, offRecord: true } }));
    expect(socket().sentOf('record.set')).toEqual([]);
  });

  test('are sent again after a reconnect with the same id, until their effect is seen', async () => {
    const { clock, coach, goLive, socket } = createHarness({ random: Math.random });
    await goLive();
    const answered = coach.sendText('  One. ');
    const open = coach.sendText('Two.');
    socket().receive({ ...said(1, 'One.'), ...(answered ? { id: answered } : {}) });
    socket().drop(1006);
    const offline = coach.sendText('Three.');
    await clock.pass(300);
    socket().open();
    expect(socket().sentOf('text')).toEqual([]);
    socket().receive(resumed());
    expect(socket().sentOf('text')).toEqual([
      { type: 'text', id: open, text: 'Two.' },
      { type: 'text', id: offline, text: 'Three.' },
    ]);
  });

  test('are settled by an error that names them', async () => {
    const { clock, coach, goLive, socket, events } = createHarness();
    await goLive();
    const errors = events('error');
    const ref = coach.sendText('One.');
    const refusal = { type: 'error', seq: 1, code: 'too_fast', message: 'Slow down.', fatal: false } as const;
    socket().receive({ ...refusal, ...(ref ? { ref } : {}) });
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed());
    expect(socket().sentOf('text')).toEqual([]);
    expect(errors).toEqual([{ code: 'too_fast', message: 'Slow down.', fatal: false, ref }]);
  });

  test('refuse text that the server would refuse', async () => {
    const { coach, goLive, socket } = createHarness({ random: Math.random });
    await goLive();
    expect(coach.sendText('   ')).toBeUndefined();
    expect(coach.sendText('x'.repeat(4001))).toBeUndefined();
    expect(coach.sendText('x'.repeat(4000))).toBeTypeOf('string');
    expect(socket().sentOf('text')).toHaveLength(1);
  });

  test('wait in a bounded number', async () => {
    const { coach, goLive, socket } = createHarness({ random: Math.random });
    await goLive();
    socket().drop(1006);
    const ids = Array.from({ length: 25 }, (_, i) => coach.sendText(`Turn ${i}`));
    expect(ids.filter((id) => id !== undefined)).toHaveLength(20);
  });
});

describe('errors', () => {
  test('of a server that never got as far as the session are shown', async () => {
    const { goLive, socket, events } = createHarness();
    await goLive(ready({ seq: 40 }));
    const errors = events('error');
    socket().receive({ type: 'error', seq: 0, code: 'broken_protocol', message: 'No.', fatal: true });
    expect(errors).toMatchObject([{ code: 'broken_protocol', fatal: true }]);
  });
});

describe('push to talk', () => {
  const talkOf = (sent: readonly { type: string }[]) => sent.filter(({ type }) => type.startsWith('input.'));

  test('opens the microphone for one utterance, although it is muted', async () => {
    const { audio, coach, goLive, socket } = createHarness();
    await goLive();
    coach.mute(true);
    audio.speak(new Int16Array(320));
    expect(socket().frames).toHaveLength(0);
    coach.hold(true);
    coach.hold(true);
    audio.speak(new Int16Array(320));
    expect(socket().frames).toHaveLength(1);
    coach.hold(false);
    audio.speak(new Int16Array(320));
    expect(socket().frames).toHaveLength(1);
    expect(talkOf(socket().sent)).toEqual([
      { type: 'input.mute', muted: true },
      { type: 'input.mute', muted: false },
      { type: 'input.start' },
      { type: 'input.end' },
      { type: 'input.mute', muted: true },
    ]);
  });

  test('goes on after a reconnect while it is held', async () => {
    const { clock, coach, goLive, socket } = createHarness();
    await goLive();
    coach.hold(true);
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed());
    expect(talkOf(socket().sent)).toEqual([{ type: 'input.start' }]);
  });
});

describe('wrapping up', () => {
  const wrapUp = { proposalId: 'p1', reason: 'budget', expiresInMs: 60_000 };

  test('a proposal is shown, answered by its id, and gone when the session moves on', async () => {
    const { coach, goLive, socket, events } = createHarness();
    await goLive();
    const proposals = events('wrapUp');
    expect(coach.answerWrapUp(true)).toBe(false);
    socket().receive({ type: 'session.state', seq: 1, ...view, phase: 'confirming', wrapUp });
    socket().receive({ type: 'session.state', seq: 2, ...view, phase: 'confirming', wrapUp });
    expect(coach.answerWrapUp(true)).toBe(true);
    expect(socket().sentOf('wrap_up.answer')).toMatchObject([{ proposalId: 'p1', accept: true }]);
    socket().receive({ type: 'session.state', seq: 3, ...view, phase: 'closing' });
    expect(proposals).toEqual([wrapUp, null]);
    expect(coach.state).toEqual({ name: 'closing' });
  });

  test('a request is repeated after a reconnect until the session answers it', async () => {
    const { clock, coach, goLive, socket } = createHarness();
    await goLive();
    coach.requestWrapUp();
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed());
    expect(socket().sentOf('wrap_up.request')).toHaveLength(1);
    socket().receive({ type: 'session.state', seq: 1, ...view, phase: 'confirming', wrapUp });
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed({ session: { ...view, phase: 'confirming', wrapUp } }));
    expect(socket().sentOf('wrap_up.request')).toEqual([]);
  });

  test('a proposal that waits is shown on resume', async () => {
    const { goLive, events } = createHarness();
    const proposals = events('wrapUp');
    await goLive(ready({ session: { ...view, phase: 'confirming', wrapUp } }));
    expect(proposals).toEqual([wrapUp]);
  });
});

describe('captions', () => {
  test('replace each other: partials, sentences of a turn, then what was heard', async () => {
    const { goLive, socket, events } = createHarness();
    await goLive();
    const captions = events('caption');
    socket().receive({ ...said(0, 'hel'), utterance: 1, final: false });
    socket().receive({ ...said(1, 'Hello.'), utterance: 1, id: 'c1' });
    socket().receive({ type: 'transcript.coach', seq: 2, turn: 2, text: 'Hi.' });
    socket().receive({ type: 'transcript.coach', seq: 3, turn: 2, text: 'What brings you here?' });
    const done = { status: 'interrupted', spokenText: 'Hi. What', playedMs: 900, latency: { total: 400 } } as const;
    socket().receive({ type: 'turn.done', seq: 4, turn: 2, ...done });
    expect(captions).toEqual([
      { id: 'u1', sender: 'user', text: 'hel', final: false },
      { id: 'u1', sender: 'user', text: 'Hello.', final: true, commandId: 'c1' },
      { id: 't2', sender: 'ai', text: 'Hi.', final: false },
      { id: 't2', sender: 'ai', text: 'Hi. What brings you here?', final: false },
      { id: 't2', sender: 'ai', text: 'Hi. What', final: true, status: 'interrupted' },
    ]);
  });

  test('come with the latency of each turn', async () => {
    const { goLive, socket, events } = createHarness();
    await goLive();
    const latencies = events('latency');
    const done = { status: 'completed', spokenText: '', playedMs: 0, latency: { total: 400 } } as const;
    socket().receive({ type: 'turn.done', seq: 1, turn: 2, ...done });
    expect(latencies).toEqual([{ turn: 2, status: 'completed', latency: { total: 400 } }]);
  });
});

describe('the session clock', () => {
  test('ticks each second, and stands during an outage', async () => {
    const { clock, goLive, socket, events } = createHarness();
    const timers = events('timer');
    await goLive();
    await clock.pass(2000);
    socket().drop(1006);
    const shown = timers.length;
    await clock.pass(100);
    expect(timers).toHaveLength(shown);
    expect(timers.map(({ elapsedMs, remainingMs }) => [elapsedMs, remainingMs])).toEqual([
      [0, 1_800_000],
      [1000, 1_799_000],
      [2000, 1_798_000],
    ]);
  });

  test('warns when the server does, and counts on from there', async () => {
    const { clock, goLive, socket, events } = createHarness();
    await goLive();
    const timers = events('timer');
    await clock.pass(500);
    socket().receive({ type: 'session.warning', seq: 1, remainingMs: 300_000 });
    await clock.pass(1000);
    expect(timers).toMatchObject([
      { elapsedMs: 500, remainingMs: 300_000, warning: true },
      { elapsedMs: 1500, remainingMs: 299_000, warning: false },
    ]);
  });
});

describe('listeners', () => {
  test('hear nothing after they unsubscribed', async () => {
    const { coach, goLive } = createHarness();
    const names: string[] = [];
    const off = coach.on('state', ({ name }) => void names.push(name));
    coach.on('state', ({ name }) => (name === 'connecting' ? off() : undefined));
    await goLive();
    expect(names).toEqual(['requestingMic', 'connecting']);
  });
});
