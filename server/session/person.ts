/** The person's side of a session: microphone and keyboard become stored messages and events of the conversation. */
import type { AudioFrame } from '../../protocol/audio-frame.ts';
import type { Hello, Message } from '../../protocol/messages.ts';
import { type DangerFound, readDanger, readOutrightDanger } from '../coaching/safety.ts';
import { KukuError } from '../errors.ts';
import type { NewEvent } from '../ports/session-store.ts';
import { readRecordCommand } from '../coaching/record-command.ts';
import type { OnUsage } from '../ports/usage.ts';
import { hasWords, isBackchannel } from '../voice/backchannel.ts';
import { UNFINISHED_WAIT_MS } from '../voice/end-of-turn.ts';
import { utteranceLost } from '../voice/fillers.ts';
import { createListener, type HeardUtterance } from '../voice/listen.ts';
import type { ConversationEvent } from './conversation.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import type { LifecycleEffect } from './lifecycle.ts';
import { isOff, marked, withRecord } from './record.ts';
import type { SessionServices } from './services.ts';
import { type SessionState, sessionView, withCommand } from './state.ts';
import { weigh } from './watch.ts';
import type { LifecycleInput, Steering } from './steering.ts';
import type { Prompt } from './turns.ts';

export interface PersonOptions {
  sessionId: string;
  services: SessionServices;
  hello: Hello;
  ledger: Ledger;
  steering: Steering;
  signal: AbortSignal;
  onUsage: OnUsage;
  inbox: Inbox;
  pass(event: NewEvent): void;
  notify(event: ConversationEvent): void;
  /** What speech and typing bring about in the session's time. */
  onEffects(effects: readonly LifecycleEffect[]): void;
  /** The person has paused after these words; undefined: they go on, or want no answer. */
  onPause(utterance: number, words: string | undefined): void;
  /** Whether words that are only a backchannel leave the coach the floor, as things stand. */
  mayMurmur(): boolean;
  /** Whether the coach has the floor whatever is said: it is closing the session. */
  mayNotInterrupt(): boolean;
}

interface Recorded {
  utterance: number;
  text: string;
  inputs: LifecycleInput[];
  commandId?: string | undefined;
  /** What was heard in it, if that is known. */
  heardDanger?: DangerFound | undefined;
}

export interface Typed {
  utterance: number;
  /** False: the command had its effect before. */
  isNew: boolean;
}

export interface Person {
  receiveFrame(frame: AudioFrame): void;
  mute(muted: boolean): void;
  /** Whether what is said from now on is kept. Clients are told how it stands, also when it stood so before. */
  setRecord(on: boolean): void;
  /** Push to talk. */
  hold(held: boolean): void;
  /** A typed turn; resolves once it is stored. Throws `session_not_active`. */
  typed(commandId: string, text: string, via: 'socket' | 'rest'): Promise<Typed>;
  /** What the reply to that utterance answers, for its latency. */
  promptOf(utterance: number): Prompt | undefined;
  /** When the person began to say what is answered next, ms since 1970. */
  readonly startedAtMs: number | undefined;
}

