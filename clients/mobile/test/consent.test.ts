/** What is to be agreed to before a session: the model over a scripted server. */
import { createModel } from '../src/model.ts';
import { access, consent, createFakeDevice, session } from './support/device.ts';
import { Refusal, serve } from './support/scene.ts';

const SERVER = 'https://coach.example.org';
const KNOWN = { preferences: JSON.stringify({ server: SERVER }) };
const WHO = { user: null, accounts: true, guests: true };
const CREATED = { ...session('active'), socket: access() };
const ANSWERS = {
  'GET /api/auth/me': WHO,
  'GET /api/consent': consent(),
  'POST /api/sessions': CREATED,
};
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

async function open(answers: Record<string, unknown>, kept: Record<string, string> = { ...KNOWN }) {
  const asked = serve(answers);
  const device = createFakeDevice({ kept });
  const model = createModel(device);
  await model.begin();
  await settle();
  return { device, model, wishes: () => asked.filter(({ what }) => what === 'POST /api/sessions') };
}

test('nothing starts before the person has agreed; what they wanted goes on then, and says to what', async () => {
  const { device, model, wishes } = await open(ANSWERS);
  model.start({ microphone: false });
  await settle();
  expect(model.gate.text.value?.text).toBe('Your words are kept.');
  expect([model.screen.value, model.gate.wish.value, wishes()]).toEqual(['home', { microphone: false }, []]);
  model.gate.agree();
  await settle();
  expect([model.screen.value, model.gate.wish.value]).toEqual(['talk', undefined]);
  expect(wishes().map(({ body }) => body)).toEqual([{ consent: 'v1' }]);
  expect(device.sockets).toHaveLength(1);
  await model.conversation.value?.leave();
});

test('a guest on a phone gets a name with the first session, to be known by and to agree with', async () => {
  const { model, wishes } = await open({ ...ANSWERS, 'GET /api/consent': undefined });
  model.start({ microphone: false });
  await settle();
  expect(wishes().map(({ site }) => site)).toEqual(['none']);
  await model.conversation.value?.leave();
});

test('who declines stays at home, and is told; the next try asks again', async () => {
  const { model, wishes } = await open(ANSWERS);
  model.start({ microphone: true });
  model.gate.decline();
  await settle();
  expect([model.screen.value, model.gate.declined.value, wishes()]).toEqual(['home', true, []]);
  model.start({ microphone: true });
  expect([model.gate.declined.value, model.gate.wish.value]).toEqual([false, { microphone: true }]);
});

test.each([
  ['who agreed before is not asked', consent('2026-11-20T09:00:00.000Z')],
  ['a server that has no such text is talked to', undefined],
  ['a text that can’t be read holds nobody up', new Error('offline')],
])('%s', async (_, text) => {
  const { model, wishes } = await open({ ...ANSWERS, 'GET /api/consent': text });
  model.start({ microphone: false });
  await settle();
  expect([model.screen.value, wishes().map(({ body }) => body)]).toEqual(['talk', [{}]]);
  await model.conversation.value?.leave();
});

test('who is quicker than the server’s answer waits for it', async () => {
  let answer: (text: object) => void = () => {};
  const text = new Promise((resolve) => (answer = resolve));
  const { model, wishes } = await open({ ...ANSWERS, 'GET /api/consent': () => text });
  model.start({ microphone: false });
  await settle();
  expect([model.screen.value, model.gate.text.value, wishes()]).toEqual(['home', undefined, []]);
  answer(consent('2026-11-20T09:00:00.000Z'));
  await settle();
  expect([model.screen.value, wishes().length]).toEqual(['talk', 1]);
  await model.conversation.value?.leave();
});

test.each([
  ['the history', 'history', 'showHistory'],
  ['the settings', 'home', 'openSettings'],
] as const)('who looks at %s meanwhile does not wait any more', async (_, shown, look) => {
  let answer: (text: object) => void = () => {};
  const text = new Promise((resolve) => (answer = resolve));
  const { model, wishes } = await open({ ...ANSWERS, 'GET /api/consent': () => text });
  model.start({ microphone: true });
  model[look]();
  answer(consent('2026-11-20T09:00:00.000Z'));
  await settle();
  expect([model.screen.value, wishes().length]).toEqual([shown, 0]);
});

test('a text that has changed while it was read is shown again', async () => {
  let version = 'v1';
  const create = () => {
    if (version === 'v2') return CREATED;
    version = 'v2';
    return new Refusal(409, 'consent_changed');
  };
  const answers = { ...ANSWERS, 'GET /api/consent': () => consent(null, version), 'POST /api/sessions': create };
  const { model, wishes } = await open(answers);
  const { gate } = model;
  model.start({ microphone: false });
  gate.agree();
  await settle();
  expect([model.screen.value, gate.wish.value]).toEqual(['home', { microphone: false }]);
  gate.agree();
  await settle();
  expect(wishes().map(({ body }) => body)).toEqual([{ consent: 'v1' }, { consent: 'v2' }]);
  expect(model.screen.value).toBe('talk');
  await model.conversation.value?.leave();
});

test('a server that wants consent, and does not show to what, is asked once', async () => {
  const refused = new Refusal(403, 'consent_required');
  const { model, wishes } = await open({ ...ANSWERS, 'GET /api/consent': 503, 'POST /api/sessions': refused });
  model.start({ microphone: false });
  await settle();
  await settle();
  expect([model.conversation.value?.state.value.name, wishes().length]).toEqual(['failed', 1]);
});

test('what one person agreed to, the next has not', async () => {
  let user: object | null = { id: 'u1', email: 'anna@example.org' };
  const { model, wishes } = await open({ ...ANSWERS, 'GET /api/auth/me': () => ({ ...WHO, user }) });
  model.start({ microphone: false });
  model.gate.agree();
  await settle();
  await model.conversation.value?.leave();
  user = null;
  await model.account.leave(SERVER);
  void model.home();
  model.start({ microphone: false });
  await settle();
  expect([model.screen.value, wishes().length]).toEqual(['home', 1]);
  expect(model.gate.wish.value).toEqual({ microphone: false });
});

test('a session that is gone on with needs no new agreement', async () => {
  const kept = { ...KNOWN, session: JSON.stringify({ server: SERVER, sessionId: 's1', microphone: true }) };
  const answers = {
    ...ANSWERS,
    'GET /api/sessions/s1': session('active'),
    'POST /api/sessions/s1/ticket': { socket: access() },
  };
  const { model, wishes } = await open(answers, kept);
  model.start({ microphone: true, sessionId: 's1' });
  await settle();
  expect([model.screen.value, wishes()]).toEqual(['talk', []]);
  await model.conversation.value?.leave();
});
