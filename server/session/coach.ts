/** The coach's side of a session: what is said in which turn, and what that means for the session's time. */
import { randomUUID } from 'node:crypto';
import { hasCommittedWayForward } from '../coaching/recap.ts';
import { offRecordLine, onRecordLine } from '../coaching/lines.ts';
import { readRecordCommand } from '../coaching/record-command.ts';
import { readDanger } from '../coaching/safety.ts';
import { readWrapUpIntent } from '../coaching/wrap-up.ts';
import type { ReplyPart, ReplyRequest } from '../ports/language-model.ts';
import type { NewEvent } from '../ports/session-store.ts';
import type { OnUsage } from '../ports/usage.ts';
import { utteranceLost } from '../voice/fillers.ts';
import { createAgenda } from './agenda.ts';
import type { Floor } from './conversation.ts';
import { createEarlyStart } from './early-start.ts';
import { hear, type HearingOptions } from './hearing.ts';
import type { Ledger } from './ledger.ts';
import type { LifecycleEffect, LifecycleState } from './lifecycle.ts';
import { isTurnOff, known } from './record.ts';
import type { SessionServices } from './services.ts';
import { type Cargo, sessionView, withAside } from './state.ts';
import type { Steering } from './steering.ts';
import type { Prompt, Turns } from './turns.ts';
import { careEvent, careScript, forEngine } from './watch.ts';

export interface CoachOptions {
  sessionId: string;
  services: SessionServices;
  ledger: Ledger;
  steering: Steering;
  turns: Turns;
  /** Ends everything. */
  signal: AbortSignal;
  onUsage: OnUsage;
  /** What the reply to an utterance answers, for its latency. */
  promptOf(utterance: number): Prompt | undefined;
  /** When the person began to say what is answered, ms since 1970; undefined for what was typed. */
  startedAtMs(): number | undefined;
  /** Sends what is not stored. */
  pass(event: NewEvent): void;
  /** The session has ended: nothing more is said. */
  onEnded(effect: Extract<LifecycleEffect, { type: 'ended' }>): void;
}

export interface Coach {
  greet(turn: number): Promise<void>;
  /** Answers all that the person said since the coach last spoke. */
  reply(turn: number, inReplyTo: number): Promise<void>;
  /**
   * The person has paused after these words: the answer to them is begun, in case that they are all. `undefined`: they
   * go on, or have said nothing.
   */
  foresee(words: string | undefined): void;
  /** Says what is on the agenda. */
  remark(turn: number): Promise<void>;
  /** Asks for what was lost to be said again, in words that are no part of the conversation. */
  apologise(turn: number): Promise<void>;
  /**
   * Says what was left unsaid of turn `of`, or by the instance before; starts over what was never begun. False when
   * nothing is left to say.
   */
  goOn(turn: number, of: number | null): Promise<boolean>;
  /** Puts on the agenda what effects of the lifecycle ask the coach to say, for the next turn. */
  plan(effects: readonly LifecycleEffect[]): void;
  readonly hasSomethingToSay: boolean;
  /**
   * Whether a backchannel leaves the coach the floor. Once it has said all but its last words, or wants to know whether
   * to end, "yes" is an answer.
   */
  mayMurmur(floor: Floor): boolean;
}

