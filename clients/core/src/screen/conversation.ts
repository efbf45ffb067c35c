/** One conversation: a coach, and what a user interface shows of it, as signals. The page and the app share it. */
import { batch, signal } from '@preact/signals-core';
import type { Recap, ServerMessageOf, SessionView } from '../../../../protocol/messages.ts';
import type { NewSession } from '../../../../protocol/rest.ts';
import type { AudioIO } from '../audio-io.ts';
import { createCoach, type Coach, type CoachParts } from '../coach.ts';
import type { Notice, SessionInfo, SessionTimer, Speaking, TurnReport } from '../events.ts';
import { createSession, getTicket, RestError, type RestOptions } from '../rest.ts';
import type { GetAccess } from '../dial.ts';
import { restored, withCaption, withGaps, withLastOff, withRefused, withTyped, type Lines } from './lines.ts';
import { createWrapUp } from './wrap-up.ts';

/** Why there is no microphone. `refused`: by the person or a policy; `insecure`: the page did not come over HTTPS. */
export type MicrophoneProblem = 'refused' | 'missing' | 'busy' | 'insecure';

/** The devices of a screen that shows how loud the coach is. */
export interface ScreenAudio extends AudioIO {
  /** How loud the coach is at this moment, root mean square, 0 to 1. */
  loudness(): number;
}

type Parts = Pick<CoachParts, 'client' | 'WebSocket' | 'voice'> & Pick<RestOptions, 'fetch'>;

export interface ConversationOptions<A extends ScreenAudio> extends Parts {
  /** Address of the server. */
  server: string;
  /** The person's access token, asked for at each request. */
  token: () => string | undefined;
  /** False: the person types. */
  microphone: boolean;
  /** A session to go on with; without it, a new one is created. */
  sessionId: string | undefined;
  /** What is wished of a new one. */
  wishes?: NewSession | undefined;
  createAudio: (onMicrophoneProblem: (problem: MicrophoneProblem) => void) => A;
  /**
   * Watches what the world does to a conversation, such as a network that comes back: `probe` finds out at once whether
   * the line still holds. The result ends it.
   */
  watch: (probe: () => void) => () => void;
  /** Push to talk: begins muted. */
  muted: boolean;
  /** What an embedding page is told. */
  tell: (name: string, detail: unknown) => void;
}

export type Conversation<A extends ScreenAudio = ScreenAudio> = ReturnType<typeof startConversation<A>>;

export type ShownNotice =
  | { code: Notice['code']; message: string }
  | { code: 'time_left'; remainingMs: number }
  | { code: 'error'; message: string };

/** How long a notice is shown. */
const NOTICE_MS = 12_000;
/** Of which notices are states: shown until something else is. */
const STAYING = new Set(['typing_only', 'captions_only', 'audio_interrupted']);

/** Starts at once: call it inside a click, so that a browser allows sound. */
export function startConversation<A extends ScreenAudio>(options: ConversationOptions<A>) {
  const { server, token, microphone, tell, watch, client, voice, fetch, WebSocket } = options;
  const micProblem = signal<MicrophoneProblem | undefined>(undefined);
  const audio = options.createAudio((problem) => (micProblem.value = problem));
  const sessionId = signal(options.sessionId);
  const rest = () => ({ token: token() ?? '', fetch });
  const getAccess: GetAccess = async ({ signal: abort }) => {
    const known = sessionId.value;
    if (known !== undefined) return getTicket(server, known, { ...rest(), signal: abort });
    const created = await createSession(server, { ...rest(), signal: abort }, options.wishes);
    sessionId.value = created.sessionId;
    return created.socket;
  };
  const coach = createCoach({
    getTicket: getAccess,
    audio,
    voice,
    ...(client && { client }),
    ...(WebSocket && { WebSocket }),
  });
  const shown = createShown(coach);
  const wrapUp = createWrapUp(coach);
  /** The person has asked for it by the button, and not by their words. */
  let asked = false;
  coach.on('message', (message) => {
    if (message.type === 'care') shown.help.value = message;
    const view = message.type === 'session.state' ? message : 'session' in message ? message.session : undefined;
    if (!view) return;
    const before = shown.view.value;
    shown.view.value = view;
    if (message.type === 'session.state' && before?.offRecord !== view.offRecord) {
      if (view.offRecord && !asked) shown.lines.value = withLastOff(shown.lines.value);
      asked = false;
    }
    gaps(shown);
    // Nothing ends now, and the server asks nothing.
    if (view.care) wrapUp.asking.value = undefined;
  });
  const over = listen(coach, { ...shown, tell, watch });

  const mute = (muted: boolean) => {
    shown.muted.value = muted;
    coach.mute(muted);
  };
  if (options.muted) mute(true);
  coach.start();
  return {
    ...shown,
    wrapUp,
    sessionId,
    micProblem,
    microphone,
    wishes: options.wishes,
    over,
    audio,
    mute,
    hold(held: boolean) {
      if (shown.session.value?.listens !== true) return;
      shown.held.value = held;
      coach.hold(held);
    },
    say(text: string): boolean {
      const commandId = coach.sendText(text);
      if (commandId === undefined) return false;
      batch(() => {
        shown.lines.value = withTyped(shown.lines.value, commandId, text.trim(), isOff(shown));
        shown.waiting.value = true;
      });
      return true;
    },
    setRecord(on: boolean) {
      asked = true;
      coach.setRecord(on);
    },
    chooseVoice: (id: string) => coach.chooseVoice(id),
    interrupt: () => coach.interrupt(),
    probe: () => coach.probe(),
    /** Asks whether to wrap up; where no server can answer, leaves. During care nothing ends. */
    end() {
      if (shown.view.value?.care) return;
      if (coach.state.name === 'live') wrapUp.ask();
      else void coach.stop();
    },
    leave: () => coach.stop(),
  };
}

