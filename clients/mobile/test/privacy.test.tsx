/** Help lines, off the record and private sessions, as the screens show them. */
import { fireEvent, screen, waitFor } from '@testing-library/react-native';
import { AccessibilityInfo, Linking } from 'react-native';
import { VIEW } from './support/device.ts';
import { happens, leave, talk } from './support/screens.tsx';

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
