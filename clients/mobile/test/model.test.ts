/** Who one is, where, and what an app that was killed finds again: the model over a scripted server. */
import { createModel } from '../src/model.ts';
import { access, createFakeDevice, ready, session } from './support/device.ts';
import { serve } from './support/scene.ts';

const SERVER = 'https://coach.example.org';
const GUESTS = { user: null, accounts: true, guests: true };
const ANNA = { id: 'u1', email: 'anna@example.org' };
const KNOWN = { preferences: JSON.stringify({ server: SERVER }) };
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the first time', () => {
  test('a phone asks for the server; then a guest may go in, and the server is remembered', async () => {
    const asked = serve({ 'GET /api/auth/me': GUESTS });
    const device = createFakeDevice();
    const model = createModel(device);
    await model.begin();
    expect(model.screen.value).toBe('welcome');
    await model.connect(SERVER);
    expect(model.account.mayTalk.value).toBe(true);
    await model.home();
    expect(model.screen.value).toBe('home');
    expect(JSON.parse(device.store.kept['preferences'] ?? '')).toMatchObject({ server: SERVER });
    expect(asked.map(({ token }) => token)).toEqual([undefined]);
  });

  test('where there is no server, nothing is remembered of it', async () => {
    serve({ 'GET /api/auth/me': new Error('offline') });
    const device = createFakeDevice();
    const model = createModel(device);
    await model.begin();
    await expect(model.connect(SERVER)).rejects.toThrow("can't be reached");
    expect(device.store.kept).toEqual({});
  });
});

describe('an account', () => {
  test('signs in with a token, which is kept and shown from then on', async () => {
    let user: object | null = null;
    const asked = serve({
      'GET /api/auth/me': () => ({ user, accounts: true, guests: false }),
      'POST /api/auth/sign-in': () => {
        user = ANNA;
        return { user, token: 'secret' };
      },
    });
    const device = createFakeDevice({ kept: KNOWN });
    const model = createModel(device);
    await model.begin();
    // This server wants people to sign in.
    expect(model.screen.value).toBe('welcome');
    expect(await model.account.enter(SERVER, { email: 'anna@example.org', password: 'p' }, false)).toBeUndefined();
    expect(asked.find(({ what }) => what.endsWith('sign-in'))?.body).toEqual({
      email: 'anna@example.org',
      password: 'p',
      token: true,
    });
    await model.home();
    expect(model.screen.value).toBe('home');
    expect(JSON.parse(device.store.kept['token'] ?? '')).toEqual({ server: SERVER, token: 'secret' });
    expect(asked.findLast(({ what }) => what === 'GET /api/auth/me')).toMatchObject({ token: 'secret' });
  });

  test('a new one is made, then signed in', async () => {
    const asked = serve({
      'GET /api/auth/me': { user: ANNA, accounts: true, guests: true },
      'POST /api/auth/sign-up': { email: 'anna@example.org' },
      'POST /api/auth/sign-in': { user: ANNA, token: 'secret' },
    });
    const model = createModel(createFakeDevice({ kept: KNOWN }));
    await model.account.enter(SERVER, { email: 'anna@example.org', password: 'p' }, true);
    expect(asked.map(({ what }) => what)).toEqual([
      'POST /api/auth/sign-up',
      'POST /api/auth/sign-in',
      'GET /api/auth/me',
    ]);
  });

  test.each([
    [401, 'refused'],
    [503, 'failed'],
  ])('a sign-in that is answered with %i is %s, and nothing is kept', async (status, refusal) => {
    serve({ 'POST /api/auth/sign-in': status });
    const device = createFakeDevice();
    const model = createModel(device);
    expect(await model.account.enter(SERVER, { email: 'a', password: 'p' }, false)).toBe(refusal);
    expect(device.store.kept).toEqual({});
  });

  test('a token that the server does not take any more is forgotten', async () => {
    let answers = 0;
    serve({ 'GET /api/auth/me': () => (answers++ === 0 ? 401 : GUESTS) });
    const kept = { ...KNOWN, token: JSON.stringify({ server: SERVER, token: 'old' }) };
    const device = createFakeDevice({ kept });
    const model = createModel(device);
    await model.begin();
    expect(model.account.token.value).toBeUndefined();
    expect(device.store.kept['token']).toBeUndefined();
  });

  test('a token is never shown to another server', async () => {
    const asked = serve({ 'GET /api/auth/me': GUESTS });
    const model = createModel(
      createFakeDevice({ kept: { token: JSON.stringify({ server: SERVER, token: 'secret' }) } }),
    );
    await model.connect('https://elsewhere.example.org');
    expect(asked.map(({ token }) => token)).toEqual([undefined]);
  });

  test('signing out forgets the token, even when the server is out of reach', async () => {
    serve({ 'GET /api/auth/me': GUESTS, 'POST /api/auth/sign-out': new Error('offline') });
    const kept = { ...KNOWN, token: JSON.stringify({ server: SERVER, token: 'secret' }) };
    const device = createFakeDevice({ kept });
    const model = createModel(device);
    await model.begin();
    await model.account.leave(SERVER);
    expect(device.store.kept['token']).toBeUndefined();
  });
});

