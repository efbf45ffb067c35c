/**
 * One live session on this instance: takes what the client and the microphone bring, asks the conversation what
 * follows, and carries it out. What must be at once (silencing) is; what is stored goes through the ledger, in order.
 */
import type { AudioFrame } from '../../protocol/audio-frame.ts';
import { CLOSE } from '../../protocol/close-codes.ts';
import type { ClientMessage, Hello, Message } from '../../protocol/messages.ts';
import { isAbort, KukuError } from '../errors.ts';
import type { ReplyPart, ReplyRequest } from '../ports/language-model.ts';
import type { NewEvent, StoredEvent, StoredSession } from '../ports/session-store.ts';
import { hasWords, isBackchannel } from '../voice/backchannel.ts';
import { createListener, type HeardUtterance, type Listener } from '../voice/listen.ts';
import {
  type Conversation,
  type ConversationEffect,
  type ConversationEvent,
  converse,
  startConversation,
} from './conversation.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Connection, SessionServices } from './services.ts';
import { type SessionState, sessionView, withCommand, withPresence } from './state.ts';
import { createTurns, type Prompt, type Turns } from './turns.ts';
import { welcome } from './welcome.ts';

/** An interruption without a word for this long is a cough: the coach goes on. */
const FALSE_INTERRUPTION_MS = 2000;

export interface OpenSession {
  services: SessionServices;
  session: StoredSession<SessionState>;
  messages: readonly Message[];
  connection: Connection;
  hello: Hello;
}

export class Session {
  readonly id: string;
  readonly #services: SessionServices;
  readonly #connection: Connection;
  readonly #hello: Hello;
  readonly #ledger: Ledger;
  readonly #turns: Turns;
  readonly #listener: Listener | undefined;
  readonly #over = new AbortController();
  #conversation: Conversation;
  #utterance: number;
  #prompt: Prompt = { inReplyTo: null, decidedAtMs: 0, heard: undefined };
  #cancelWordsTimer: (() => void) | undefined;
  #leaving = false;
  #work: Promise<void> = Promise.resolve();

