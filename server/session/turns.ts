/** The coach's turns of one session: begins, silences and closes them, and tells the conversation how they go. */
import type { Message, NoticeCode, TurnLatency, TurnStatus } from '../../protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { CoachNotes, ReplyPart } from '../ports/language-model.ts';
import type { NewEvent } from '../ports/session-store.ts';
import type { OnUsage } from '../ports/usage.ts';
import type { HeardUtterance } from '../voice/listen.ts';
import { type Reply, type SpeechOutput, startReply } from '../voice/reply.ts';
import type { Charges } from './charges.ts';
import type { ConversationEvent } from './conversation.ts';
import type { Ledger } from './ledger.ts';
import type { LifecycleEffect } from './lifecycle.ts';
import { isTurnOff, marked, withNotes } from './record.ts';
import { questionStart, unlessAborted } from './script.ts';
import { type Cargo, sessionView, type Unsaid, withoutSpeaking, withoutUnsaid } from './state.ts';
import type { LifecycleInput, Steering } from './steering.ts';
import { SAVED_AFTER_FAILURES } from './troubles.ts';
import { sumUsage } from './usage.ts';

/** A client that does not say where it stopped is taken at its last report. */
const CLEARED_TIMEOUT_MS = 400;

export interface TurnsOptions {
  sessionId: string;
  ledger: Ledger;
  steering: Steering;
  clock: Clock;
  speech: SpeechOutput | undefined;
  onUsage: OnUsage;
  charges: Pick<Charges, 'take' | 'isSpent' | 'charge'>;
  /** Ends everything; turns have signals of their own below it. */
  signal: AbortSignal;
  /** Sends what is not stored. */
  pass(event: NewEvent): void;
  /** How the turn goes. */
  notify(event: ConversationEvent): void;
  onStalled(): void;
  /** A stored step of a turn failed. */
  onError(error: unknown): void;
  /** The engine failed, for this many turns in a row. */
  onReplyFailed(error: unknown, inARow: number): void;
  /** The recap is out and lasts this long still. */
  onRecapTimed(durationMs: number): void;
}

/** What a turn answers: when it was decided, for the latency. */
export interface Prompt {
  inReplyTo: number | null;
  decidedAtMs: number;
  heard: HeardUtterance | undefined;
}

/**
 * The words of a turn; filled in `cargo` is what they bring along, by the time that they are spoken. `off`: they are off
 * the record.
 */
export type Script = (signal: AbortSignal, cargo: Cargo, off: boolean) => AsyncIterable<ReplyPart>;

export interface FinishedTurn {
  turn: number;
  inReplyTo: number | null;
  status: TurnStatus;
  /** Absent when nothing was heard. */
  message: Message | undefined;
  /** Nothing more of it comes: it was neither interrupted nor cut off by a line that dropped. */
  isLast: boolean;
  effects: LifecycleEffect[];
}

interface Turn extends Prompt {
  number: number;
  controller: AbortController;
  reply: Reply;
  cargo: Cargo;
  notes: CoachNotes | undefined;
  sentences: string[];
  /** Off the record. */
  off: boolean;
  /** Where playback stood when the client silenced the turn, in ms. */
  cleared: Promise<number> | undefined;
  resolveCleared: ((playedMs: number) => void) | undefined;
}

export interface Turns {
  begin(turn: number, prompt: Prompt, script: Script, cargo?: Cargo): Promise<void>;
  /** Ends the turn's work at once and has the client drop what it holds of it. */
  stop(turn: number, reason: 'barge_in' | 'cancelled' | 'failed'): void;
  /**
   * Stores what became of the turn. `keepUnsaid`: what was not heard is kept for after a reconnect. `goesOn`: it is said
   * by the turn that follows.
   */
  finish(
    turn: number,
    status: TurnStatus,
    rest: { keepUnsaid: boolean; goesOn: boolean },
  ): Promise<FinishedTurn | undefined>;
  /** The turn under way says no more than the sentence that it is at. */
  endEarly(): void;
  /** Who speaks from the next sentence on. */
  chooseVoice(voice: string): void;
  report(turn: number, playedMs: number, ended: boolean): void;
  cleared(turn: number, playedMs: number): void;
  /**
   * What the turn answers, and its sentences that were not heard; undefined when it isn't the last one. `begun`: some of
   * it was sent, or all of it was written, so that it is not to be made anew.
   */
  leftOver(turn: number): (Unsaid & { prompt: Prompt; begun: boolean }) | undefined;
}