/** What is shown, as it stands before the first word. */
function createShown(coach: Coach) {
  return {
    state: signal(coach.state),
    session: signal<SessionInfo | undefined>(undefined),
    /** The session as the server last told it. */
    view: signal<SessionView | undefined>(undefined),
    /** Whom the person can call; there since they first spoke of harm. */
    help: signal<ServerMessageOf<'care'> | undefined>(undefined),
    speaking: signal<Speaking>({ user: false, coach: false }),
    /** The person has said something that the coach has not begun to answer. */
    waiting: signal(false),
    muted: signal(false),
    held: signal(false),
    lines: signal<Lines>([]),
    timer: signal<SessionTimer | undefined>(undefined),
    notice: signal<ShownNotice | undefined>(undefined),
    recap: signal<Recap | undefined>(undefined),
    latency: signal<TurnReport['latency'] | undefined>(undefined),
    /** Loudness of the microphone, RMS, 0 to 1. Changes 50 times a second, so it is no signal. */
    level: { rms: 0 },
  };
}

type Shown = ReturnType<typeof createShown>;

const isOff = ({ view }: Shown) => view.value?.offRecord === true;

/** In a private session nothing is kept anyway, and all of it stays on the screen. */
function gaps(shown: Shown): void {
  if (!shown.view.value?.ephemeral) shown.lines.value = withGaps(shown.lines.value, isOff(shown));
}

type Surroundings = Pick<ConversationOptions<ScreenAudio>, 'tell' | 'watch'>;

/** Resolves when the conversation is over. */
function listen(coach: Coach, { tell, watch, ...shown }: Shown & Surroundings): Promise<void> {
  const notify = createNotifier(shown);
  const stopWatching = watch(() => coach.probe());
  coach.on('session', (session) => {
    shown.session.value = session;
    if (session.messages) shown.lines.value = restored(shown.lines.value, session.messages);
    gaps(shown);
    tell('session', { sessionId: session.sessionId });
  });
  coach.on('caption', (caption) => {
    batch(() => {
      shown.lines.value = withCaption(shown.lines.value, caption, isOff(shown));
      gaps(shown);
      if (caption.sender === 'ai') shown.waiting.value = false;
      else if (caption.final && caption.text !== '') shown.waiting.value = true;
    });
    tell('caption', caption);
  });
  coach.on('speaking', (speaking) => (shown.speaking.value = speaking));
  coach.on('level', (rms) => (shown.level.rms = rms));
  coach.on('timer', (timer) => {
    shown.timer.value = timer;
    if (timer.warning) notify({ code: 'time_left', remainingMs: timer.remainingMs });
  });
  // It comes when it is made, and once more with the end.
  coach.on('recap', ({ topic, goal, insights, commitments, summary }) => {
    if (shown.recap.value?.summary === summary) return;
    shown.recap.value = { topic, goal, insights, commitments, summary };
    tell('recap', shown.recap.value);
  });
  coach.on('latency', ({ latency }) => {
    shown.waiting.value = false;
    if (latency.total !== undefined) shown.latency.value = latency;
  });
  coach.on('notice', ({ code, message }) => notify({ code, message }));
  coach.on('error', ({ code, message, ref }) => {
    if (ref !== undefined) shown.lines.value = withRefused(shown.lines.value, ref);
    // A fatal one is told by the end that follows.
    notify({ code: 'error', message });
    tell('error', { code, message });
  });
  return new Promise((resolve) => {
    coach.on('state', (state) => {
      shown.state.value = state;
      tell('state', { state: state.name });
      if (state.name !== 'ended' && state.name !== 'failed') return;
      stopWatching();
      tell('ended', state.name === 'ended' ? { reason: state.reason } : { reason: 'failed', code: state.code });
      resolve();
    });
  });
}

function createNotifier({ notice }: Shown): (next: ShownNotice) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (next) => {
    clearTimeout(timer);
    notice.value = next.code === 'audio_back' ? undefined : next;
    if (STAYING.has(next.code)) return;
    timer = setTimeout(() => (notice.value = undefined), NOTICE_MS);
  };
}

export const isGone = (error: unknown): boolean => error instanceof RestError && [403, 404].includes(error.status);
