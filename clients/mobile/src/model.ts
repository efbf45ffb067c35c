/** What the app shows and does: the person's choices, who they are, the conversation, and which screen is open. */
import { computed, effect, signal } from '@preact/signals-core';
import type { NewSession } from '../../../protocol/rest.ts';
import { systemClock } from '../../core/src/clock.ts';
import { getSession } from '../../core/src/history.ts';
import {
  createHistory,
  createRecapOf,
  isGone,
  startConversation,
  stillOpen,
  type Conversation,
  type ScreenAudio,
} from '../../core/src/screen/index.ts';
import { createAccount } from './account.ts';
import type { DeviceAudioOptions } from './audio/device-audio-options.ts';
import { createConsentGate } from './consent-gate.ts';
import { createMeter } from './device/meter.ts';
import type { Store } from './device/store-types.ts';
import { sessionOfLink } from './links.ts';
import { forgetSession, readOpenSession, rememberSession, type OpenSession } from './open-session.ts';
import { DEFAULTS, readPreferences, type Preferences } from './preferences.ts';
import { createReminderList } from './reminder-list.ts';
import type { Notifier } from './reminders.ts';
import { pickLanguage, wordsOf } from './words/catalogues.ts';

/** Offline, as in airplane mode; and whether what is sent may cost money. */
export interface NetworkNow {
  online: boolean;
  cellular: boolean;
}

/** What the app is given of the device; tests give their own. */
export interface Device {
  store: Store;
  /** The languages that the person has set, best first. */
  languages: readonly string[];
  createAudio: (options: DeviceAudioOptions) => ScreenAudio;
  watch: (probe: () => void) => () => void;
  createNotifier: (channelName: string) => Notifier;
  watchNetwork: (fn: (network: NetworkNow) => void) => () => void;
  WebSocket: typeof globalThis.WebSocket;
  /** Starts sessions so that the server knows a guest again. */
  fetch: typeof globalThis.fetch;
  /** The link that has opened the app. */
  firstLink: () => Promise<string | null>;
  onLink: (fn: (link: string) => void) => () => void;
}

export interface Start {
  microphone: boolean;
  /** A session to go on with. */
  sessionId?: string | undefined;
  /** What is wished of a new one. */
  wishes?: NewSession | undefined;
}

export type Screen = 'welcome' | 'home' | 'talk' | 'history';
export type Model = ReturnType<typeof createModel>;

const PREFERENCES = 'preferences';