export function createCoach(options: CoachOptions): Coach {
  const { services, ledger, steering, turns, onUsage } = options;
  const { clock } = services;
  const agenda = createAgenda();
  const early = createEarlyStart({ ...services, signal: options.signal, onUsage });
  let lastHeard: { utterance: number; wantsAnswer: boolean } | undefined;
  /** Said before the next answer: that it is off the record, or on it again. */
  let acknowledgement: string | undefined;
  let scripts = 0;
  /** Scripts up to this number say nothing more of the agenda: the recap has a turn of its own. */
  let scriptsOver = 0;
  const unprompted = (inReplyTo: number | null): Prompt => ({
    inReplyTo,
    decidedAtMs: clock.monotonicMs(),
    heard: undefined,
  });

  const requestFor = (occasion: ReplyRequest['occasion'], off: boolean): ReplyRequest => {
    const { state } = ledger;
    const { elapsedMs, remainingMs } = sessionView(state, clock.now());
    const earlierCommitments = state.earlier?.commitments ?? [];
    const time = { elapsedMs, remainingMs };
    return { occasion, ...known(state, forEngine(ledger), off), time, earlierCommitments };
  };
  const engine = (
    occasion: ReplyRequest['occasion'],
    { signal, off }: { signal: AbortSignal; off: boolean },
  ): AsyncIterable<ReplyPart> => {
    const request = requestFor(occasion, off);
    return early.take(request, { signal }) ?? services.engine.reply(request, { signal, onUsage });
  };

  const foresee: Coach['foresee'] = (words) => {
    const isWorthIt = services.settings.earlyStart && !services.engine.isInstant;
    const { phase, care: caring } = ledger.state.lifecycle;
    if (!isWorthIt || words === undefined || phase !== 'active' || caring) return early.drop();
    const said = `${unansweredText(options)} ${words}`;
    // Words that may be about the session itself, or about harm, are understood first.
    if (readWrapUpIntent(said, { phase: 'active' }).intent === 'request' || readDanger(said)) return early.drop();
    const request = requestFor('reply', isTurnOff(ledger.state, ledger.messages));
    early.begin({ ...request, conversation: [...request.conversation, { sender: 'user', text: words }] });
  };

  /** As the rules made it when the session closed; a model, where there is one, makes it better while the coach begins. */
  const recap = async (signal: AbortSignal): Promise<string> => {
    const { state } = ledger;
    const isSpent = state.lifecycle.endReason === 'quota';
    if (isSpent) return state.recap?.summary ?? '';
    const better = await services.judgement?.recaps.make(known(state, forEngine(ledger), false), { signal, onUsage });
    if (!better) return state.recap?.summary ?? '';
    await ledger.change((before) => ({ state: { ...before, recap: better }, events: [{ type: 'recap', ...better }] }));
    return better.summary;
  };

  const readIntent: HearingOptions['read'] = async (text, context) => {
    const { signal } = options;
    const question = ledger.messages.findLast(({ sender }) => sender === 'ai')?.text;
    return (
      services.judgement?.intents.read(text, { ...context, question }, { signal, onUsage }) ??
      readWrapUpIntent(text, context)
    );
  };

  const tellOfHelp = () => {
    const event = careEvent(services.settings.help);
    services.metrics.event({ ...event, seq: ledger.seq });
    services.log.info({ sessionId: options.sessionId }, 'somebody spoke of harm; the session stands');
    options.pass(event);
  };

  const plan: Coach['plan'] = (effects) => {
    const { remainingMs } = sessionView(ledger.state, clock.now());
    for (const effect of effects) {
      agenda.add(effect, remainingMs);
      if (effect.type === 'care') tellOfHelp();
      if (effect.type === 'speakRecap') {
        scriptsOver = scripts;
        turns.endEarly();
      }
      if (effect.type !== 'ended') continue;
      agenda.clear();
      options.onEnded(effect);
    }
  };

  const say = (signal: AbortSignal, cargo: Cargo, off: boolean, script = ++scripts) =>
    agenda.say(cargo, {
      engine: (occasion) => engine(occasion, { signal, off }),
      recap: () => recap(signal),
      isOver: () => script <= scriptsOver,
    });

  /** The answer, and after it, in the same turn, what there is to say about the session. */
  async function* answer(signal: AbortSignal, cargo: Cargo, off: boolean): AsyncIterable<ReplyPart> {
    const script = ++scripts;
    let { notes } = known(ledger.state, [], off);
    if (acknowledgement) yield { type: 'text', text: `${acknowledgement} ` };
    acknowledgement = undefined;
    // The rules saw no wish to end; a model reads once more while the answer is given.
    const reading = services.judgement && readIntent(unansweredText(options), { phase: 'active' });
    reading?.catch(() => {});
    for await (const part of engine('reply', { signal, off })) {
      if (part.type === 'notes') ({ notes } = part);
      yield part;
    }
    yield { type: 'text', text: ' ' };
    if ((await reading)?.intent === 'request') {
      plan(await steering.change([{ type: 'wrapUp.requested', proposalId: randomUUID() }]));
    }
    const wayForwardCommitted = hasCommittedWayForward(notes);
    plan(await steering.change([{ type: 'exchange.completed', proposalId: randomUUID(), wayForwardCommitted }]));
    yield* say(signal, cargo, off, script);
  }

  /** Whether the words want an answer. They are taken for a request or an answer once, however often they are replied to. */
  const understand = async (utterance: number): Promise<boolean> => {
    const { lifecycle, heard } = ledger.state;
    if (lastHeard?.utterance === utterance || (heard === utterance && lifecycle.phase !== 'active')) {
      if (agenda.isEmpty) plan(standing(lifecycle));
      return lastHeard?.utterance === utterance ? lastHeard.wantsAnswer : lifecycle.phase === 'confirming';
    }
    const command = readRecordCommand(ledger.messages.findLast(({ sender }) => sender === 'user')?.text ?? '');
    if (command) {
      const line = command.on ? onRecordLine(ledger.state.ephemeral === true) : offRecordLine;
      // Neither a wish to end nor an answer to the question: that stands.
      if (command.isBare) {
        agenda.line(line);
        lastHeard = { utterance, wantsAnswer: false };
        return false;
      }
      acknowledgement = line;
    }
    const said = { utterance, text: unansweredText(options), startedAtMs: options.startedAtMs() };
    const { wantsAnswer, effects } = await hear(said, { state: ledger.state, steering, read: readIntent });
    lastHeard = { utterance, wantsAnswer };
    plan(effects);
    return wantsAnswer;
  };

  /** The words of care are an answer that no model has a part in. */
  const care = async (turn: number, inReplyTo: number | null) => {
    agenda.clear();
    await ledger.change((before) => ({ state: withAside(before, `${options.sessionId}-t${turn}`) }));
    const prompt = (inReplyTo === null ? undefined : options.promptOf(inReplyTo)) ?? unprompted(inReplyTo);
    await turns.begin(turn, prompt, () => read(careScript(ledger, services.settings.help)));
  };

  const reply: Coach['reply'] = async (turn, inReplyTo) => {
    if (ledger.state.lifecycle.care) {
      early.drop();
      return care(turn, inReplyTo);
    }
    const wantsAnswer = await understand(inReplyTo);
    if (!wantsAnswer) early.drop();
    const prompt = options.promptOf(inReplyTo) ?? unprompted(inReplyTo);
    await turns.begin(turn, prompt, wantsAnswer ? answer : say, agenda.cargo());
  };

  const greet: Coach['greet'] = (turn) =>
    turns.begin(turn, unprompted(null), (signal, _cargo, off) => engine('greeting', { signal, off }));

  return {
    greet,
    reply,
    foresee,
    remark: (turn) => turns.begin(turn, unprompted(null), say, agenda.cargo()),
    apologise: (turn) => turns.begin(turn, unprompted(null), nothing),
    async goOn(turn, of) {
      const left = of === null ? undefined : turns.leftOver(of);
      const unsaid = left ?? ledger.state.unsaid;
      const inReplyTo = unsaid?.inReplyTo ?? null;
      if (left && !left.begun) {
        await (inReplyTo === null ? restart(turn) : reply(turn, inReplyTo));
        return true;
      }
      if (!unsaid || unsaid.sentences.length === 0) return false;
      // Not what it was saying before: what is to be said now is said whole.
      if (ledger.state.lifecycle.care) return care(turn, inReplyTo).then(() => true);
      await turns.begin(turn, unprompted(inReplyTo), () => read(unsaid.sentences), unsaid.carries);
      return true;
    },
    plan,
    mayMurmur(floor) {
      if (floor.kind === 'open' || ledger.state.lifecycle.phase === 'confirming') return false;
      const left = turns.leftOver(floor.turn);
      return left === undefined || left.sentences.length > 0;
    },
    get hasSomethingToSay() {
      return !agenda.isEmpty;
    },
  };

  /** A turn of the coach's own that was stopped before its first sound: the greeting, or else what is on the agenda. */
  function restart(turn: number): Promise<void> {
    return ledger.messages.length === 0 ? greet(turn) : turns.begin(turn, unprompted(null), say, agenda.cargo());
  }
}

/** What is to be asked or said as things stand, for an instance that finds it unsaid. */
function standing({ phase, proposal, endReason }: LifecycleState): LifecycleEffect[] {
  if (phase === 'closing') return [{ type: 'speakRecap', reason: endReason ?? 'forced' }];
  if (phase !== 'confirming' || !proposal || proposal.spoken) return [];
  return [{ type: 'propose', proposalId: proposal.proposalId, reason: proposal.reason }];
}

/** All that the person said since the coach last spoke; while a question stands, since that question was brought up. */
function unansweredText({
  sessionId,
  ledger: { messages, state },
}: Pick<CoachOptions, 'sessionId' | 'ledger'>): string {
  const asked = state.lifecycle.phase === 'confirming' ? `${sessionId}-u${state.heard}` : undefined;
  const last = messages.findLastIndex(({ sender, id }) => sender === 'ai' || id === asked);
  return messages
    .slice(last + 1)
    .map(({ text }) => text)
    .join(' ');
}

/** No words: the turn fails, and what is said aloud when one does tells why. */
function nothing(): never {
  throw utteranceLost();
}

async function* read(sentences: readonly string[]): AsyncIterable<ReplyPart> {
  for (const sentence of sentences) yield { type: 'text', text: `${sentence} ` };
}
