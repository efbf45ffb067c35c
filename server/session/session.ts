/**
 * One live session on this instance: takes what the client, the microphone and the clock bring, asks the conversation
 * and the lifecycle what follows, and carries it out. What must be at once (silencing) is; what is stored goes through
 * the ledger, in order.
 */
import { randomUUID } from 'node:crypto';
import type { AudioFrame } from '../../protocol/audio-frame.ts';
import type { ClientMessage, Hello, Message } from '../../protocol/messages.ts';
import type { NewEvent, StoredSession } from '../ports/session-store.ts';
import { type Charges, createCharges } from './charges.ts';
import { type Coach, createCoach } from './coach.ts';
import { createReceive } from './commands.ts';
import {
  type Conversation,
  type ConversationEffect,
  type ConversationEvent,
  converse,
  isNext,
  startConversation,
} from './conversation.ts';
import { createExchanges, type Exchanges } from './exchange.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { EndReason, LifecycleEffect, Timer } from './lifecycle.ts';
import { awayNotice, closeOf, createLine, type Line, speechOutput } from './line.ts';
import { createPerson, type Person } from './person.ts';
import type { Connection, SessionServices } from './services.ts';
import type { SessionState } from './state.ts';
import { createSteering, type LifecycleInput, type Steering } from './steering.ts';
import { createTurns, type FinishedTurn, type Turns } from './turns.ts';
import { untilQuiet } from './until-quiet.ts';
import { createTroubles, type Troubles } from './troubles.ts';
import { recover, welcome } from './welcome.ts';

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
  readonly #connectionId = randomUUID();
  readonly #hello: Hello;
  readonly #ledger: Ledger;
  readonly #steering: Steering;
  readonly #turns: Turns;
  readonly #person: Person;
  readonly #coach: Coach;
  readonly #line: Line;
  readonly #troubles: Troubles;
  readonly #charges: Charges;
  readonly #receive: (message: ClientMessage) => void;
  readonly #inbox: Inbox = createInbox((error) => this.#fail(error));
  readonly #over = new AbortController();
  readonly #exchanges: Exchanges;
  #conversation: Conversation;
  #cancelWordsTimer: (() => void) | undefined;
  #leaving = false;
  #draining = false;

  constructor({ services, session, messages, connection, hello }: OpenSession) {
    const { clock, log } = services;
    this.id = session.id;
    this.#services = services;
    this.#connection = connection;
    this.#hello = hello;
    this.#ledger = createLedger({
      ...services,
      session,
      messages,
      show: (event) => this.#line.show(event),
      onUnsafe: (error) => this.#fail(error),
      onStoreAway: (away) => this.#line.pass(awayNotice(away)),
    });
    this.#line = createLine({ connection, metrics: services.metrics, lastSeq: () => this.#ledger.seq });
    this.#steering = createSteering({ ledger: this.#ledger, settings: services.settings.lifecycle, clock });
    this.#conversation = startConversation(session.state.turn);
    const onSpent = () => this.#steer([{ type: 'budget.spent' }]);
    const { signal } = this.#over;
    this.#charges = createCharges({ services, userId: session.userId, ledger: this.#ledger, signal, onSpent });
    const shared = {
      sessionId: this.id,
      ledger: this.#ledger,
      steering: this.#steering,
      clock,
      signal,
      onUsage: this.#charges.onUsage,
      pass: (event: NewEvent) => this.#line.pass(event),
      notify: (event: ConversationEvent) => this.#apply(event),
    };
    this.#troubles = createTroubles({ ...shared, line: this.#line, connection, log });
    this.#turns = createTurns({
      ...shared,
      speech: speechOutput(services, hello, connection),
      charges: this.#charges,
      onStalled: () => this.#connection.close('tooSlow'),
      onError: (error) => this.#fail(error),
      onReplyFailed: (error, inARow) => this.#troubles.replyFailed(error, inARow),
      onRecapTimed: (durationMs) => this.#steer([{ type: 'recap.timed', durationMs }]),
    });
    this.#person = createPerson({
      ...shared,
      services,
      hello,
      inbox: this.#inbox,
      onEffects: (effects) => this.#carryOutAll(effects),
      onPause: (utterance, words) => this.#coach.foresee(isNext(this.#conversation, utterance) ? words : undefined),
      mayMurmur: () => this.#coach.mayMurmur(this.#conversation.floor),
      mayNotInterrupt: () => this.state.lifecycle.phase === 'closing' && this.#conversation.floor.kind !== 'open',
    });
    this.#coach = createCoach({
      ...shared,
      services,
      turns: this.#turns,
      promptOf: (utterance) => this.#person.promptOf(utterance),
      startedAtMs: () => this.#person.startedAtMs,
      onEnded: ({ reason }) => this.#end(reason),
    });
    this.#receive = createReceive({
      connection,
      person: this.#person,
      turns: this.#turns,
      troubles: this.#troubles,
      notify: shared.notify,
      steer: (inputs, then) => this.#steer(inputs, then),
    });
    this.#exchanges = createExchanges({
      ...shared,
      typed: (commandId, text) => this.#person.typed(commandId, text, 'rest'),
      askAgain: (utterance) => {
        if (this.#conversation.floor.kind === 'open') this.#apply({ type: 'typed', utterance });
      },
    });
  }

  /** Answers the hello, replays what was missed, and takes the conversation up. Resolves when the client is welcome. */
  async start(): Promise<void> {
    const { greeting, missed, notices, effects } = await welcome(this.#arrival);
    this.#line.open(greeting, missed);
    for (const notice of notices) this.#line.pass(notice);
    const { messages, state } = this.#ledger;
    if (state.lifecycle.phase === 'ended') return this.#end(state.lifecycle.endReason ?? 'forced');
    const unanswered = messages.at(-1)?.sender === 'user' ? state.utterance : null;
    const isNew = messages.length === 0 && !state.unsaid;
    this.#apply(isNew ? { type: 'greet' } : { type: 'returned', goOn: state.unsaid !== undefined, unanswered });
    this.#carryOutAll(effects);
  }

  receive(message: ClientMessage): void {
    this.#receive(message);
  }

  receiveFrame(frame: AudioFrame): void {
    this.#person.receiveFrame(frame);
  }

  /** A typed turn over REST, and the answer to it once that is stored. */
  exchange(commandId: string, text: string): Promise<{ user: Message; ai: Message }> {
    return this.#exchanges.say(commandId, text);
  }

  /** Ends the session at once. */
  async end(): Promise<void> {
    await this.#inbox.run(async () => this.#carryOutAll(await this.#steering.change([{ type: 'end.forced' }])));
    await this.#inbox.drained();
    await this.#ledger.shown();
  }

  /** A deadline of this session has come. */
  timer({ name, dueAt }: Timer): void {
    this.#steer([{ type: 'timer', name, dueAt }]);
  }

  /** Sends the client elsewhere: at the end of the sentence, what is unsaid to be said there; after `waitMs` at once. */
  async drain(waitMs: number): Promise<void> {
    this.#draining = true;
    this.#line.pass({ type: 'session.go_away', timeLeftMs: waitMs, reason: 'restarting' });
    this.#turns.endEarly();
    await untilQuiet(this.#services.clock, waitMs, () => this.#conversation.floor.kind === 'speaking');
    this.#connection.close('restarting');
  }

  /** Sets right what an instance that died left behind; `start` does it for a client. */
  async recover(): Promise<void> {
    await recover(this.#arrival);
  }

  get #arrival() {
    const client = { connectionId: this.#connectionId, hello: this.#hello };
    return { ...client, sessionId: this.id, ledger: this.#ledger, steering: this.#steering, services: this.#services };
  }

  get state(): SessionState {
    return this.#ledger.state;
  }

  /** The client is gone: what was under way is stored, and the session let go of. */
  async leave(): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#line.hangUp();
    this.#cancelWordsTimer?.();
    this.#apply({ type: 'left' });
    this.#steer([{ type: 'client.detached', connectionId: this.#connectionId }]);
    await this.#inbox.drained();
    this.#over.abort();
    await this.#charges.flush();
  }

  #apply(event: ConversationEvent): void {
    const { state, effects } = converse(this.#conversation, event);
    this.#conversation = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: ConversationEffect): void {
    switch (effect.type) {
      case 'stop':
        return this.#turns.stop(effect.turn, effect.reason);
      case 'await_words':
        this.#cancelWordsTimer?.();
        this.#cancelWordsTimer = this.#services.clock.after(FALSE_INTERRUPTION_MS, () => {
          this.#apply({ type: 'no_words' });
        });
        return;
      case 'finish':
        return this.#inbox.add(async () => {
          const rest = { keepUnsaid: this.#leaving || this.#draining, goesOn: effect.goesOn === true };
          const finished = await this.#turns.finish(effect.turn, effect.status, rest);
          if (finished) this.#finished(finished);
        });
      case 'reply':
        return this.#inbox.add(() =>
          effect.inReplyTo === null ? this.#coach.greet(effect.turn) : this.#coach.reply(effect.turn, effect.inReplyTo),
        );
      case 'remark':
        return this.#inbox.add(() => this.#coach.remark(effect.turn));
      case 'apologise':
        return this.#inbox.add(() => this.#coach.apologise(effect.turn));
      case 'go_on':
        return this.#inbox.add(async () => {
          const goesOn = await this.#coach.goOn(effect.turn, effect.of);
          if (!goesOn) this.#apply({ type: 'reply_completed', turn: effect.turn });
        });
    }
  }

  #finished(turn: FinishedTurn): void {
    this.#carryOutAll(turn.effects);
    this.#exchanges.finished(turn);
  }

  #fail(error: unknown): void {
    this.#troubles.fail(error);
    this.#exchanges.failed(error);
  }

  #steer(inputs: readonly LifecycleInput[], then = (_: LifecycleEffect[]) => {}): void {
    this.#inbox.add(async () => {
      const effects = await this.#steering.change(inputs);
      this.#carryOutAll(effects);
      then(effects);
    });
  }

  #carryOutAll(effects: readonly LifecycleEffect[]): void {
    this.#coach.plan(effects);
    if (this.#coach.hasSomethingToSay) this.#apply({ type: 'remark' });
  }

  #end(reason: EndReason): void {
    this.#apply({ type: 'cancel', turn: undefined });
    this.#inbox.add(async () => {
      await this.#ledger.shown();
      this.#connection.close(closeOf(reason));
    });
  }
}