export function createModel(device: Device) {
  const { store } = device;
  const preferences = signal<Preferences>(DEFAULTS);
  const language = computed(() => pickLanguage([preferences.value.language, ...device.languages]));
  const words = computed(() => wordsOf(language.value));
  const server = computed(() => preferences.value.server);
  const account = createAccount(store);
  /** Undefined before what is remembered was read: nothing is drawn. */
  const screen = signal<Screen | undefined>(undefined);
  const dialog = signal<'settings' | undefined>(undefined);
  const conversation = signal<Conversation | undefined>(undefined);
  const open = signal<OpenSession | undefined>(undefined);
  const network = signal<NetworkNow>({ online: true, cellular: false });
  const meter = createMeter(systemClock);
  const api = { server: () => server.value, rest: () => ({ token: account.token.value ?? '' }) };
  const recap = createRecapOf(api);
  const history = createHistory(api);
  const reminders = createReminderList({ store, words, createNotifier: device.createNotifier });

  const choose = (change: Partial<Preferences>) => {
    preferences.value = { ...preferences.value, ...change };
    void store.set(PREFERENCES, JSON.stringify(preferences.value)).catch(() => {});
  };
  const remember = (current: Conversation, microphone: boolean) =>
    effect(() => {
      const sessionId = current.sessionId.value;
      const isOpen = stillOpen(current.state.value);
      if (sessionId === undefined || isOpen === undefined) return;
      if (isOpen) void rememberSession(store, { server: server.peek(), sessionId, microphone });
      else void forgetSession(store);
    });
  const begin = (wish: Start) => {
    const { microphone, sessionId, wishes } = wish;
    void conversation.value?.leave();
    recap.clear();
    const { holdToTalk, voice, saveData } = preferences.value;
    const current = startConversation({
      server: server.value,
      token: () => account.token.value,
      microphone,
      sessionId,
      wishes: { ...wishes, ...gate.agreed.value },
      muted: microphone && holdToTalk,
      client: { name: 'kuku-app', version: '0.1.0' },
      WebSocket: meter.count(device.WebSocket),
      fetch: device.fetch,
      createAudio: (onMicrophoneProblem) => device.createAudio({ microphone, voice, saveData, onMicrophoneProblem }),
      watch: device.watch,
      tell: () => {},
    });
    conversation.value = current;
    screen.value = 'talk';
    const stopRemembering = remember(current, microphone);
    void current.over.then(() => {
      stopRemembering();
      const { value: state } = current.state;
      if (state.name === 'failed' && state.code.startsWith('consent_')) void askAgain(wish);
      const { value: known } = current.recap;
      // Of a private session the server has none.
      const hasRecap = known || !current.view.value?.ephemeral;
      if (state.name === 'ended' && state.reason !== 'left' && hasRecap)
        void recap.find(current.sessionId.value, known);
    });
  };
  const gate = createConsentGate(api, begin);
  const askAgain = async (wish: Start) => {
    await gate.look();
    // A text that can't be read can't be agreed to: the failure stays on the screen.
    if (gate.agreed.value) return;
    conversation.value = undefined;
    screen.value = 'home';
    gate.pass(wish);
  };
  /** What was remembered may have ended since. */
  const checkOpen = async () => {
    const remembered = await readOpenSession(store, server.value);
    open.value = remembered;
    if (!remembered) return;
    const status = await getSession(server.value, remembered.sessionId, api.rest()).then(
      (session) => session.status,
      (error: unknown) => (isGone(error) ? 'ended' : 'active'),
    );
    if (status !== 'ended' || open.value !== remembered) return;
    open.value = undefined;
    await forgetSession(store);
  };
  const home = async () => {
    conversation.value = undefined;
    screen.value = account.mayTalk.value === false ? 'welcome' : 'home';
    await Promise.all([checkOpen(), screen.value === 'home' && gate.look()]);
  };
  /** Leads into a session: to talk on when it is open, else to look at it. */
  const follow = async (sessionId: string) => {
    if (conversation.value?.sessionId.value === sessionId && screen.value === 'talk') return;
    const session = await getSession(server.value, sessionId, api.rest()).catch(() => undefined);
    if (session?.status === 'active') {
      gate.pass({ microphone: true, sessionId });
      return;
    }
    screen.value = 'history';
    const listed = { title: null, endedAt: null, endReason: null };
    if (session) await history.look({ ...listed, ...session });
    else await history.search('');
  };
  const followLink = (link: string | null) => {
    const sessionId = link ? sessionOfLink(link) : undefined;
    if (sessionId && server.value) void follow(sessionId);
  };

  return {
    device,
    preferences,
    language,
    words,
    server,
    account,
    screen,
    dialog,
    conversation,
    open,
    recap,
    history,
    reminders,
    meter,
    network,
    choose,
    gate,
    start: gate.pass,
    home,
    follow,
    async forgetOpen() {
      open.value = undefined;
      await forgetSession(store);
    },
    openSettings() {
      gate.wish.value = undefined;
      dialog.value = 'settings';
    },
    closeSettings() {
      dialog.value = undefined;
    },
    /** To choose another server, or to be somebody else. */
    welcome() {
      gate.wish.value = undefined;
      dialog.value = undefined;
      screen.value = 'welcome';
    },
    /** From one session back to the list, or from the list home. */
    async back() {
      if (history.lookedAt.value && history.sessions.value) history.lookedAt.value = undefined;
      else await home();
    },
    showHistory() {
      gate.wish.value = undefined;
      screen.value = 'history';
      history.lookedAt.value = undefined;
      void history.search('');
    },
    /** Another server: who one was to the one before is not carried over. */
    async connect(address: string) {
      await account.restore(address);
      await account.look(address);
      choose({ server: address });
    },
    /** Reads what is remembered. The result ends what listens. */
    async begin(): Promise<() => void> {
      const stored = await store.get(PREFERENCES).catch(() => undefined);
      preferences.value = readPreferences(stored);
      const known = preferences.value.server;
      if (known) {
        await account.restore(known);
        await Promise.all([account.look(known).catch(() => {}), reminders.restore()]);
      }
      // A server that does not answer now has let this person in before.
      screen.value = known && account.mayTalk.value !== false ? 'home' : 'welcome';
      if (screen.value === 'home') void gate.look();
      await checkOpen();
      followLink(await device.firstLink());
      const stopWatching = device.watchNetwork((now) => (network.value = now));
      const ends = [
        stopWatching,
        device.onLink(followLink),
        reminders.notifier().onTap((sessionId) => void follow(sessionId)),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
