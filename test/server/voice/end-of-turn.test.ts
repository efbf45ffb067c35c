import { describe, expect, it } from 'vitest';
import {
  FINISHED_WAIT_MS,
  HALF_FINISHED_WAIT_MS,
  PATIENCE_MS,
  PLAIN_WAIT_MS,
  ruleEndOfTurn,
  UNFINISHED_WAIT_MS,
  WHOLE_WORDS_WAIT_MS,
  WORDLESS_WAIT_MS,
} from '../../../server/voice/end-of-turn.ts';

describe('the end of a turn', () => {
  it.each([
    ['I want to talk about my new job', FINISHED_WAIT_MS],
    ['Yes', WHOLE_WORDS_WAIT_MS],
    ['Okay, thank you', WHOLE_WORDS_WAIT_MS],
    ['My boss', PLAIN_WAIT_MS],
    ['I want to talk about', UNFINISHED_WAIT_MS],
    ['I told her that I can do it but', UNFINISHED_WAIT_MS],
    ['And then um', UNFINISHED_WAIT_MS],
    ['', WORDLESS_WAIT_MS],
    ['Honestly', UNFINISHED_WAIT_MS],
    ['Well I think', UNFINISHED_WAIT_MS],
    ['I think so', WHOLE_WORDS_WAIT_MS],
    ['There are two things', UNFINISHED_WAIT_MS],
    ['One is the money', UNFINISHED_WAIT_MS],
    ['One is the money and the other is my time', FINISHED_WAIT_MS],
    ['When I come into the room', HALF_FINISHED_WAIT_MS],
    ['When I come into the room everybody stops talking', FINISHED_WAIT_MS],
    ['I could ask', HALF_FINISHED_WAIT_MS],
    ['I do not know', HALF_FINISHED_WAIT_MS],
    ["I don't know what to say to him", FINISHED_WAIT_MS],
  ])('waits after %j for %d ms', (text, expectedMs) => {
    expect(ruleEndOfTurn({ text, question: undefined })).toBe(expectedMs);
  });

  it('does not wait long for the number that was asked for', () => {
    const question = 'How sure are you, from one to ten?';
    expect(ruleEndOfTurn({ text: 'Eight', question })).toBe(FINISHED_WAIT_MS);
    expect(ruleEndOfTurn({ text: 'Maybe a', question })).toBe(UNFINISHED_WAIT_MS);
    expect(ruleEndOfTurn({ text: 'Eight', question: 'What happened?' })).toBe(PLAIN_WAIT_MS);
  });

  it('is patient after a question that takes thinking, but not with a plain yes', () => {
    const question = 'What really matters to you here?';
    expect(ruleEndOfTurn({ text: 'That I can sleep at night', question })).toBe(FINISHED_WAIT_MS + PATIENCE_MS);
    expect(ruleEndOfTurn({ text: 'Yes', question })).toBe(WHOLE_WORDS_WAIT_MS);
    expect(ruleEndOfTurn({ text: 'That I can sleep at night', question: 'Which day?' })).toBe(FINISHED_WAIT_MS);
  });
});
