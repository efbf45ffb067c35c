/** One reply of the built-in coach: hear, note, move through the stages, reflect, ask. Pure: the request decides it all. */
import type { Stage } from '../../protocol/messages.ts';
import type { CoachNotes, ConversationEntry, ReplyRequest } from '../ports/language-model.ts';
import { answerTo, areYouThere, greeting } from './answers.ts';
import { hear, type Heard } from './hearing.ts';
import { type Memo, memoOf } from './memo.ts';
import { note, type Noted } from './noting.ts';
import { answerPromise } from './promise-talk.ts';
import { nextQuestion } from './questions.ts';
import { hasCommittedWayForward } from './recap.ts';
import { reflect } from './reflection.ts';
import { hashText } from './speech-text.ts';
import { nextStage, type StageMove } from './stages.ts';
import { bridge } from './summary.ts';
import { whenIn } from './time-phrases.ts';
import { acknowledge, INSIGHTS, room, unlessSaid, wantsRoom } from './room.ts';
import { choose } from './variation.ts';

const MAX_SENTENCES = 4;

export interface CoachReply {
  readonly notes: CoachNotes;
  /** One to four, in order, each ending in its own full stop or question mark; at most one question. */
  readonly sentences: readonly string[];
}

export function coachReply(request: ReplyRequest): CoachReply {
  const memo = memoOf(request.notes);
  const said = sinceTheCoachSpoke(request.conversation);
  const seed = hashText(`${request.conversation.length} ${memo.turns} ${said}`);
  if (request.occasion === 'greeting')
    return finished(request.notes, memo, greeting(request.time.remainingMs, request.earlierCommitments));
  if (request.occasion === 'are_you_there') return finished(request.notes, memo, areYouThere(memo, seed));
  if (request.occasion === 'go_on') return finished(request.notes, memo, takeUpAgain(request, memo, seed));
  memo.turns++;
  const heard = hear(said);
  return replyTo({ request, heard, memo, seed });
}

/** The next question of the stage, without a reflection: what was said last was about the session, not the topic. */
function takeUpAgain({ notes }: ReplyRequest, memo: Memo, seed: number): string[] {
  const { stage, goal, commitments } = notes;
  const hasCommitment = commitments.length > 0;
  const context = { stage, heard: hear(''), seed, isNew: false, hasGoal: goal !== undefined, hasCommitment };
  return [nextQuestion(memo, context) ?? 'What else is on your mind?'];
}

/** All that the person said since the coach's last words. */
function sinceTheCoachSpoke(conversation: readonly ConversationEntry[]): string {
  const last = conversation.findLastIndex((entry) => entry.sender === 'ai');
  return conversation
    .slice(last + 1)
    .map((entry) => entry.text)
    .join(' ');
}

interface Turn {
  readonly request: ReplyRequest;
  readonly heard: Heard;
  readonly memo: Memo;
  readonly seed: number;
}

function replyTo(turn: Turn): CoachReply {
  const { request, heard, memo, seed } = turn;
  const { remainingMs } = request.time;
  const answer = answerTo({ heard, memo, seed, remainingMs, conversation: request.conversation });
  if (answer === undefined) return converse(turn);
  // A question to the coach at the end of a story: the story is heard and noted too.
  const hasStory =
    /^ask_(?:advice|opinion|time|human|how)$/.test(heard.kind) &&
    heard.wordCount >= 8 &&
    (heard.mirrors.length > 0 || heard.nouns.length > 0);
  if (!hasStory) return finished(request.notes, memo, answer);
  memo.stageTurns++;
  const reflection = reflect(heard, memo, seed).slice(0, 2);
  const noted = note(heard, request.notes, memo);
  // What it is, it says first of all.
  const sentences =
    heard.kind === 'ask_human'
      ? [...answer.slice(0, 1), ...reflection, ...answer.slice(-1)]
      : [...reflection, ...answer.slice(-2)];
  return finished(noted.notes, memo, sentences);
}

/** An answer of the person's: noted, reflected, and taken further. */
function converse(turn: Turn): CoachReply {
  const { request, heard, memo, seed } = turn;
  memo.stageTurns++;
  const hasSubstance = heard.kind === 'content';
  memo.vague = hasSubstance ? 0 : memo.vague + 1;
  // Before the turn is noted: a feeling that is new is named, one that is known is not named again.
  const reflection = hasSubstance ? reflect(heard, memo, seed) : acknowledge(heard, memo, seed);
  const noted = hasSubstance ? note(heard, request.notes, memo) : nothingNoted(request.notes);
  const move = moveFor(turn, noted);
  const notes = { ...noted.notes, stage: move.to };
  const talk = answerPromise({ heard, noted, notes, memo, seed });
  if (talk?.isComplete) return finished(enter(move, notes, request.notes.stage, memo), memo, talk.sentences);
  const entered = enter(move, notes, request.notes.stage, memo);
  const said = talk?.sentences ?? reflection;
  const opening = (said.length > 0 ? said : acknowledge(heard, memo, seed)).slice(0, 2);
  return finished(entered, memo, [...opening, ...further(turn, { move, noted, notes: entered, opening })]);
}