  constructor({ services, session, messages, connection, hello }: OpenSession) {
    const { store, clock } = services;
    this.id = session.id;
    this.#services = services;
    this.#connection = connection;
    this.#hello = hello;
    this.#ledger = createLedger({ store, session, messages, show: (event) => this.#show(event) });
    this.#conversation = startConversation(session.state.turn);
    this.#utterance = session.state.utterance;
    this.#turns = createTurns({
      sessionId: this.id,
      ledger: this.#ledger,
      clock,
      speech: this.#speechOutput(),
      signal: this.#over.signal,
      pass: (event) => this.#pass(event),
      notify: (event) => this.#apply(event),
      onStalled: () => this.#connection.close('tooSlow'),
      onError: (error) => this.#fail(error),
      onReplyFailed: (error) => this.#replyFailed(error),
    });
    this.#listener = this.#openMicrophone();
  }

  /** Answers the hello, replays what was missed, and takes the conversation up. Resolves when the client is welcome. */
  async start(): Promise<void> {
    const { greeting, missed, notices } = await welcome(this.#services, this.#ledger, this.id, this.#hello);
    this.#pass(greeting);
    for (const event of missed) this.#connection.send(event);
    for (const notice of notices) this.#pass(notice);
    const { messages, state } = this.#ledger;
    const unanswered = messages.at(-1)?.sender === 'user' ? state.utterance : null;
    if (messages.length === 0 && !state.unsaid) this.#apply({ type: 'greet' });
    else this.#apply({ type: 'returned', goOn: state.unsaid !== undefined, unanswered });
  }

  /** Takes one message of the client. */
  receive(message: ClientMessage): void {
    switch (message.type) {
      case 'ping':
        this.#connection.send({ type: 'pong', t: message.t });
        return;
      case 'input.mute':
        this.#listener?.mute(message.muted);
        return;
      case 'input.start':
        this.#apply({ type: 'speech_started' });
        this.#listener?.hold(true);
        return;
      case 'input.end':
        this.#listener?.hold(false);
        return;
      case 'text':
        this.#typed(message.id, message.text);
        return;
      case 'turn.cancel':
        this.#apply({ type: 'cancel', turn: message.turn });
        return;
      case 'playback':
        this.#turns.report(message.turn, message.playedMs, message.state === 'ended');
        return;
      case 'playback.cleared':
        this.#turns.cleared(message.turn, message.playedMs);
        return;
      case 'ack':
        return;
      case 'wrap_up.request':
      case 'wrap_up.answer':
        this.#refuse(message.id, 'not_available', 'Wrapping up by command is not available yet.');
        return;
      case 'hello':
        this.#connection.close('brokenProtocol');
        return;
    }
  }

  receiveFrame(frame: AudioFrame): void {
    this.#listener?.push(frame.pcm);
  }

  /** The client is gone: what was under way is stored, and the session let go of. */
  async leave(): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#cancelWordsTimer?.();
    this.#apply({ type: 'left' });
    this.#do(async () => {
      await this.#ledger.change((state) => ({ state: withPresence(state, false, this.#services.clock.now()) }));
    });
    await this.#work;
    this.#over.abort();
  }

  // ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────

  #apply(event: ConversationEvent): void {
    const { state, effects } = converse(this.#conversation, event);
    this.#conversation = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: ConversationEffect): void {
    switch (effect.type) {
      case 'stop':
        this.#turns.stop(effect.turn, effect.reason);
        return;
      case 'await_words':
        this.#cancelWordsTimer?.();
        this.#cancelWordsTimer = this.#services.clock.after(FALSE_INTERRUPTION_MS, () =>
          this.#apply({ type: 'no_words' }),
        );
        return;
      case 'finish':
        this.#do(() => this.#turns.finish(effect.turn, effect.status, { keepUnsaid: this.#leaving }));
        return;
      case 'reply':
        this.#do(() => this.#reply(effect.turn, effect.inReplyTo));
        return;
      case 'go_on':
        this.#do(() => this.#goOn(effect.turn, effect.of));
        return;
    }
  }

  async #reply(turn: number, inReplyTo: number | null): Promise<void> {
    const prompt =
      this.#prompt.inReplyTo === inReplyTo && inReplyTo !== null ? this.#prompt : this.#unprompted(inReplyTo);
    const request = this.#request(inReplyTo === null ? 'greeting' : 'reply');
    await this.#turns.begin(turn, prompt, (signal) => this.#services.engine.reply(request, { signal }));
  }

  /** Says what was left unsaid of turn `of`, or by the instance before; starts over what was never begun. */
  async #goOn(turn: number, of: number | null): Promise<void> {
    const left = of === null ? undefined : this.#turns.leftOver(of);
    const unsaid = left?.unheard ?? this.#ledger.state.unsaid?.sentences ?? [];
    const inReplyTo = left?.prompt.inReplyTo ?? this.#ledger.state.unsaid?.inReplyTo ?? null;
    if (left && !left.started) return this.#reply(turn, inReplyTo);
    if (unsaid.length === 0) return this.#apply({ type: 'reply_completed', turn });
    await this.#turns.begin(turn, this.#unprompted(inReplyTo), () => say(unsaid));
  }

  #unprompted(inReplyTo: number | null): Prompt {
    return { inReplyTo, decidedAtMs: this.#services.clock.monotonicMs(), heard: undefined };
  }

  #request(occasion: ReplyRequest['occasion']): ReplyRequest {
    const { state, messages } = this.#ledger;
    const { elapsedMs: elapsed, remainingMs } = sessionView(state, this.#services.clock.now());
    return {
      occasion,
      conversation: messages.map(({ sender, text }) => ({ sender, text })),
      notes: state.notes,
      time: { elapsedMs: elapsed, remainingMs },
    };
  }

  // ── what the person says ──────────────────────────────────────────────────────────────────────────────────────

  #openMicrophone(): Listener | undefined {
    const { ears, clock } = this.#services;
    const microphone = this.#hello.audio.in;
    if (!ears || !microphone) return undefined;
    return createListener({
      ...ears,
      rate: microphone.rate,
      question: () => lastQuestion(this.#ledger.messages),
      nextUtterance: () => ++this.#utterance,
      clock,
      signal: this.#over.signal,
      events: {
        onSpeechStarted: (utterance, atMs) => {
          this.#pass({ type: 'speech.started', utterance, atMs });
          this.#apply({ type: 'speech_started' });
        },
        onSpeechStopped: (utterance, atMs) => this.#pass({ type: 'speech.stopped', utterance, atMs }),
        onPartial: (utterance, text) => {
          this.#pass({ type: 'transcript.user', utterance, text, final: false });
          if (hasWords(text)) this.#apply({ type: 'words', backchannel: this.#isBackchannel(text) });
        },
        onUtterance: (heard) => this.#do(() => this.#heard(heard)),
        onLost: (utterance, error) => this.#utteranceLost(utterance, error),
      },
    });
  }

  async #heard(heard: HeardUtterance): Promise<void> {
    const { utterance, text, incomplete, decidedAtMs } = heard;
    const content = hasWords(text);
    const backchannel = content && this.#isBackchannel(text);
    if (incomplete) this.#pass({ type: 'notice', code: 'utterance_lost', message: 'I missed part of what you said.' });
    if (content && !(backchannel && this.#conversation.floor.kind !== 'open')) {
      await this.#record(utterance, text);
      this.#prompt = { inReplyTo: utterance, decidedAtMs, heard };
    } else this.#pass({ type: 'transcript.user', utterance, text, final: false });
    this.#apply({ type: 'utterance', utterance, content, backchannel });
  }

  /** Once the coach has said all but its last words, "yes" is an answer. */
  #isBackchannel(text: string): boolean {
    const { floor } = this.#conversation;
    if (floor.kind === 'open' || !isBackchannel(text)) return false;
    const left = this.#turns.leftOver(floor.turn);
    return left === undefined || left.unheard.length > 0;
  }

  #typed(commandId: string, text: string): void {
    const decidedAtMs = this.#services.clock.monotonicMs();
    this.#do(async () => {
      if (this.#ledger.state.commandIds.includes(commandId)) return;
      const utterance = ++this.#utterance;
      await this.#record(utterance, text.trim(), commandId);
      this.#prompt = { inReplyTo: utterance, decidedAtMs, heard: undefined };
      this.#apply({ type: 'typed', utterance });
    });
  }

  async #record(utterance: number, text: string, commandId?: string): Promise<void> {
    const timestamp = new Date(this.#services.clock.now()).toISOString();
    const message: Message = { id: `${this.id}-u${utterance}`, timestamp, sender: 'user', text };
    await this.#ledger.change((before) => {
      const state = { ...before, utterance, messageCount: before.messageCount + 1 };
      return {
        state: commandId === undefined ? state : withCommand(state, commandId),
        events: [
          { type: 'transcript.user', utterance, text, final: true, ...(commandId !== undefined && { id: commandId }) },
        ],
        messages: [message],
      };
    });
  }

  #utteranceLost(utterance: number, error: unknown): void {
    this.#services.log.warn({ err: error, sessionId: this.id, utterance }, 'an utterance could not be transcribed');
    this.#pass({ type: 'notice', code: 'utterance_lost', message: 'I did not catch that. Please say it again.' });
    this.#apply({ type: 'utterance', utterance, content: false, backchannel: false });
  }

  // ── plumbing ──────────────────────────────────────────────────────────────────────────────────────────────────

  #speechOutput() {
    const { tts, settings } = this.#services;
    const out = this.#hello.audio.out;
    if (!tts || !out) return undefined;
    const { playbackAheadMs: aheadMs, playbackReportMs: reportTimeoutMs } = settings;
    const sendFrame = (bytes: Uint8Array) => this.#connection.sendFrame(bytes);
    return { tts, rate: out.rate, aheadMs, reportTimeoutMs, sendFrame };
  }

  #show(event: StoredEvent): void {
    if (!this.#leaving) this.#connection.send(event);
  }

  #pass(event: NewEvent): void {
    this.#show({ ...event, seq: this.#ledger.seq });
  }

  #refuse(ref: string, code: string, message: string): void {
    this.#pass({ type: 'error', code, message, fatal: false, ref });
  }

  /** Runs one step after the other; a failing one ends the connection, never the process. */
  #do(step: () => Promise<void> | void): void {
    this.#work = this.#work.then(step).catch((error: unknown) => this.#fail(error));
  }

  #replyFailed(error: unknown): void {
    this.#services.log.error({ err: error, sessionId: this.id }, 'a reply failed');
    const message = 'I lost my thread. Please say that again.';
    this.#pass({
      type: 'error',
      code: error instanceof KukuError ? error.code : 'reply_failed',
      message,
      fatal: false,
    });
  }

  #fail(error: unknown): void {
    if (isAbort(error, this.#over.signal)) return;
    const close = error instanceof KukuError ? (error.close ?? 'internal') : 'internal';
    this.#services.log.error({ err: error, sessionId: this.id, close: CLOSE[close].code }, 'a session failed');
    this.#connection.close(close);
  }
}

async function* say(unsaid: readonly string[]): AsyncIterable<ReplyPart> {
  for (const sentence of unsaid) yield { type: 'text', text: `${sentence} ` };
}

function lastQuestion(messages: readonly Message[]): string | undefined {
  const last = messages.findLast(({ sender }) => sender === 'ai')?.text;
  return last?.match(/[^.!?]*\?/g)?.at(-1);
}
