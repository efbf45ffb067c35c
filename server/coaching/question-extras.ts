/** Questions outside the stages' own: about a promise, to a telling word, to somebody who asks for advice, and spares. */
import type { Stage } from '../../protocol/messages.ts';
import type { Question } from './question-bank.ts';

/** Asked about a promise. */
export const PROMISE_QUESTIONS: Readonly<
  Record<'firm' | 'when' | 'confidence' | 'raise' | 'why_high', readonly Question[]>
> = {
  firm: [
    { id: 'p-firm', slot: 'act', text: 'What would turn that into something definite?' },
    { id: 'p-firm-2', slot: 'act', text: 'What exactly will you do, if you make it a promise to yourself?' },
    { id: 'p-firm-3', slot: 'act', text: 'What part of that can you say yes to today?' },
  ],
  when: [
    { id: 'p-when', slot: 'when', text: 'When will you do it?' },
    { id: 'p-when-2', slot: 'when', text: 'Which day could that be?' },
    { id: 'p-when-3', slot: 'when', text: 'By when would you like to have that done?' },
    { id: 'p-when-4', slot: 'when', text: 'When would be a good moment for that?' },
  ],
  confidence: [
    { id: 'p-conf', slot: 'confidence', text: 'From one to ten, how sure are you that you will?' },
    { id: 'p-conf-2', slot: 'confidence', text: 'How confident are you about that, from one to ten?' },
    { id: 'p-conf-3', slot: 'confidence', text: 'And where is that one for you, from one to ten?' },
    { id: 'p-conf-4', slot: 'confidence', text: 'If ten is certain, what number would you give it?' },
  ],
  raise: [
    { id: 'p-raise', slot: 'raise', text: 'What would make it one or two points higher?' },
    { id: 'p-raise-2', slot: 'raise', text: 'What would have to change for you to feel surer?' },
  ],
  why_high: [
    { id: 'p-high', slot: 'ahead', text: 'What makes you that sure?' },
    { id: 'p-mid', slot: 'ahead', text: 'What is already carrying you that far?' },
  ],
};

/** To a number on a scale that the coach has asked for. */
export const ONE_HIGHER: Question = {
  id: 'h-higher',
  slot: 'hook-sign',
  text: 'What would one point higher look like?',
};

