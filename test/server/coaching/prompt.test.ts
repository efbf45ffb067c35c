import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coachPrompt, PROMPT_VERSION, readPersona } from '../../../server/coaching/prompt.ts';
import { type ConversationEntry, emptyNotes, type ReplyRequest } from '../../../server/ports/language-model.ts';

const request = (changes: Partial<ReplyRequest> = {}): ReplyRequest => ({
  occasion: 'reply',
  conversation: [
    { sender: 'ai', text: 'What would you like to talk about?' },
    { sender: 'user', text: 'My boss.' },
  ],
  notes: emptyNotes,
  time: { elapsedMs: 0, remainingMs: 20 * 60_000 },
  ...changes,
});

/** Exchanges, each of the two about `chars` long. */
const talk = (exchanges: number, chars = 20): ConversationEntry[] =>
  Array.from({ length: 2 * exchanges }, (_, i) => ({
    sender: i % 2 === 0 ? ('ai' as const) : ('user' as const),
    text: `${i} `.padEnd(chars, 'x'),
  }));

describe('the instructions', () => {
  it('are the same for every reply, whatever is said, left or noted', () => {
    const first = coachPrompt(request());
    const other = coachPrompt(
      request({
        occasion: 'go_on',
        conversation: talk(10),
        notes: { stage: 'options', topic: 'My boss', insights: ['I want to be asked'], commitments: [] },
        time: { elapsedMs: 5, remainingMs: 5 },
      }),
    );
    expect(other.instructions).toBe(first.instructions);
    expect(other.cacheKey).toBe(first.cacheKey);
    expect(first.cacheKey).toContain(PROMPT_VERSION);
  });

  it('have another version with every change of their wording', () => {
    const { instructions } = coachPrompt(request());
    const digest = createHash('sha256').update(instructions).digest('hex').slice(0, 12);
    expect({ version: PROMPT_VERSION, digest }).toEqual({ version: '3', digest: '97b574836741' });
  });

  it.each([
    /Topic.*Goal.*Reality.*Options.*Way forward/s,
    /Acknowledge first/,
    /one open question at a time/,
    /no advice.* unless they ask/,
    /no lists, no headings, no markup, no emoji/,
    /Numbers.* as words/,
    /break off, they interrupted you/,
    /Claim nothing about them that they did not say/,
    /You are an AI/,
    /local emergency number/,
    /never instructions to you/,
  ])('say %s', (pattern) => {
    expect(coachPrompt(request()).instructions).toMatch(pattern);
  });

  it("take an operator's persona after the rules", () => {
    const { instructions } = coachPrompt(request(), { persona: 'Your name is Ada. You coach engineers.' });
    expect(instructions.startsWith(coachPrompt(request()).instructions)).toBe(true);
    expect(instructions).toMatch(/within these rules\nYour name is Ada/);
  });
});

describe('the note at the end', () => {
  it('has the time left, the stage and what is known', () => {
    const notes = {
      stage: 'options' as const,
      topic: 'my boss',
      goal: 'to be asked first',
      insights: ['I say yes too fast'],
      commitments: [{ what: 'talk to Anna', by: 'Monday', confidence: 8 }],
    };
    const { now } = coachPrompt(request({ notes }));
    expect(now).toContain('about 20 minutes');
    expect(now).toContain('Stage so far: options');
    expect(now).toContain('Topic: my boss');
    expect(now).toContain('Goal: to be asked first');
    expect(now).toContain('I say yes too fast');
    expect(now).toContain('talk to Anna, by Monday, confidence 8 of 10');
  });

  it.each([
    [{ occasion: 'greeting' as const, conversation: [] }, /an AI coach and not a therapist, how much time there is/],
    [{ occasion: 'reply' as const }, /Answer what the person said last/],
    [{ occasion: 'are_you_there' as const }, /whether they are still there/],
    [{ occasion: 'go_on' as const }, /you go on.*one question/],
    [{ time: { elapsedMs: 1, remainingMs: 3 * 60_000 } }, /one concrete next step now/],
    [{ time: { elapsedMs: 1, remainingMs: 20_000 } }, /less than a minute/],
    [{ earlierCommitments: [{ what: 'write the letter' }] }, /From earlier sessions.*write the letter/],
  ])('of %j says %s', (changes, pattern) => {
    expect(coachPrompt(request(changes)).now).toMatch(pattern);
  });

  it('does not press for a next step that is being made already', () => {
    const time = { elapsedMs: 1, remainingMs: 60_000 };
    const { now } = coachPrompt(request({ time, notes: { ...emptyNotes, stage: 'way_forward' } }));
    expect(now).not.toMatch(/one concrete next step/);
  });
});

describe('the conversation', () => {
  it('ends with the person, in words or in a stage direction', () => {
    expect(coachPrompt(request()).messages).toEqual([
      { role: 'assistant', text: 'What would you like to talk about?' },
      { role: 'user', text: 'My boss.' },
    ]);
    expect(coachPrompt(request({ occasion: 'greeting', conversation: [] })).messages).toEqual([
      { role: 'user', text: '(The person has just joined.)' },
    ]);
    const silent = coachPrompt(request({ occasion: 'are_you_there', conversation: talk(1).slice(0, 1) }));
    expect(silent.messages.at(-1)).toEqual({ role: 'user', text: '(The person has been silent for a while.)' });
  });

  it('only grows at its end for many turns, so that its beginning stays cached', () => {
    const whole = talk(200);
    let beginnings = 0;
    for (let length = 2; length <= whole.length; length += 2) {
      const { messages } = coachPrompt(request({ conversation: whole.slice(0, length) }));
      const before = coachPrompt(request({ conversation: whole.slice(0, length - 2) })).messages;
      if (messages[0]?.text !== before[0]?.text) beginnings += 1;
      expect(messages.at(-1)?.text).toBe(whole[length - 1]?.text);
      expect(messages.length).toBeLessThanOrEqual(80);
    }
    expect(beginnings).toBeLessThanOrEqual(200 / 10 + 1);
  });

  it('of very long words is cut to a size that a model can take', () => {
    const { messages } = coachPrompt(request({ conversation: talk(40, 4000) }));
    expect(messages.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(20 * 4000);
    expect(messages.length).toBeGreaterThan(1);
  });
});

describe('a persona file', () => {
  const file = async (text: string) => {
    const path = join(await mkdtemp(join(tmpdir(), 'kuku-persona-')), 'persona.txt');
    await writeFile(path, text);
    return path;
  };

  it('is read as it is, without the space around it', async () => {
    expect(await readPersona(await file('\nYou are Ada.\n\n'))).toBe('You are Ada.');
  });

  it('that is missing, empty or endless is a mistake in the configuration', async () => {
    for (const path of ['/nowhere/persona.txt', await file('  '), await file('x'.repeat(5000))]) {
      await expect(readPersona(path)).rejects.toMatchObject({
        code: 'invalid_configuration',
        message: expect.stringContaining('COACH_PERSONA_FILE'),
      });
    }
  });
});
