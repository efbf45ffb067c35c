/** The screens of the app over a fake device and a scripted server. */
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { createModel, type Model } from '../../src/model.ts';
import { LookProvider } from '../../src/ui/look.tsx';
import { Shell } from '../../src/ui/shell.tsx';
import { access, createFakeDevice, ready, session, type FakeDevice } from './device.ts';
import { serve } from './scene.ts';

export const SERVER = 'https://coach.example.org';
export const RECAP = {
  topic: 'Work',
  goal: 'Leave at six',
  insights: ['I say yes too fast'],
  commitments: [{ what: 'Talk to my manager', by: 'tomorrow', confidence: 8 }],
  summary: 'You want to leave at six.',
};

const METRICS = {
  frame: { x: 0, y: 0, width: 390, height: 844 },
  insets: { top: 47, left: 0, right: 0, bottom: 34 },
};

/** Something happens that nobody has tapped. */
export const happens = (run: () => unknown) => act(async () => void (await run()));

export async function open(kept: Record<string, string> = { preferences: JSON.stringify({ server: SERVER }) }) {
  const device = createFakeDevice({ kept });
  const model = createModel(device);
  await model.begin();
  await render(
    <SafeAreaProvider initialMetrics={METRICS}>
      <LookProvider model={model} still>
        <Shell model={model} />
      </LookProvider>
    </SafeAreaProvider>,
  );
  return { device, model };
}

export const ANSWERS = {
  'GET /api/auth/me': { user: null, accounts: true, guests: true },
  'POST /api/sessions': { ...session('active'), socket: access() },
  'GET /api/sessions/s1': session('active'),
  'POST /api/sessions/s1/ticket': { socket: access() },
  'GET /api/sessions/s1/recap': { sessionId: 's1', createdAt: '2026-11-25T16:30:00.000Z', ...RECAP },
  'POST /api/sessions/s1/rating': {},
};

export async function talk() {
  serve(ANSWERS);
  const opened = await open();
  await fireEvent.press(screen.getByText('Start talking'));
  await waitFor(() => expect(opened.device.sockets).toHaveLength(1));
  const socket = opened.device.sockets[0] as FakeDevice['sockets'][number];
  await happens(() => socket.open());
  await happens(() => socket.receive(ready()));
  return { ...opened, socket };
}

export const leave = (model: Model) => happens(() => model.conversation.value?.leave());