const OPEN = { ...KNOWN, session: JSON.stringify({ server: SERVER, sessionId: 's1', microphone: true }) };
const answers = (status: 'active' | 'ended') => ({
  'GET /api/auth/me': GUESTS,
  'GET /api/sessions/s1': session(status),
  'GET /api/sessions/s1/messages': { messages: [{ id: 'm1', timestamp: '', sender: 'ai', text: 'Hello.' }] },
  'GET /api/sessions/s1/recap': { sessionId: 's1', createdAt: '2026-11-25T16:30:00.000Z', commitments: [] },
  'POST /api/sessions/s1/ticket': { socket: access() },
  'POST /api/sessions': { ...session('active'), socket: access() },
});

describe('an app that was killed', () => {
  test('finds the session that it was in the middle of, and goes on with it', async () => {
    const asked = serve(answers('active'));
    const device = createFakeDevice({ kept: { ...OPEN } });
    const model = createModel(device);
    await model.begin();
    expect(model.open.value).toMatchObject({ sessionId: 's1', microphone: true });
    model.start({ microphone: true, sessionId: 's1' });
    await settle();
    device.sockets[0]?.open();
    device.sockets[0]?.receive(ready({ messages: [{ id: 'm1', timestamp: '', sender: 'ai', text: 'Hello.' }] }));
    expect(model.conversation.value?.lines.value.map(({ text }) => text)).toEqual(['Hello.']);
    expect(asked.some(({ what }) => what === 'POST /api/sessions')).toBe(false);
    await model.conversation.value?.leave();
  });

  test('does not offer one that has ended since', async () => {
    serve(answers('ended'));
    const device = createFakeDevice({ kept: { ...OPEN } });
    const model = createModel(device);
    await model.begin();
    expect(model.open.value).toBeUndefined();
    expect(device.store.kept['session']).toBeUndefined();
  });

  test('offers it when the server is out of reach: it may well be open', async () => {
    serve({ 'GET /api/auth/me': new Error('offline'), 'GET /api/sessions/s1': new Error('offline') });
    const model = createModel(createFakeDevice({ kept: { ...OPEN } }));
    await model.begin();
    expect([model.screen.value, model.open.value?.sessionId]).toEqual(['home', 's1']);
  });
});

describe('a session', () => {
  test('is remembered while it is open, counted in bytes, and forgotten when it has ended', async () => {
    serve(answers('active'));
    const device = createFakeDevice({ kept: { ...KNOWN } });
    const model = createModel(device);
    await model.begin();
    model.start({ microphone: false });
    await settle();
    const [socket] = device.sockets;
    socket?.open();
    expect(socket?.sent[0]).toMatchObject({ type: 'hello', client: { name: 'kuku-app' } });
    socket?.receive(ready());
    expect(JSON.parse(device.store.kept['session'] ?? '{}')).toEqual({
      server: SERVER,
      sessionId: 's1',
      microphone: false,
    });
    expect(model.meter.read().totalBytes).toBeGreaterThan(100);
    socket?.receive({ type: 'session.ended', seq: 2, reason: 'confirmed' });
    socket?.close(1000);
    expect(model.conversation.value?.state.value.name).toBe('ended');
    expect(device.store.kept['session']).toBeUndefined();
  });

  test('is opened by a link or a tapped reminder: to talk on, or to look at', async () => {
    serve(answers('active'));
    const device = createFakeDevice({ kept: { ...KNOWN }, link: 'kukucoach://session/s1' });
    const model = createModel(device);
    await model.begin();
    await settle();
    expect([model.screen.value, model.conversation.value?.sessionId.value]).toEqual(['talk', 's1']);
    await model.conversation.value?.leave();
    serve(answers('ended'));
    await model.home();
    device.tap('s1');
    await settle();
    expect([model.screen.value, model.history.lookedAt.value?.messages?.length]).toEqual(['history', 1]);
    await model.home();
    device.follow('kukucoach://session/s1');
    await settle();
    expect(model.screen.value).toBe('history');
  });

  test('without the coach’s voice no speech is asked for', async () => {
    serve(answers('active'));
    const device = createFakeDevice({ kept: { preferences: JSON.stringify({ server: SERVER, voice: false }) } });
    const model = createModel(device);
    await model.begin();
    model.start({ microphone: true });
    await settle();
    device.sockets[0]?.open();
    expect(device.sockets[0]?.sent[0]).toMatchObject({ audio: { in: { rate: 16_000 } } });
    expect(device.sockets[0]?.sent[0]).not.toHaveProperty('audio.out');
    await model.conversation.value?.leave();
  });
});