export function createPerson(options: PersonOptions): Person {
  const { sessionId, services, ledger, steering, inbox, pass, notify, onEffects } = options;
  const { clock, log } = services;
  let utterances = ledger.state.utterance;
  let prompt: Prompt | undefined;
  let startedAtMs: number | undefined;
  let startedUtterance: number | undefined;
  /** Some of the utterance under way was said off the record. */
  let wentOff = false;
  const minded = () => (wentOff ||= isOff(ledger.state));
  /** What is understood of the utterance under way, and whether the person pauses in it. */
  let words = '';
  let isPaused = false;

  /** Resolves with what follows from it; the conversation is told first, so that an answer goes before all else. */
  const record = async ({ utterance, text, inputs, commandId, heardDanger }: Recorded) => {
    const timestamp = new Date(clock.now()).toISOString();
    const message: Message = { id: `${sessionId}-u${utterance}`, timestamp, sender: 'user', text };
    const command = readRecordCommand(text);
    const id = commandId === undefined ? {} : { id: commandId };
    const said: NewEvent = { type: 'transcript.user', utterance, text, final: true, ...id };
    const before = commandId === undefined && wentOff;
    if (commandId === undefined) wentOff = false;
    const via = commandId === undefined ? 'speech' : 'text';
    const care = weigh({ text, danger: heardDanger, ledger, atMs: clock.now(), via });
    return steering.change([...inputs, ...care.inputs, { type: 'message.added', count: 1 }], (state) => {
      const stands = command ? withRecord(state, command.on) : state;
      // What began off the record stays there, unless it began with the wish to be on it.
      const began = (before || isOff(state)) && !(command?.on && command.leads);
      const off = state.ephemeral === true || isOff(stands) || began;
      const numbered: SessionState = { ...stands, utterance: Math.max(stands.utterance, utterance) };
      const events = stands === state ? [said] : [said, recordEvent(stands, clock.now())];
      const noted = care.note(withCommand(numbered, utterance, commandId), message.id);
      return { state: noted, events, messages: [marked(message, off)] };
    });
  };

  /** Dangers heard in partial transcripts: a recogniser may change its mind, and a miss is worse than a false alarm. */
  const dangers = new Map<number, DangerFound & { text: string }>();

  const isMurmur = (text: string) => options.mayNotInterrupt() || (options.mayMurmur() && isBackchannel(text));

  /** What the coach was saying is closed before the words that cut it off are stored: so they stand in order. */
  const takeFloor = () => notify({ type: 'words', backchannel: false });

  const heard = (said: HeardUtterance) => {
    const { utterance, incomplete, decidedAtMs } = said;
    const early = dangers.get(utterance);
    dangers.delete(utterance);
    const text = early && !hasWords(said.text) ? early.text : said.text;
    const heardDanger = early ?? readDanger(text);
    const content = hasWords(text);
    const backchannel = content && heardDanger === undefined && isMurmur(text);
    if (incomplete) pass({ type: 'notice', code: 'utterance_lost', message: 'I missed part of what you said.' });
    if (content && !backchannel) takeFloor();
    options.onPause(utterance, content && !backchannel ? text.trim() : undefined);
    inbox.add(async () => {
      let effects: LifecycleEffect[];
      if (content && !backchannel) {
        effects = await record({ utterance, text, inputs: [{ type: 'speech.ended' }], heardDanger });
        prompt = { inReplyTo: utterance, decidedAtMs, heard: said };
      } else {
        pass({ type: 'transcript.user', utterance, text, final: false });
        effects = await steering.change([{ type: 'speech.ended' }]);
      }
      notify({ type: 'utterance', utterance, content, backchannel });
      onEffects(effects);
    });
  };

  /** Its end was lost, but not what it was about. */
  const heardInPart = (utterance: number, { text, ...heardDanger }: DangerFound & { text: string }) => {
    takeFloor();
    inbox.add(async () => {
      const effects = await record({ utterance, text, inputs: [{ type: 'speech.ended' }], heardDanger });
      notify({ type: 'utterance', utterance, content: true, backchannel: false });
      onEffects(effects);
    });
  };

  const lost = (utterance: number, error: unknown) => {
    options.onPause(utterance, undefined);
    log.warn({ err: error, sessionId, utterance }, 'an utterance could not be transcribed');
    const early = dangers.get(utterance);
    dangers.delete(utterance);
    if (early) return heardInPart(utterance, early);
    pass({ type: 'notice', code: 'utterance_lost', message: utteranceLost().message });
    inbox.add(async () => onEffects(await steering.change([{ type: 'speech.ended' }])));
    // Who does not look at the screen would wait in silence.
    const lost = services.tts?.fillers !== undefined && options.hello.audio.out !== undefined;
    notify({ type: 'utterance', utterance, content: false, backchannel: false, lost });
  };

  /** Words that trail off are not foreseen to be all. */
  const isWhole = (text: string) =>
    hasWords(text) && (services.ears?.endOfTurn({ text, question: undefined }) ?? 0) < UNFINISHED_WAIT_MS;
  const pausedAfter = (utterance: number) => options.onPause(utterance, isWhole(words) ? words : undefined);

  const microphone = options.hello.audio.in;
  const listener =
    services.ears &&
    microphone &&
    createListener({
      ...services.ears,
      rate: microphone.rate,
      question: () => lastQuestion(ledger.messages),
      nextUtterance: () => ++utterances,
      clock,
      signal: options.signal,
      onUsage: options.onUsage,
      events: {
        onSpeechStarted(utterance, atMs) {
          // Going on after a pause begins nothing new.
          if (utterance !== startedUtterance) [startedAtMs, words, wentOff] = [clock.now(), '', false];
          startedUtterance = utterance;
          isPaused = false;
          options.onPause(utterance, undefined);
          minded();
          pass({ type: 'speech.started', utterance, atMs });
          notify({ type: 'speech_started', utterance });
          inbox.add(async () => onEffects(await steering.change([{ type: 'speech.started' }])));
        },
        onSpeechStopped(utterance, atMs) {
          pass({ type: 'speech.stopped', utterance, atMs });
          isPaused = true;
          pausedAfter(utterance);
        },
        onPartial(utterance, text) {
          minded();
          words = text;
          pass({ type: 'transcript.user', utterance, text, final: false });
          if (isPaused) pausedAfter(utterance);
          if (!hasWords(text)) return;
          const danger = dangers.get(utterance) ?? readOutrightDanger(text);
          if (danger) dangers.set(utterance, { ...danger, text });
          notify({ type: 'words', backchannel: danger === undefined && isMurmur(text) });
        },
        onUtterance: heard,
        onLost: lost,
      },
    });

  const before = (commandId: string): Typed | undefined => {
    const command = ledger.state.commands.find(({ id }) => id === commandId);
    return command && { utterance: command.utterance, isNew: false };
  };

  const mustBeActive = (text: string) => {
    const { phase } = ledger.state.lifecycle;
    // Somebody in danger is heard also while the session closes.
    if (phase === 'ended' || (phase === 'closing' && !readDanger(text))) throw notActive();
  };

  return {
    receiveFrame: (frame) => listener?.push(frame.pcm),
    mute: (muted) => listener?.mute(muted),
    hold(held) {
      listener?.hold(held);
      if (!held && startedUtterance !== undefined && hasWords(words)) options.onPause(startedUtterance, words);
    },
    setRecord: (on) =>
      inbox.add(async () => {
        minded();
        await steering.change([], (state) => {
          const stands = withRecord(state, on);
          return { state: stands, events: [recordEvent(stands, clock.now())] };
        });
        minded();
      }),
    async typed(commandId, text, via) {
      const known = before(commandId);
      if (known) return known;
      mustBeActive(text);
      const decidedAtMs = clock.monotonicMs();
      takeFloor();
      return inbox.run(async () => {
        // The same was under way, or the session has ended, while this waited.
        const stored = before(commandId);
        if (stored) return stored;
        mustBeActive(text);
        const utterance = ++utterances;
        startedAtMs = undefined;
        const inputs: LifecycleInput[] = [{ type: 'input.received', via }];
        const effects = await record({ utterance, text: text.trim(), inputs, commandId });
        prompt = { inReplyTo: utterance, decidedAtMs, heard: undefined };
        notify({ type: 'typed', utterance });
        onEffects(effects);
        return { utterance, isNew: true };
      });
    },
    promptOf: (utterance) => (prompt?.inReplyTo === utterance ? prompt : undefined),
    get startedAtMs() {
      return startedAtMs;
    },
  };
}

function recordEvent(state: SessionState, nowMs: number): NewEvent {
  return { type: 'session.state', ...sessionView(state, nowMs) };
}

function notActive(): KukuError {
  return new KukuError('Session is not active', { code: 'session_not_active', status: 400 });
}

function lastQuestion(messages: readonly Message[]): string | undefined {
  const last = messages.findLast(({ sender }) => sender === 'ai')?.text;
  return last?.match(/[^.!?]*\?/g)?.at(-1);
}