export function createTurns(options: TurnsOptions): Turns {
  const { ledger, steering, clock, pass, notify, sessionId, charges } = options;
  let current: Turn | undefined;
  /** The last turn that was stopped, begun or not. */
  let stopped = 0;
  /** Turns in a row that failed. */
  let failed = 0;
  const turnIs = (turn: number) => (current?.number === turn ? current : undefined);

  const storeSentence = (turn: Turn, text: string) => {
    turn.sentences.push(text);
    const sentences = [...turn.sentences];
    const { number, notes, off } = turn;
    const speaking = { turn: number, sentences, ...(off && { offRecord: true as const }) };
    return ledger.change((state) => ({
      state: { ...withNotes(state, notes, off), speaking },
      events: [{ type: 'transcript.coach', turn: number, text }],
    }));
  };

  const begin: Turns['begin'] = async (number, prompt, script, cargo = {}) => {
    const { inReplyTo } = prompt;
    const off = isTurnOff(ledger.state, ledger.messages);
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, options.signal]);
    await ledger.change((state) => ({
      state: { ...withoutUnsaid(state), turn: Math.max(state.turn, number) },
      events: [{ type: 'turn.started', turn: number, inReplyTo }],
    }));
    let sending = false;
    const events = {
      onNotes: (notes: CoachNotes) => (turn.notes = notes),
      onSentence: (text: string) => {
        if (!sending) notify({ type: 'reply_sending', turn: number });
        sending = true;
        storeSentence(turn, text).catch(options.onError);
      },
      onAudioEnd: (durationMs: number) => {
        pass({ type: 'audio.end', turn: number, durationMs });
        if (cargo.recap) options.onRecapTimed(durationMs - turn.reply.playedMs);
      },
      onNotice: (code: NoticeCode, message: string) => pass({ type: 'notice', code, message }),
      onCompleted: () => notify({ type: 'reply_completed', turn: number }),
      onFailed: (error: unknown) => {
        options.onReplyFailed(error, failed + 1);
        notify({ type: 'reply_failed', turn: number });
      },
      onStalled: options.onStalled,
    };
    // Silenced while its beginning was being stored: it says nothing, and takes nothing off the agenda.
    if (number <= stopped) controller.abort();
    const parts = unlessAborted(signal, () => script(signal, cargo, off));
    const turn: Turn = {
      ...prompt,
      number,
      controller,
      cargo,
      notes: undefined,
      sentences: [],
      off,
      cleared: undefined,
      resolveCleared: undefined,
      reply: startReply({
        turn: number,
        parts,
        speech: options.speech,
        onUsage: options.onUsage,
        clock,
        signal,
        events,
        waitingSinceMs: prompt.decidedAtMs,
        ...(failed + 1 >= SAVED_AFTER_FAILURES && { apology: 'saved' }),
      }),
    };
    current = turn;
  };

  const stop: Turns['stop'] = (number, reason) => {
    stopped = Math.max(stopped, number);
    const turn = turnIs(number);
    if (!turn || turn.controller.signal.aborted) return;
    turn.controller.abort();
    if (!turn.reply.audible || !options.speech) return;
    pass({ type: 'audio.clear', turn: number, reason });
    turn.cleared = new Promise((resolve) => {
      const cancel = clock.after(CLEARED_TIMEOUT_MS, () => resolve(turn.reply.playedMs));
      turn.resolveCleared = (playedMs) => {
        cancel();
        resolve(playedMs);
      };
    });
  };

  const finish: Turns['finish'] = async (number, asked, { keepUnsaid, goesOn }) => {
    const turn = turnIs(number);
    if (!turn) return undefined;
    if (asked === 'failed') failed += 1;
    if (asked === 'completed') failed = 0;
    const { inReplyTo, cargo } = turn;
    const playedMs = Math.round((await turn.cleared) ?? turn.reply.playedMs);
    turn.controller.abort();
    // A sentence that could not be synthesised was read in the captions.
    const spokenText = asked === 'completed' ? turn.sentences.join(' ') : turn.reply.heard(playedMs);
    const status = asked === 'interrupted' && !turn.reply.started ? 'cancelled' : asked;
    const sentences = keepUnsaid ? turn.reply.unheard(playedMs) : [];
    const said = spokenText ? coachMessage(sessionId, number, spokenText, clock.now()) : undefined;
    const message = said && marked(said, turn.off);
    const usage = charges.take();
    const measured = { latency: latencyOf(turn), ...(usage && { usage }) };
    const done: NewEvent = { type: 'turn.done', turn: number, status, spokenText, playedMs, ...measured };
    const inputs = heardInputs(turn, { status, spokenText, isKept: goesOn || sentences.length > 0 });
    if (charges.isSpent(sumUsage(ledger.state.usage, usage))) inputs.push({ type: 'budget.spent' });
    const effects = await steering.change(inputs, (before) => {
      const state = {
        ...withoutSpeaking(before),
        ...(usage && { usage: sumUsage(before.usage, usage) }),
        ...(sentences.length > 0 && {
          unsaid: { inReplyTo, sentences, carries: cargo, ...(turn.off && { offRecord: true as const }) },
        }),
      };
      const events: NewEvent[] = [done, { type: 'session.state', ...sessionView(state, clock.now()) }];
      return { state, events, messages: message ? [message] : [] };
    });
    charges.charge(usage);
    return { turn: number, inReplyTo, status, message, isLast: asked !== 'interrupted', effects };
  };

  return {
    begin,
    stop,
    finish,
    endEarly: () => current?.reply.endEarly(),
    chooseVoice(voice) {
      if (options.speech) options.speech.voice = voice;
    },
    report: (turn, playedMs, ended) => turnIs(turn)?.reply.report(playedMs, ended),
    cleared: (turn, playedMs) => turnIs(turn)?.resolveCleared?.(playedMs),
    leftOver(number) {
      const turn = turnIs(number);
      if (!turn) return undefined;
      const { inReplyTo, cargo, reply } = turn;
      const begun = reply.started || reply.isWritten || cargo.recap === true;
      return { prompt: turn, begun, inReplyTo, sentences: reply.unheard(), carries: cargo };
    },
  };
}