/** Answers to a word that gives something away; tried before the stage's own questions, each once. */
export const HOOKS: readonly (Question & { readonly on: RegExp; readonly stages: readonly Stage[] })[] = [
  {
    id: 'h-not-about',
    slot: 'hook-detail',
    on: /\b(?:it's|it is|this is|that's) not (?:really |actually |just )?about\b/i,
    stages: ['topic', 'goal', 'reality'],
    text: 'What is it about, then?',
  },
  {
    id: 'h-never',
    slot: 'situation',
    on: /\b(?:never|nobody|no one|always|everybody|everyone)\b/i,
    stages: ['reality'],
    text: 'When was it different, even just once?',
  },
  {
    id: 'h-afraid',
    slot: 'feeling',
    on: /\b(?:afraid|scared|terrified|worried|anxious)\b(?! (?:that|of|to|about|i|he|she|they|it))/i,
    stages: ['topic', 'reality'],
    text: 'What are you most afraid might happen?',
  },
  {
    id: 'h-should',
    slot: 'own',
    on: /\b(?:I (?:should|must|have to|ought to|am supposed to)|I'm supposed to)\b/i,
    stages: ['topic', 'reality'],
    text: 'And leaving the shoulds aside, what do you want?',
  },
  {
    id: 'h-cant',
    slot: 'obstacle',
    on: /(?:^|[.!?,] |\b(?:and|but|because|so) )I (?:can't|cannot|couldn't)\b/i,
    stages: ['reality', 'options'],
    text: 'What would have to be true for it to become possible?',
  },
  {
    id: 'h-torn',
    slot: 'weigh',
    on: /\b(?:torn|on the one hand|part of me|between)\b/i,
    stages: ['topic', 'reality', 'options'],
    text: 'What does each side of you want?',
  },
  {
    id: 'h-better',
    slot: 'strength',
    on: /\b(?:better|improv\w+|progress|worked|helped)\b/i,
    stages: ['reality'],
    text: 'What did you do to make that happen?',
  },
  {
    id: 'h-late',
    slot: 'obstacle',
    on: /\b(?:no time|enough time|too busy|deadlines?|overwhelm\w+)\b/i,
    stages: ['reality'],
    text: 'What takes the most of your time that matters the least?',
  },
  {
    id: 'h-perfect',
    slot: 'own',
    on: /\b(?:perfect\w*|good enough|not good|failure|fail)\b/i,
    stages: ['reality'],
    text: 'What would good enough look like?',
  },
];

/** For any stage but the first, once a stage has run out. */
export const SPARES: readonly Question[] = [
  { id: 's-missing', slot: 'spare', text: "What haven't we talked about yet that belongs here?" },
  { id: 's-future', slot: 'spare', text: 'If you look back on this in a year, what will you be glad you did?' },
  { id: 's-value', slot: 'spare', text: 'Which of your values is at stake here?' },
  { id: 's-body', slot: 'spare', text: 'When you say that out loud, what do you notice?' },
  { id: 's-need', slot: 'spare', text: 'What do you need the most right now?' },
  { id: 's-strong', slot: 'spare', text: 'When have you been at your best with this?' },
  { id: 's-no', slot: 'spare', text: 'What would you have to say no to?' },
  { id: 's-kind', slot: 'spare', text: 'What would it look like to be kinder to yourself here?' },
  { id: 's-first', slot: 'spare', text: 'What has changed in how you see {about}?' },
  { id: 's-half', slot: 'spare', text: 'What would half of it look like?' },
];

/** Asked for advice: the person's own wisdom first. */
export const TOGETHER: readonly Question[] = [
  { id: 'a-knew', slot: 'option', text: 'If you already knew the answer, what would it be?' },
  { id: 'a-gut', slot: 'option', text: 'What does your gut say, before your head joins in?' },
  { id: 'a-wise', slot: 'option', text: 'What would an older, wiser you suggest?' },
  { id: 'a-lean', slot: 'option', text: 'Which way are you leaning already?' },
];

/** Asked again: one idea, as a question that may be thrown away. The last ones fit anybody. */
export const IDEAS: readonly (Question & { readonly on: RegExp })[] = [
  {
    id: 'i-talk',
    slot: 'option',
    on: /\b(?:boss|manager|team|wife|husband|partner|colleagues?|friends?|mother|father|sister|brother|supervisor)\b/i,
    text: 'what if you asked for ten quiet minutes together and said just one thing that matters to you?',
  },
  {
    id: 'i-time',
    slot: 'option',
    on: /\b(?:time|busy|deadlines?|overwhelm\w*|stress\w*|late|workload)\b/i,
    text: 'what if you blocked half an hour tomorrow for it, and let one other thing go?',
  },
  {
    id: 'i-fear',
    slot: 'option',
    on: /\b(?:afraid|scared|fear|nervous|anxious|worried)\b/i,
    text: 'what if you tried a version of it so small that it hardly scares you?',
  },
  {
    id: 'i-decide',
    slot: 'option',
    on: /\b(?:decide|decision|choose|choice|torn|whether|quit|leave)\b/i,
    text: 'what if you wrote down what you would gain and lose each way, and slept on it?',
  },
  {
    id: 'i-start',
    slot: 'option',
    on: /\b(?:start|procrastinat\w*|finish|thesis|writ\w+|motivat\w*|stuck)\b/i,
    text: 'what if you gave it just ten minutes a day, at the same hour?',
  },
  {
    id: 'i-ask',
    slot: 'option',
    on: /./,
    text: 'what if you asked somebody who has been through this how they did it?',
  },
  {
    id: 'i-week',
    slot: 'option',
    on: /./,
    text: 'what if you treated it as an experiment for one week, and then looked again?',
  },
  { id: 'i-half', slot: 'option', on: /./, text: 'what if you did only the first tenth of it, and stopped there?' },
];
