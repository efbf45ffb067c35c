import { fireEvent, screen, waitFor } from '@testing-library/react-native';
import { consent, VIEW } from './support/device.ts';
import { serve } from './support/scene.ts';
import { ANSWERS, happens, leave, open, RECAP, SERVER, talk } from './support/screens.tsx';

test('a guest goes in by one tap, an account by email and password', async () => {
  serve(ANSWERS);
  const { model } = await open({});
  await happens(() => model.connect(SERVER));
  expect(await screen.findByText('Go on as a guest')).toBeTruthy();
  await fireEvent.press(screen.getByText('Sign in with an account'));
  expect(screen.getByLabelText('Password').props.secureTextEntry).toBe(true);
  await fireEvent.press(screen.getByText('Back'));
  await fireEvent.press(screen.getByText('Go on as a guest'));
  expect(await screen.findByText('Start talking')).toBeTruthy();
});

test('in a talk: captions of both, steps, time, mute, text, and the question whether to wrap up', async () => {
  const { model, socket } = await talk();
  expect(await screen.findByText('Listening')).toBeTruthy();
  expect(screen.getByText('Goal')).toBeTruthy();
  expect(screen.getByText('29:00')).toBeTruthy();
  await happens(() =>
    socket.receive({ type: 'transcript.user', seq: 1, utterance: 1, text: 'I work too', final: false }),
  );
  expect(await screen.findByText('I work too', { includeHiddenElements: true })).toBeTruthy();
  await happens(() =>
    socket.receive({ type: 'transcript.user', seq: 2, utterance: 1, text: 'I work too much.', final: true }),
  );
  await happens(() => socket.receive({ type: 'turn.started', seq: 3, turn: 1, inReplyTo: 1 }));
  await happens(() => socket.receive({ type: 'transcript.coach', seq: 4, turn: 1, text: 'What would be better?' }));
  expect(await screen.findByText('I work too much.')).toBeTruthy();
  expect(await screen.findByText('What would be better?', { includeHiddenElements: true })).toBeTruthy();

  await fireEvent.press(screen.getByText('Mute'));
  expect(await screen.findByText('You are muted')).toBeTruthy();
  expect(socket.sent.at(-1)).toEqual({ type: 'input.mute', muted: true });
  await fireEvent(screen.getByText('Hold to talk'), 'pressIn');
  expect(socket.sent.at(-1)).toEqual({ type: 'input.start' });
  await fireEvent(screen.getByText('Hold to talk'), 'pressOut');

  const field = screen.getByLabelText('Type instead of talking');
  await fireEvent.changeText(field, 'I want to leave at six.');
  await fireEvent(field, 'submitEditing');
  expect(socket.sent.at(-1)).toMatchObject({ type: 'text', text: 'I want to leave at six.' });

  const proposal = { proposalId: 'p1', reason: 'time', expiresInMs: 60_000 };
  await happens(() =>
    socket.receive({ type: 'session.state', seq: 5, ...VIEW, phase: 'confirming', wrapUp: proposal }),
  );
  expect(await screen.findByText('Shall we wrap up?')).toBeTruthy();
  await fireEvent.press(screen.getByText('Yes, wrap up'));
  expect(socket.sent.at(-1)).toMatchObject({ type: 'wrap_up.answer', proposalId: 'p1', accept: true });
  expect(screen.queryByText('Shall we wrap up?')).toBeNull();
  await leave(model);
});

test('after a talk: the recap, a reminder by a switch, and a rating', async () => {
  const { device, model, socket } = await talk();
  await happens(() => socket.receive({ type: 'session.ended', seq: 2, reason: 'confirmed', recap: RECAP }));
  await happens(() => socket.close(1000));
  expect(await screen.findByText('You want to leave at six.')).toBeTruthy();
  expect(screen.getByText('Talk to my manager')).toBeTruthy();
  await fireEvent(screen.getByLabelText('Remind me'), 'valueChange', true);
  await waitFor(() => expect(model.reminders.all.value).toEqual({ 's1/0': 'n1' }));
  expect(screen.getByText(/You will be reminded on/)).toBeTruthy();
  expect(device.store.kept['reminders']).toBe('{"s1/0":"n1"}');
  await fireEvent.press(screen.getByLabelText('4 stars'));
  await fireEvent.press(screen.getByText('Send'));
  expect(await screen.findByText('Thank you.')).toBeTruthy();
});

test('a lost line, airplane mode, mobile data and a refused microphone are said', async () => {
  const { device, model, socket } = await talk();
  await happens(() => socket.close(1006));
  expect(await screen.findByText(/The connection was lost/)).toBeTruthy();
  await happens(() => {
    if (model.conversation.value) model.conversation.value.micProblem.value = 'refused';
  });
  expect(await screen.findByText(/allow it in the settings of your phone/)).toBeTruthy();
  await happens(() => device.network({ online: true, cellular: true }));
  expect(screen.getByText(/Mobile data · \d+ kbit\/s up, \d+ kbit\/s down/)).toBeTruthy();
  await happens(() => device.network({ online: false, cellular: false }));
  expect(screen.getByText(/You are offline/)).toBeTruthy();
  await leave(model);
});

test('settings speak German when asked to, and are remembered', async () => {
  serve(ANSWERS);
  const { device } = await open();
  await fireEvent.press(screen.getByLabelText('Settings'));
  await fireEvent.press(screen.getByText('Deutsch'));
  expect(await screen.findByText('Einstellungen')).toBeTruthy();
  await fireEvent(screen.getByLabelText('Der Coach spricht'), 'valueChange', false);
  expect(JSON.parse(device.store.kept['preferences'] ?? '')).toMatchObject({ language: 'de', voice: false });
});

test('settings have the text that was agreed to', async () => {
  serve({ ...ANSWERS, 'GET /api/consent': consent('2026-11-20T09:00:00.000Z') });
  await open();
  await fireEvent.press(screen.getByLabelText('Settings'));
  const button = await screen.findByRole('button', { name: 'What happens to your words' });
  expect(button).toBeCollapsed();
  await fireEvent.press(button);
  expect(button).toBeExpanded();
  expect(screen.getByText(/Your words are kept\.\s+You agreed to this on November 20, 2026/)).toBeTruthy();
});

test('before the first talk the text is shown; who declines is told so, who agrees talks', async () => {
  const asked = serve({ ...ANSWERS, 'GET /api/consent': consent() });
  const { device, model } = await open();
  await fireEvent.press(screen.getByText('Start talking'));
  expect(await screen.findByText(/Your coach is an AI, and no therapist/)).toBeTruthy();
  expect(screen.getByText('Your words are kept.')).toBeTruthy();
  await fireEvent.press(screen.getByText('Not now'));
  expect(screen.queryByText('Your words are kept.')).toBeNull();
  expect(screen.getByText(/Without your agreement there is no session/)).toBeTruthy();
  await fireEvent.press(screen.getByText('Start talking'));
  expect(screen.queryByText(/Without your agreement/)).toBeNull();
  await fireEvent.press(await screen.findByText('Agree and start'));
  await waitFor(() => expect(device.sockets).toHaveLength(1));
  expect(asked.find(({ what }) => what === 'POST /api/sessions')?.body).toEqual({ consent: 'v1' });
  await leave(model);
});