interface Outcome {
  status: TurnStatus;
  spokenText: string;
  /** What was not heard is still to be said. */
  isKept: boolean;
}

/** What the lifecycle is told of a turn that is over. */
function heardInputs(turn: Turn, { status, spokenText, isKept }: Outcome): LifecycleInput[] {
  const inputs: LifecycleInput[] = spokenText ? [{ type: 'message.added', count: 1 }, { type: 'coach.spoke' }] : [];
  const { proposal, recap } = turn.cargo;
  if (proposal && !isKept) {
    const { proposalId, question } = proposal;
    const isHeard = spokenText.length > questionStart(turn.sentences, question);
    if (!isHeard) inputs.push({ type: 'proposal.unheard', proposalId });
    else if (status === 'completed') inputs.push({ type: 'proposal.spoken', proposalId });
  }
  if (recap && status === 'completed' && !isKept) inputs.push({ type: 'recap.played' });
  return inputs;
}

/** The coach's message of a turn, as it is stored. */
export function coachMessage(sessionId: string, turn: number, text: string, nowMs: number): Message {
  return { id: `${sessionId}-t${turn}`, timestamp: new Date(nowMs).toISOString(), sender: 'ai', text };
}

function latencyOf({ heard, decidedAtMs, reply }: Turn): TurnLatency {
  const round = (ms: number) => Math.max(0, Math.round(ms * 100) / 100);
  return {
    ...(heard && {
      endOfSpeechToTurnEnd: round(heard.endOfSpeechToTurnEndMs),
      transcript: round(heard.transcriptMs),
    }),
    ...reply.latency(),
    ...(reply.firstSentAtMs !== undefined && { total: round(reply.firstSentAtMs - decidedAtMs) }),
  };
}
