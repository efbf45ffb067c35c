/** What one element shows and does: its attributes, the person's choices, the conversation, and which screen is open. */
import type { NewSession } from '../../../../protocol/rest.ts';
import { computed, effect, signal } from '@preact/signals';
import { loadWords, pickLanguage, wordsOf, type Words } from '../words/catalogues.ts';
import { en as englishWords } from '../words/en.ts';
import { getSession } from '../../../core/src/history.ts';
import { stillOpen } from '../../../core/src/screen/endings.ts';
import { isGone } from '../../../core/src/screen/conversation.ts';
import { createHistory } from '../../../core/src/screen/history.ts';
import { createRecapOf } from '../../../core/src/screen/recap-of.ts';
import { prepareSound, startConversation, type Conversation } from './conversation.ts';
import { forgetSession, openSession, rememberSession } from './open-session.ts';
import { isTheme, rememberedPreferences, type Preferences } from './preferences.ts';

export interface Attributes {
  server: string | undefined;
  token: string | undefined;
  lang: string | undefined;
  theme: string | undefined;
}

export interface Start {
  microphone: boolean;
  /** A session to go on with. */
  sessionId?: string | undefined;
  /** What is wished of a new one. */
  wishes?: NewSession | undefined;
}

export type Model = ReturnType<typeof createModel>;

export interface Host {
  /** Tells the embedding page: an event named `kuku-…`. */
  tell: (name: string, detail: unknown) => void;
  /** Adds a style sheet, once. */
  adopt: (css: string) => void;
}

export function createModel(given: Attributes, { tell, adopt }: Host) {
  const attributes = signal(given);
  const { preferences, forget } = rememberedPreferences();
  const server = computed(() => new URL(attributes.value.server ?? '.', document.baseURI).href);
  const lang = computed(() => pickLanguage([attributes.value.lang, preferences.value.lang, ...navigator.languages]));
  let latest: Words = englishWords;
  /** Another language takes over once it is there. */
  const words = computed(() => (latest = wordsOf(lang.value) ?? latest));
  const spoken = computed(() => wordsOf(lang.value) !== undefined);
  const stopLoading = effect(() => void loadWords(lang.value));
  /** Nothing is drawn before the first words are there, so that nothing is drawn twice. */
  const drawn = signal(spoken.peek());
  const stopWaiting = effect(() => {
    if (spoken.value) drawn.value = true;
  });
  const theme = computed(() => (isTheme(attributes.value.theme) ? attributes.value.theme : preferences.value.theme));
  const stopTelling = effect(() => {
    const look = { lang: lang.value, theme: theme.value };
    // Later, so that a page which has just made the element can hear it.
    queueMicrotask(() => tell('look', look));
  });
  const conversation = signal<Conversation | undefined>(undefined);
  const screen = signal<'home' | 'talk' | 'history'>('home');
  const dialog = signal<'settings' | 'help' | 'account' | 'consent' | 'data' | undefined>(undefined);
  /** What the person agreed to; undefined: they are to be asked before a new session. */
  const agreed = signal<Pick<NewSession, 'consent'> | undefined>(undefined);
  let wished: Start | undefined;
  const open = signal(openSession(server.value));
  const rest = () => ({ token: attributes.value.token ?? '' });
  const api = { server: () => server.value, rest };
  const recap = createRecapOf(api);
  const history = createHistory(api);

  const remember = (current: Conversation, microphone: boolean) =>
    effect(() => {
      const sessionId = current.sessionId.value;
      const open = stillOpen(current.state.value);
      if (sessionId === undefined || open === undefined) return;
      if (open) rememberSession({ server: server.value, sessionId, microphone });
      else forgetSession();
    });

  const start = (wish: Start) => {
    const { microphone, sessionId, wishes } = wish;
    if (sessionId === undefined && !agreed.value) {
      wished = wish;
      // Told anew, so that what could not be fetched before is asked for again.
      dialog.value = undefined;
      dialog.value = 'consent';
      return;
    }
    void conversation.value?.leave();
    recap.clear();
    const { microphoneId, speakerId, holdToTalk, voice } = preferences.value;
    const current = startConversation({
      server: server.value,
      token: () => attributes.value.token,
      microphone,
      sessionId,
      wishes: { ...wishes, ...agreed.value },
      devices: { microphoneId, speakerId },
      muted: microphone && holdToTalk,
      ...(voice !== '' && { voice }),
      tell,
    });
    conversation.value = current;
    screen.value = 'talk';
    const stopRemembering = remember(current, microphone);
    void current.over.then(() => {
      stopRemembering();
      const { value: state } = current.state;
      const code = state.name === 'failed' ? state.code : '';
      dialog.value = code === 'sign_in_required' ? 'account' : undefined;
      if (code.startsWith('consent_')) {
        agreed.value = undefined;
        home();
        start(wish);
      }
      const { value: known } = current.recap;
      // Of a private session the server has none.
      const hasRecap = known || !current.view.value?.ephemeral;
      if (state.name === 'ended' && state.reason !== 'left' && hasRecap)
        void recap.find(current.sessionId.value, known);
    });
  };
  /** What this tab remembers may have ended since. */
  const checkOpen = async () => {
    const { value: remembered } = open;
    if (remembered === undefined) return;
    const status = await getSession(server.value, remembered.sessionId, rest()).then(
      (session) => session.status,
      (error: unknown) => (isGone(error) ? 'ended' : 'active'),
    );
    if (status !== 'ended' || open.value !== remembered) return;
    forgetSession();
    open.value = undefined;
  };
  void checkOpen();
  prepareSound();
  const home = () => {
    open.value = openSession(server.value);
    screen.value = 'home';
    conversation.value = undefined;
  };

  return {
    attributes,
    preferences,
    server,
    lang,
    words,
    drawn,
    theme,
    conversation,
    screen,
    dialog,
    open,
    recap,
    history,
    rest,
    tell,
    adopt,
    start,
    agreed,
    /** The person agrees to that version, or need not; what they wanted to start goes on. Call it in their click. */
    agree(consent?: string) {
      agreed.value = consent === undefined ? {} : { consent };
      dialog.value = undefined;
      if (wished) start(wished);
      wished = undefined;
    },
    home,
    choose(change: Partial<Preferences>) {
      preferences.value = { ...preferences.value, ...change };
    },
    forgetOpen() {
      forgetSession();
      open.value = undefined;
    },
    showHistory() {
      screen.value = 'history';
      void history.search('');
    },
    dispose() {
      void conversation.value?.leave();
      stopLoading();
      stopWaiting();
      stopTelling();
      forget();
    },
  };
}
