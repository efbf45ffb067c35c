import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CoachNotes,
  type ConversationEntry,
  emptyNotes,
  type ReplyPart,
  type ReplyRequest,
} from '../../../../server/ports/language-model.ts';
import { createBuiltinCoach } from '../../../../server/providers/builtin/coach.ts';
import { PERSONAS } from '../../coaching/personas.ts';
import { answer, sentences } from '../../coaching/transcript.ts';

const time = { elapsedMs: 60_000, remainingMs: 1_700_000 };

function request(text: string, notes: CoachNotes = emptyNotes): ReplyRequest {
  return {
    occasion: 'reply',
    conversation: [
      { sender: 'ai', text: 'What would you like to talk about today?' },
      { sender: 'user', text },
    ],
    notes,
    time,
  };
}

async function collect(reply: AsyncIterable<ReplyPart>): Promise<ReplyPart[]> {
  const parts: ReplyPart[] = [];
  for await (const part of reply) parts.push(part);
  return parts;
}

/** Text as people type it, as recognisers write it, and as neither does. */
const anyText = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ...Object.values(PERSONAS)
          .flat()
          .flatMap((line) => line.split(' ')),
        '?',
        '.',
        'what',
        "I'll",
        'on Monday',
        'eight',
      ),
      { maxLength: 120 },
    )
    .map((words) => words.join(' ')),
  fc.constantFrom(
    '',
    ' ',
    '?',
    "'",
    '...',
    '\u0000',
    '😀',
    'a'.repeat(4000),
    'I '.repeat(2000),
    '? '.repeat(500),
    "I'll ".repeat(500),
    'constructor',
    '__proto__',
    'toString hasOwnProperty',
  ),
);

describe('the built-in coach', () => {
  it('yields the notes first, then the text a sentence at a time', async () => {
    const parts = await collect(
      createBuiltinCoach().reply(request('my boss never listens to me'), { signal: new AbortController().signal }),
    );
    expect(parts.map((part) => part.type)).toEqual(['notes', 'text', 'text']);
    const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
    expect(texts[0]).toMatch(/your boss never listens to you.*[.] $/i);
    expect(texts[1]).toMatch(/\?$/);
  });

  it('answers all that was said since it last spoke', async () => {
    const conversation: ConversationEntry[] = [
      { sender: 'ai', text: 'What would you like to talk about today?' },
      { sender: 'user', text: 'I have a problem.' },
      { sender: 'user', text: 'My landlord wants to sell the flat.' },
    ];
    const { text } = await answer({ occasion: 'reply', conversation, notes: emptyNotes, time });
    expect(text).toMatch(/your landlord wants to sell the flat/i);
  });

  it('starts with fresh memory where another engine kept the notes', async () => {
    const notes: CoachNotes = {
      stage: 'reality',
      topic: 'my boss',
      insights: [],
      commitments: [],
      memo: { other: [1, 2] },
    };
    const { notes: after, text } = await answer(request('he never listens to me', notes));
    expect(after).toMatchObject({ stage: 'reality', topic: 'my boss' });
    expect(text).toMatch(/he never listens to you/i);
  });

  it('asks kindly after a silence, without a question that was asked before', async () => {
    const { text } = await answer({ occasion: 'are_you_there', conversation: [], notes: emptyNotes, time });
    expect(text).toMatch(/here|quiet|ready/);
  });

  it('says in its greeting that it speaks English only where another language is set', async () => {
    const parts = await collect(
      createBuiltinCoach({ language: 'de' }).reply(
        { occasion: 'greeting', conversation: [], notes: emptyNotes, time },
        { signal: new AbortController().signal },
      ),
    );
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    expect(text).toMatch(/English only/);
    expect(sentences(text)).toHaveLength(4);
  });

  it('throws the reason of an abort, before and between sentences', async () => {
    const reason = new Error('barge-in');
    const coach = createBuiltinCoach();
    await expect(collect(coach.reply(request('hello'), { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    const controller = new AbortController();
    const parts = coach.reply(request('my boss never listens to me'), { signal: controller.signal });
    const reply = parts[Symbol.asyncIterator]();
    await reply.next();
    await reply.next();
    controller.abort(reason);
    await expect(reply.next()).rejects.toBe(reason);
  });

  it('leaves the notes it was given as they were', async () => {
    const first = await answer(request('my boss never listens to me'));
    const before = JSON.stringify(first.notes);
    await answer(request("I'll talk to him on Monday", first.notes));
    expect(JSON.stringify(first.notes)).toBe(before);
  });

  it('never throws, is never silent, never says more than four sentences or asks more than once, whatever is said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyText, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1_800_000 }),
        async (turns, remainingMs) => {
          let notes: CoachNotes = emptyNotes;
          const conversation: ConversationEntry[] = [];
          for (const text of turns) {
            conversation.push({ sender: 'user', text });
            const reply = await answer({
              occasion: 'reply',
              conversation,
              notes,
              time: { elapsedMs: 1_800_000 - remainingMs, remainingMs },
            });
            expect(reply.text.trim()).not.toBe('');
            expect(sentences(reply.text).length).toBeLessThanOrEqual(4);
            expect(reply.text.split('?').length - 1).toBeLessThanOrEqual(1);
            expect(reply.text).not.toMatch(/[<>*#{}\n]|undefined|\[object/);
            expect(JSON.parse(JSON.stringify(reply.notes))).toEqual(reply.notes);
            expect(JSON.stringify(reply.notes).length).toBeLessThan(16 * 1024);
            notes = reply.notes;
            conversation.push({ sender: 'ai', text: reply.text });
          }
        },
      ),
      { numRuns: 250 },
    );
  });
});
