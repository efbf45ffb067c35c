/** What the coach says to what is no answer: a question to it, thanks, silence, another language, danger. */
import type { Commitment } from '../../protocol/messages.ts';
import type { ConversationEntry } from '../ports/language-model.ts';
import { answerComplaint } from './complaints.ts';
import type { Heard } from './hearing.ts';
import type { Memo } from './memo.ts';
import { adviceQuestion } from './questions.ts';
import { sentencesOf } from './speech-text.ts';
import { isSpeakable, spokenCommitment, spokenMinutes } from './spoken-notes.ts';
import { choose } from './variation.ts';

export interface AnswerContext {
  readonly heard: Heard;
  readonly memo: Memo;
  readonly seed: number;
  readonly remainingMs: number;
  readonly conversation: readonly ConversationEntry[];
}

export function greeting(remainingMs: number, earlier: readonly Commitment[] = []): string[] {
  const [last] = earlier;
  if (last && isSpeakable(spokenCommitment(last), MAX_COMMITMENT_WORDS)) return comesBack(remainingMs, last);
  return [
    "Hi, I'm Kuku, your AI coach.",
    `I'm not a therapist, but I listen well, and we have ${spokenMinutes(remainingMs)} just for you.`,
    'What would you like to talk about today?',
  ];
}

/** Longer ones are no question that anybody follows. */
const MAX_COMMITMENT_WORDS = 22;

function comesBack(remainingMs: number, commitment: Commitment): string[] {
  return [
    "Hi, it's Kuku, your AI coach.",
    `I'm not a therapist, but I listen well, and we have ${spokenMinutes(remainingMs)} just for you.`,
    `Last time you wanted to ${spokenCommitment(commitment)}: how did it go?`,
  ];
}

export function areYouThere(memo: Memo, seed: number): string[] {
  const forms = [
    "I'm still here, take all the time you need.",
    "No hurry, I'm here whenever you want to go on.",
    "It's fine to be quiet for a while; I'm listening.",
    "Just say a word when you're ready to go on.",
  ];
  return [choose(forms, memo, seed)];
}

/** One to three sentences; undefined when the turn is no such thing and has to be answered as content. Changes `memo`. */
export function answerTo(context: AnswerContext): string[] | undefined {
  const { memo, seed, heard } = context;
  switch (heard.kind) {
    case 'empty':
      return [
        choose(
          [
            "I didn't catch that, so please say it once more.",
            'Sorry, nothing came through just now.',
            "I couldn't hear you; take your time and try again.",
          ],
          memo,
          seed,
        ),
      ];
    case 'crisis':
      return [
        "I'm really glad you told me, and I take it seriously.",
        "I'm only a program, and this needs a person: please call your local emergency number or a crisis line now, or someone you trust.",
        "You don't have to carry this alone.",
      ];
    case 'foreign':
      return [
        choose(
          [
            "I'm sorry, I only speak English well.",
            'I wish I could follow you, but English is the only language I know well.',
          ],
          memo,
          seed,
        ),
        'If you can, tell me in English, as simply as you like.',
      ];
    case 'ask_repeat':
      return repeated(context.conversation);
    case 'ask_time':
      return [`We have ${spokenMinutes(context.remainingMs)} left.`, goOn(memo, seed)];
    case 'ask_human':
      return [
        "I'm an AI coach, not a person and not a therapist.",
        'I listen, I say back what I hear, and I help you find your next step.',
        goOn(memo, seed),
      ];
    case 'ask_private':
      return [
        'How this is stored is up to the service you use, so please look there to be sure.',
        'Share only what feels right to you.',
      ];
    case 'ask_how':
      return howItWorks(heard, memo, seed);
    case 'ask_advice':
      return advice(context);
    case 'ask_opinion':
      return opinion(context);
    case 'finish':
      return finish(memo);
    case 'thanks':
      return [
        choose(["You're welcome.", 'Gladly.', "You're very welcome."], memo, seed),
        memo.committed ? 'You did the work, and you have a plan to take with you.' : goOn(memo, seed),
      ];
    case 'hello':
      return [choose(['Hello, good to hear you.', 'Hi, I can hear you well.'], memo, seed), goOn(memo, seed)];
    case 'complain_again':
    case 'complain_unheard':
    case 'complain_useless':
    case 'complain_machine':
      return answerComplaint(heard.kind, memo, seed);
    case 'dont_know':
    case 'hesitation':
    case 'yes':
    case 'no':
    case 'content':
      return undefined;
  }
}

function goOn(memo: Memo, seed: number): string {
  if (memo.turns <= 1) return "So, tell me what's on your mind.";
  if (memo.focus === '')
    return choose(
      ["Let's go on from where we were.", 'Go on whenever you like.', 'Just go on where you were.'],
      memo,
      seed,
    );
  return choose(
    [`Let's go on with ${memo.focus}.`, `So, back to ${memo.focus}.`, `Go on about ${memo.focus} whenever you like.`],
    memo,
    seed,
  );
}

/** The coach's last question, or its last sentence, said again. */
function repeated(conversation: readonly ConversationEntry[]): string[] {
  const last = conversation.findLast((entry) => entry.sender === 'ai')?.text ?? '';
  const sentences = sentencesOf(last);
  const wanted = sentences.findLast((sentence) => sentence.endsWith('?')) ?? sentences.at(-1);
  return wanted === undefined ? ["Of course: I'd like to hear what's on your mind."] : ['Of course.', wanted];
}

function howItWorks(heard: Heard, memo: Memo, seed: number): string[] {
  if (/question/i.test(heard.text))
    return [
      "Fair point, I'll ask less and listen more.",
      choose(['Say whatever is on your mind, in any order.', 'Just talk, and I stay with you.'], memo, seed),
    ];
  if (/why do you/i.test(heard.text))
    return [
      'I ask so that you can hear yourself think.',
      'If a question does not fit, leave it, and tell me what matters to you instead.',
    ];
  return [
    'You talk, I listen and say back what I hear.',
    'We look at what you want, where you stand and what you could do, and you leave with a step of your own.',
    goOn(memo, seed),
  ];
}

function advice({ heard, memo, seed }: AnswerContext): string[] {
  memo.adviceAsked++;
  const question = adviceQuestion(memo, [heard.text, memo.focus, ...memo.facts, ...memo.obstacles].join(' '));
  if (!question)
    return [
      "I don't have the answer for you, but I trust that you can find it.",
      'Say out loud what comes to mind, and we look at it together.',
    ];
  if (question.isIdea)
    return [
      `${choose(['One idea, and feel free to throw it out', "Here is one thought, and you're free to say no"], memo, seed)}: ${question.text}`,
    ];
  return [
    choose(
      [
        "You know this better than I do, so let's think it through together.",
        "I won't tell you what to do, but I'll gladly think along with you.",
      ],
      memo,
      seed,
    ),
    question.text,
  ];
}

function opinion({ heard, memo, seed }: AnswerContext): string[] {
  const stances = [
    'What I think matters less than what you think.',
    'I have no view that would be worth more than yours.',
    "I'd rather help you find your own view than give you mine.",
  ];
  const question = memo.adviceAsked === 0 ? adviceQuestion(memo, heard.text) : undefined;
  memo.adviceAsked++;
  return [choose(stances, memo, seed), question?.text ?? 'Tell me how you see it.'];
}

function finish(memo: Memo): string[] {
  if (memo.committed)
    return ["All right, let's leave it there for today.", 'You have your next step, and I wish you well with it.'];
  return ['All right, we can stop whenever you like.', 'If there is one thing you want to take with you, say it now.'];
}
