/** One conversation on the page: a coach of clients/core, and what is shown of it. */
import { createCoach, createSession, getTicket, type Coach, type GetAccess } from '../../core/src/index.ts';
import { createBrowserAudio } from './audio-io.ts';
import workletUrl from './audio-worklet.ts?worker&url';
import { keepAwake, watchConnection } from './page-life.ts';
import type { TalkView } from './talk-view.ts';
import { microphoneWords, noticeWords, type Facts } from './words.ts';

export interface ConversationOptions {
  view: TalkView;
  /** False: the person types. */
  microphone: boolean;
  /** The conversation has come to its end; called once. */
  onOver: () => void;
}

export interface Conversation {
  say(text: string): boolean;
  toggleMute(): void;
  interrupt(): void;
  answerWrapUp(yes: boolean): void;
  /** Asks whether to wrap up; where no server can answer, leaves. */
  end(): void;
  leave(): void;
}

/** Starts at once: call it inside a click, so that the browser allows sound. */
export function startConversation({ view, microphone, onOver }: ConversationOptions): Conversation {
  const audio = createBrowserAudio({
    workletUrl,
    microphone,
    onMicrophoneProblem: (problem) => view.notice(microphoneWords(problem), { stays: true }),
  });
  const coach = createCoach({ getTicket: accessToNewSession(), audio, client: { name: 'kuku-web', version: '0.1.0' } });
  const facts: Facts = {
    state: coach.state,
    speaking: { user: false, coach: false },
    waiting: false,
    muted: false,
    session: undefined,
  };
  const update = (change: Partial<Facts>) => view.facts(Object.assign(facts, change));

  listen(coach, view, update);
  const stopWatching = watchConnection(() => coach.probe());
  const sleepAgain = keepAwake();
  coach.on('state', (state) => {
    update({ state });
    if (state.name !== 'ended' && state.name !== 'failed') return;
    stopWatching();
    sleepAgain();
    onOver();
  });
  coach.start();

  const leave = () => void coach.stop();
  return {
    say(text) {
      const commandId = coach.sendText(text);
      if (commandId === undefined) return false;
      view.captions.typed(commandId, text.trim());
      update({ waiting: true });
      return true;
    },
    toggleMute() {
      update({ muted: !facts.muted });
      coach.mute(facts.muted);
    },
    interrupt: () => void coach.interrupt(),
    answerWrapUp: (yes) => void coach.answerWrapUp(yes),
    end() {
      if (coach.state.name !== 'live') return leave();
      view.wrapUp.ask();
      coach.requestWrapUp();
    },
    leave,
  };
}

function listen(coach: Coach, view: TalkView, update: (change: Partial<Facts>) => void): void {
  coach.on('session', (session) => {
    update({ session });
    if (session.messages) view.captions.restore(session.messages);
  });
  coach.on('caption', (caption) => {
    view.captions.show(caption);
    if (caption.sender === 'ai') update({ waiting: false });
    else if (caption.final && caption.text !== '') update({ waiting: true });
  });
  coach.on('speaking', (speaking) => update({ speaking }));
  coach.on('level', (rms) => view.level(rms));
  coach.on('timer', (timer) => view.timer(timer));
  coach.on('wrapUp', (wrapUp) => view.wrapUp.show(wrapUp));
  coach.on('recap', (recap) => view.recap.show(recap));
  coach.on('latency', (report) => {
    view.latency.show(report);
    update({ waiting: false });
  });
  coach.on('notice', (notice) => view.notice(noticeWords(notice)));
  coach.on('error', ({ message, ref }) => {
    view.notice(message);
    if (ref !== undefined) view.captions.refused(ref);
  });
}

/** The first connection creates the session; those after it ask for a ticket to the same one. */
function accessToNewSession(): GetAccess {
  const url = new URL('.', document.baseURI).href;
  let sessionId: string | undefined;
  return async ({ signal }) => {
    if (sessionId !== undefined) return getTicket(url, sessionId, { signal });
    const created = await createSession(url, { signal });
    sessionId = created.sessionId;
    return created.socket;
  };
}
