import { describe, expect, it } from 'vitest';
import { disclosesIn, owedDisclosure } from '../../../server/coaching/disclosure.ts';
import { createModelCoach } from '../../../server/coaching/model-coach.ts';
import { coachPrompt } from '../../../server/coaching/prompt.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { emptyNotes, type ReplyRequest } from '../../../server/ports/language-model.ts';
import { createBuiltinCoach } from '../../../server/providers/builtin/coach.ts';
import { json, useModel } from './model-support.ts';

const use = useModel();

const request = (text?: string): ReplyRequest => ({
  occasion: text === undefined ? 'greeting' : 'reply',
  conversation: text === undefined ? [] : [{ sender: 'user', text }],
  notes: emptyNotes,
  time: { elapsedMs: 0, remainingMs: 1_200_000 },
});

const IN_ENGLISH = [
  'Are you human?',
  'Are you a real person?',
  'Wait, are you actually a human being?',
  'Aren’t you just a chatbot?',
  'Are you an A.I.?',
  'Am I talking to a real human right now?',
  'Am I speaking with a machine?',
  'Is there a person there?',
  'Is this a real person I am talking to?',
  'You are not a real person, are you?',
  'Are you a therapist?',
  'Are you a licensed therapist?',
  'Are you a psychologist or what?',
  'Who are you?',
  'What are you?',
  'My boss never asks me what I think about my own project, and by the way, are you human?',
];
const IN_GERMAN = [
  'Bist du ein Mensch?',
  'Bist du eine KI?',
  'Sind Sie Therapeutin?',
  'Rede ich hier mit einem echten Menschen?',
];
const NOT_ASKED = [
  'My boss is not human.',
  'I saw a therapist last year.',
  'Are you still there?',
  'I am a real person too, and nobody sees it.',
  'I am talking to a person at work about it.',
  'Mein Chef ist ein Mensch.',
  'The machine at work is broken.',
];

async function reply(engine: ReturnType<typeof createBuiltinCoach>, text?: string): Promise<string> {
  let said = '';
  for await (const part of engine.reply(request(text), { signal: new AbortController().signal })) {
    if (part.type === 'text') said += part.text;
  }
  return said.trim();
}

describe('who asks what the coach is', () => {
  it.each(IN_ENGLISH)('is heard: %s', (text) => expect(disclosesIn(request(text))).toBe('en'));
  it.each(IN_GERMAN)('is heard: %s', (text) => expect(disclosesIn(request(text))).toBe('de'));
  it.each(NOT_ASKED)('is told apart: %s', (text) => expect(disclosesIn(request(text))).toBeUndefined());
});

describe('the built-in coach', () => {
  it.each([undefined, ...IN_ENGLISH])('says that it is an AI and no therapist: %s', async (text) => {
    const said = await reply(createBuiltinCoach(), text);
    expect(said).toMatch(/\bAI\b/);
    expect(said).toMatch(/not a therapist/);
  });
});

describe('the coach with a model', () => {
  const coach = () =>
    createModelCoach({ model: use.model, clock: systemClock, log: use.log, persona: 'You are Ada, a human.' });
  const answers = (text: string) => {
    use.cloud.chat.next({ text });
    use.answerJson('notes', json({ stage: 'topic', topic: null, goal: null, insights: [], commitments: [] }));
  };

  it.each([undefined, ...IN_ENGLISH, ...IN_GERMAN])('is told to say so, whatever its manner: %s', (text) => {
    const { instructions, now } = coachPrompt(request(text), { persona: 'You are Ada, a human.' });
    expect(instructions).toMatch(
      /You are an AI, and no doctor, therapist.*whenever they ask.*Never claim to be human/s,
    );
    expect(now).toContain('Say in this reply that you are an AI, and not a therapist.');
    expect(coachPrompt(request('My boss.')).now).not.toContain('Say in this reply');
  });

  it.each([
    [undefined, 'Hi, what is on your mind?', 'I am an AI, not a person and not a therapist.'],
    ['Are you human?', 'I am here for you. What is on your mind?', 'I am an AI, not a person and not a therapist.'],
    ['Are you a therapist?', 'I am an AI. What is on your mind?', 'I am an AI, not a person and not a therapist.'],
    ['Bist du ein Mensch?', 'Ich bin Ada.', 'Ich bin eine KI, kein Mensch und kein Therapeut.'],
  ])('says it after all where the model does not: %s', async (text, model, after) => {
    answers(model);
    expect(await reply(coach(), text)).toBe(`${model} ${after}`);
  });

  it.each([
    ['Are you human?', 'No, I am an AI coach, and not a therapist. What is on your mind?'],
    ['My boss never asks me.', 'That sounds lonely.'],
  ])('adds nothing where it was said, or not asked: %s', async (text, model) => {
    answers(model);
    expect(await reply(coach(), text)).toBe(model);
    expect(owedDisclosure(request(text), model)).toBeUndefined();
  });
});
