/** Help lines, off the record and private sessions, as the screens show them. */
import { fireEvent, screen, waitFor } from '@testing-library/react-native';
import { AccessibilityInfo, Linking } from 'react-native';
import { ready, session, VIEW } from './support/device.ts';
import { Refusal, serve } from './support/scene.ts';
import { ANSWERS, happens, leave, open, RECAP, talk } from './support/screens.tsx';

const HELP = {
  type: 'care',
  lines: [{ name: 'Samaritans', number: '116 123', hours: '24/7' }],
  emergency: '999',
};
const inCare = { type: 'session.state', ...VIEW, care: true };

beforeEach(() => jest.restoreAllMocks());

describe('somebody who speaks of harm', () => {
  test('sees whom to call and is told so, dials by a tap, and can end nothing meanwhile', async () => {
    const announce = jest.spyOn(AccessibilityInfo, 'announceForAccessibility');
    const dial = jest.spyOn(Linking, 'openURL').mockResolvedValue(undefined);
    const { model, socket } = await talk();
    expect(screen.queryByText('You are not alone with this')).toBeNull();
    await happens(() => socket.receive({ ...HELP, seq: 1 }));
    await happens(() => socket.receive({ ...inCare, seq: 2 }));
    expect(screen.getByText('You are not alone with this')).toBeTruthy();
    expect(screen.getByText('day and night')).toBeTruthy();
    expect(screen.getByText(/the clock stands/)).toBeTruthy();
    expect(announce).toHaveBeenCalledWith('You are not alone with this: Help lines.');
    await fireEvent.press(screen.getByRole('link', { name: 'Samaritans: 116 123' }));
    await fireEvent.press(screen.getByRole('link', { name: 'Emergency call: 999' }));
    expect(dial.mock.calls).toEqual([['tel:116123'], ['tel:999']]);
    expect(screen.getByRole('button', { name: 'Wrap up' })).toBeDisabled();
    await leave(model);
  });

  test('has it out of the way once the talk goes on, and at hand until the end and at it', async () => {
    const { socket } = await talk();
    await happens(() => socket.receive({ ...HELP, seq: 1 }));
    await happens(() => socket.receive({ ...inCare, seq: 2 }));
    await happens(() => socket.receive({ type: 'session.state', seq: 3, ...VIEW }));
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.getByRole('button', { name: 'Wrap up' })).toBeEnabled();
    await fireEvent.press(screen.getByText('Help lines'));
    expect(screen.getByRole('link', { name: 'Samaritans: 116 123' })).toBeTruthy();
    expect(screen.queryByText(/the clock stands/)).toBeNull();
    await fireEvent.press(screen.getByText('Hide'));
    expect(screen.queryByRole('link')).toBeNull();
    await happens(() => socket.receive({ type: 'session.ended', seq: 4, reason: 'confirmed' }));
    await happens(() => socket.close(1000));
    await fireEvent.press(await screen.findByText('Help lines'));
    expect(screen.getByRole('link', { name: 'Emergency call: 999' })).toBeTruthy();
  });

  test('can leave, and still has the numbers; without a number of the country it says so', async () => {
    const { socket } = await talk();
    await happens(() => socket.receive({ type: 'care', lines: [], seq: 1 }));
    await happens(() => socket.receive({ ...inCare, seq: 2 }));
    expect(screen.getByText(/call a crisis line near you/)).toBeTruthy();
    await fireEvent.press(screen.getByText('Leave for now'));
    expect(await screen.findByText('You are in the middle of a session.')).toBeTruthy();
    expect(screen.getByText(/call your local emergency number/)).toBeTruthy();
    expect(screen.queryByText('Leave for now')).toBeNull();
  });

  test('whose session fails has the numbers there, too', async () => {
    const { model, socket } = await talk();
    await happens(() => socket.receive({ ...HELP, seq: 1 }));
    await happens(() => socket.receive({ ...inCare, seq: 2 }));
    await happens(() => socket.close(4009));
    await waitFor(() => expect(model.conversation.value?.state.value.name).toBe('failed'));
    expect(screen.getByRole('link', { name: 'Samaritans: 116 123' })).toBeTruthy();
  });
});

describe('off the record', () => {
  test('is a switch, says so while it is on, and marks what is said; a gap stands for it afterwards', async () => {
    const { model, socket } = await talk();
    const record = () => screen.getByRole('switch', { name: 'Off record' });
    expect(record()).not.toBeChecked();
    await fireEvent.press(record());
    expect(socket.sent.at(-1)).toMatchObject({ type: 'record.set', on: false });
    await happens(() => socket.receive({ type: 'session.state', seq: 2, ...VIEW, offRecord: true }));
    expect(record()).toBeChecked();
    expect(screen.getByText('Off the record: what is said now is not kept.')).toBeTruthy();
    const said = { type: 'transcript.user', seq: 3, utterance: 1, text: 'My boss is a walrus.', final: true };
    await happens(() => socket.receive(said));
    expect(screen.getByText('My boss is a walrus.')).toBeTruthy();
    expect(screen.getByText('You · Off the record')).toBeTruthy();

    await fireEvent.press(record());
    expect(socket.sent.at(-1)).toMatchObject({ type: 'record.set', on: true });
    await happens(() => socket.receive({ type: 'session.state', seq: 4, ...VIEW }));
    expect(record()).not.toBeChecked();
    expect(screen.queryByText('My boss is a walrus.')).toBeNull();
    expect(screen.queryByText(/what is said now is not kept/)).toBeNull();
    expect(screen.getByText('Off the record')).toBeTruthy();
    await leave(model);
  });

  test('can’t be switched while the line is away', async () => {
    const { model, socket } = await talk();
    await happens(() => socket.close(1006));
    expect(screen.getByRole('switch', { name: 'Off record' })).toBeDisabled();
    await leave(model);
  });
});