function nothingNoted(notes: CoachNotes): Noted {
  return {
    notes,
    newTopic: false,
    newGoal: false,
    newInsight: false,
    hasChosen: false,
    touched: [],
    madePromise: false,
    softPromise: undefined,
    confidence: undefined,
  };
}

function moveFor({ request, heard, memo }: Turn, noted: Noted): StageMove {
  const { notes } = noted;
  return nextStage({
    stage: request.notes.stage,
    stageTurns: memo.stageTurns,
    hasTopic: notes.topic !== undefined,
    hasGoal: notes.goal !== undefined,
    goalIsConcrete:
      memo.goalSigns > 0 || (notes.goal !== undefined && (whenIn(notes.goal) !== undefined || /\d/.test(notes.goal))),
    facts: memo.facts.length,
    knowsWhatHurts: memo.obstacles.length > 0 || memo.feelings.length > 0,
    options: memo.options.length,
    said: {
      newTopic: noted.newTopic,
      newGoal: noted.newGoal,
      firmPromise: noted.madePromise,
      choice: noted.hasChosen,
      rejectsWay:
        /\b(?:none of|won't work|wouldn't work|doesn't work|can't do (?:that|any|it)|not (?:ready|realistic|possible)|don't like (?:any|that))\b/i.test(
          heard.text,
        ),
    },
    hasCommitment: notes.commitments.length > 0,
    wentBack: memo.wentBack,
    elapsedMs: request.time.elapsedMs,
    remainingMs: request.time.remainingMs,
  });
}

/** Begins a stage. Changes `memo`. */
function enter(move: StageMove, notes: CoachNotes, from: Stage, memo: Memo): CoachNotes {
  if (move.to !== from || move.why === 'new_topic') memo.stageTurns = 0;
  if (move.why === 'more_options') memo.wentBack = true;
  return notes;
}

interface Progress {
  readonly move: StageMove;
  readonly noted: Noted;
  readonly notes: CoachNotes;
  /** What the reply has said so far. */
  readonly opening: readonly string[];
}

/** What follows the reflection: nothing but room, or a bridge and the next question. */
function further({ heard, memo, seed, request }: Turn, { move, noted, notes, opening }: Progress): string[] {
  const isNew = move.to !== request.notes.stage || move.why === 'new_topic';
  if (!isNew && noted.newInsight) return [choose(INSIGHTS, memo, seed)];
  if (!isNew && wantsRoom(heard, memo)) return room(heard, notes, memo, seed);
  memo.sinceQuiet++;
  const between = isNew
    ? unlessSaid(bridge(move, { notes, memo, seed, saidJustNow: opening.join(' ') }), [...opening, heard.text])
    : undefined;
  const question = nextQuestion(memo, {
    stage: move.to,
    heard,
    seed,
    isNew,
    hasGoal: notes.goal !== undefined,
    hasCommitment: notes.commitments.length > 0,
  });
  if (question === undefined) return [...(between === undefined ? [] : [between]), ...room(heard, notes, memo, seed)];
  memo.awaiting = memo.slot === 'act' ? 'what' : 'nothing';
  return between === undefined ? [question] : [between, question];
}

function finished(notes: CoachNotes, memo: Memo, sentences: readonly string[]): CoachReply {
  const whole = { ...notes, memo };
  memo.committed = hasCommittedWayForward(whole);
  return { notes: whole, sentences: withOneQuestion(sentences.slice(0, MAX_SENTENCES)) };
}

/** A stop inside a sentence, from the person's own words, becomes a comma; a question mark but the last a full stop. */
function withOneQuestion(sentences: readonly string[]): string[] {
  const last = sentences.findLastIndex((sentence) => sentence.endsWith('?'));
  return sentences.map((sentence, i) => {
    const [end = ''] = /[.!?]+['"]?$/.exec(sentence) ?? [];
    const body = sentence
      .slice(0, sentence.length - end.length)
      .replaceAll(/[.!?;]+(?=\s|['"]\s)/g, ',')
      .replaceAll('?', '');
    return `${body}${i === last ? '?' : end.replace('?', '.') || '.'}`;
  });
}
