import type { AudioIO } from '../../../core/src/audio-io.ts';
import type { ScreenAudio } from '../../../core/src/screen/index.ts';
import { deviceFetch } from '../../src/device/fetch';
import type { Device, NetworkNow } from '../../src/model.ts';
import { createFakeStore } from './scene.ts';

export interface FakeDevice extends Device {
  store: ReturnType<typeof createFakeStore>;
  /** A link is tapped while the app is open. */
  follow: (link: string) => void;
  /** A reminder is tapped. */
  tap: (sessionId: string) => void;
  network: (now: NetworkNow) => void;
  sockets: FakeSocket[];
}

export class FakeSocket {
  static readonly opened: FakeSocket[] = [];
  binaryType = '';
  readyState = 0;
  bufferedAmount = 0;
  readonly sent: { type: string }[] = [];
  readonly listeners: Record<string, ((event: unknown) => void)[]> = {};
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSocket.opened.push(this);
  }
  addEventListener(type: string, fn: (event: unknown) => void) {
    (this.listeners[type] ??= []).push(fn);
  }
  tell(type: string, event: unknown = {}) {
    for (const fn of this.listeners[type] ?? []) fn(event);
  }
  open() {
    this.readyState = 1;
    this.tell('open');
  }
  receive(message: object) {
    this.tell('message', { data: JSON.stringify(message) });
  }
  send(data: string) {
    if (typeof data === 'string') this.sent.push(JSON.parse(data));
  }
  close(code = 1000) {
    this.readyState = 3;
    this.tell('close', { code });
  }
}

const audio: Omit<AudioIO, 'start'> = {
  play() {},
  end() {},
  clear: async () => ({ turn: 0, playedSamples: 0 }),
  onPosition() {},
  onInterruption() {},
  onRoute() {},
  stop: async () => {},
};

export function createFakeDevice({
  kept = {},
  link = null,
}: { kept?: Record<string, string>; link?: string | null } = {}): FakeDevice {
  FakeSocket.opened.length = 0;
  let follow = (_link: string) => {};
  let tellNetwork = (_now: NetworkNow) => {};
  let tap = (_sessionId: string) => {};
  return {
    store: createFakeStore(kept),
    languages: ['en-GB'],
    createAudio: ({ microphone, voice }): ScreenAudio => ({
      ...audio,
      start: async () => ({ ...(microphone && { in: { rate: 16_000 } }), ...(voice && { out: { rate: 16_000 } }) }),
      loudness: () => 0,
    }),
    watch: () => () => {},
    watchNetwork: (fn) => {
      tellNetwork = fn;
      return () => {};
    },
    network: (now) => tellNetwork(now),
    createNotifier: () => ({
      isAvailable: true,
      mayNotify: async () => true,
      schedule: async () => 'n1',
      cancel: async () => {},
      onTap: (fn) => {
        tap = fn;
        return () => {};
      },
    }),
    fetch: deviceFetch,
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    firstLink: async () => link,
    onLink: (fn) => {
      follow = fn;
      return () => {};
    },
    follow: (next) => follow(next),
    tap: (sessionId) => tap(sessionId),
    sockets: FakeSocket.opened,
  };
}

export const VIEW = {
  phase: 'active',
  elapsedMs: 60_000,
  remainingMs: 1_740_000,
  messageCount: 1,
  stage: 'goal',
} as const;

export const ready = (more: object = {}) => ({
  type: 'ready',
  seq: 1,
  sessionId: 's1',
  resumeToken: 'r',
  resumeWindowMs: 120_000,
  heartbeatMs: 10_000,
  limits: { textBytes: 1, frameBytes: 1, textChars: 1 },
  audio: { in: { rate: 16_000 }, out: { rate: 16_000 } },
  coach: { name: 'Coach', model: 'm' },
  session: VIEW,
  messages: [],
  ...more,
});

/** What the server says of its text, and of who has agreed to it. */
export const consent = (givenAt: string | null = null, version = 'v1') => ({
  version,
  text: 'Your words are kept.',
  required: true,
  givenAt,
});

export const access = (url = 'ws://coach/socket') => ({ url, protocols: ['kuku.v1'], ticket: 't', expiresAt: '' });
export const session = (status: 'active' | 'ended') => ({
  sessionId: 's1',
  createdAt: '2026-11-25T16:30:00.000Z',
  updatedAt: '2026-11-25T16:40:00.000Z',
  status,
  messageCount: 3,
  awaitingWrapUpConfirmation: false,
  stage: 'goal',
  elapsedMs: 600_000,
  remainingMs: 1,
});