describe('a private session', () => {
  const PRIVATE = { ...VIEW, ephemeral: true };
  async function begin(answers: Record<string, unknown> = {}) {
    const asked = serve({ ...ANSWERS, ...answers });
    const opened = await open();
    await fireEvent(screen.getByRole('switch', { name: /^Private/ }), 'valueChange', true);
    await fireEvent.press(screen.getByText('Start talking'));
    return {
      ...opened,
      wishes: () => asked.filter(({ what }) => what === 'POST /api/sessions').map(({ body }) => body),
    };
  }
  async function converse() {
    const begun = await begin();
    await waitFor(() => expect(begun.device.sockets).toHaveLength(1));
    const [socket] = begun.device.sockets;
    await happens(() => socket?.open());
    await happens(() => socket?.receive(ready({ session: PRIVATE })));
    return { ...begun, socket };
  }

  test('is wished at the start, and says so while one talks', async () => {
    const { model, wishes } = await converse();
    expect(wishes()).toEqual([{ ephemeral: true }]);
    expect(screen.getByText('Private: nothing of this talk is kept')).toBeTruthy();
    expect(screen.queryByRole('switch', { name: 'Off record' })).toBeNull();
    await leave(model);
  });

  test('has its recap on the screen alone, with no rating and no reminder', async () => {
    const { socket } = await converse();
    await happens(() => socket?.receive({ type: 'session.ended', seq: 2, reason: 'confirmed', recap: RECAP }));
    await happens(() => socket?.close(1000));
    expect(await screen.findByText('You want to leave at six.')).toBeTruthy();
    expect(screen.getByText(/the recap is only here. Share it/)).toBeTruthy();
    expect(screen.queryByText('How was it?')).toBeNull();
    expect(screen.queryByLabelText('Remind me')).toBeNull();
  });

  test('that ended without a recap has none, and says that nothing is kept', async () => {
    const { model, socket } = await converse();
    await happens(() => socket?.receive({ type: 'session.ended', seq: 2, reason: 'idle' }));
    await happens(() => socket?.close(1000));
    expect(await screen.findByText(/nothing that was said is kept, and no recap/)).toBeTruthy();
    expect(model.recap.finding.value).toBe('none');
    expect(screen.queryByText('There is no recap of this session.')).toBeNull();
  });

  test('stays private when the first try fails', async () => {
    const { model, wishes } = await begin({ 'POST /api/sessions': 400 });
    await fireEvent.press(await screen.findByText('Try again'));
    await waitFor(() => expect(wishes()).toHaveLength(2));
    expect(wishes()).toEqual([{ ephemeral: true }, { ephemeral: true }]);
    await leave(model);
  });

  test('stays private when the microphone is tried again before the session is there', async () => {
    const { model, wishes } = await begin({ 'POST /api/sessions': () => new Promise(() => {}) });
    await happens(() => {
      if (model.conversation.value) model.conversation.value.micProblem.value = 'busy';
    });
    await fireEvent.press(screen.getByText('Try again'));
    await waitFor(() => expect(wishes()).toHaveLength(2));
    expect(wishes()).toEqual([{ ephemeral: true }, { ephemeral: true }]);
    await leave(model);
  });

  test('is one in the history, by its name alone', async () => {
    const listed = { ...session('ended'), title: null, endedAt: null, endReason: null, ephemeral: true };
    serve({
      ...ANSWERS,
      'GET /api/sessions': { sessions: [listed] },
      'GET /api/sessions/s1/messages': { messages: [] },
      'GET /api/sessions/s1/recap': new Refusal(404, 'no_recap'),
    });
    await open();
    await fireEvent.press(screen.getByLabelText('History'));
    await fireEvent.press(await screen.findByText('Private session'));
    expect(await screen.findByText(/nothing that was said is kept/)).toBeTruthy();
    expect(screen.queryByText('What was said')).toBeNull();
  });
});

test.each([
  ['en', 'It is an AI, and no therapist.'],
  ['de', 'Er ist eine KI, kein Therapeut,'],
] as const)('who comes in is told what the coach is, first of all (%s)', async (language, disclosure) => {
  serve(ANSWERS);
  const { model } = await open({ preferences: JSON.stringify({ language }) });
  expect(screen.getByText(new RegExp(disclosure))).toBeTruthy();
  await happens(() => model.connect('https://coach.example.org'));
  await happens(() => model.home());
  expect(screen.getByText(new RegExp(disclosure))).toBeTruthy();
});
