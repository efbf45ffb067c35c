import { describe, expect, it } from 'vitest';
import { promisesIn } from '../../../server/coaching/commitments.ts';
import { cleanSpeech } from '../../../server/coaching/speech-text.ts';

const hear = (text: string, asked = false) => promisesIn(cleanSpeech(text), { asked });

const FIRM: readonly (readonly [said: string, what: string, by: string | undefined])[] = [
  ["I'll talk to her on Monday", 'talk to her', 'Monday'],
  ["I'm going to write the plan by Friday", 'write the plan', 'by Friday'],
  ["i'm gonna call tom tomorrow morning", 'call tom', 'tomorrow morning'],
  ['I will send the email tonight', 'send the email', 'tonight'],
  ['I plan to finish the chapter by the end of the week', 'finish the chapter', 'by the end of the week'],
  ['I promise to go running every morning', 'go running', 'every morning'],
  ["I've decided to tell my boss next week", 'tell my boss', 'next week'],
  ["I'm calling the bank tomorrow", 'call the bank', 'tomorrow'],
  ["I'm meeting Sarah on Thursday afternoon", 'meet Sarah', 'Thursday afternoon'],
  ["I'm writing the letter this weekend", 'write the letter', 'this weekend'],
  ["I'll definitely book the room", 'book the room', undefined],
  ["I'll ask Tom for help after lunch", 'ask Tom for help', 'after lunch'],
  ["I'll call her when I get home", 'call her', 'when I get home'],
  ["I'll do it in two weeks", 'do it', 'in two weeks'],
  ["I'll send the report at nine", 'send the report', 'at nine'],
  ["I'll hand it in on the fifth of May", 'hand it in', 'the fifth of May'],
  ["I'll block an hour every day", 'block an hour', 'every day'],
  ["So I'll start with the list, right after this", 'start with the list', 'right after this'],
  ["Yeah okay I'll text my sister now and then see", 'text my sister now', undefined],
  ["I'm going to the gym on Tuesday", 'go to the gym', 'Tuesday'],
  ["we'll sit down together on Sunday", 'sit down together', 'Sunday'],
  ['My plan is to write three pages a day', 'write three pages a day', undefined],
  ["I'll tell him tomorrow because it can't wait", 'tell him', 'tomorrow'],
  ["by Friday I'll have a look at the contract", 'have a look at the contract', 'by Friday'],
  ["I'll apply for the job before Christmas", 'apply for the job', 'before Christmas'],
  ["I'll meet the team first thing tomorrow", 'meet the team', 'first thing tomorrow'],
  ['I intend to clear my desk this afternoon', 'clear my desk', 'this afternoon'],
  ["I'll call her. Tomorrow morning.", 'call her', 'tomorrow morning'],
  ["On Monday. I'll call her", 'call her', 'Monday'],
  ["Well on Monday. I'll call her", 'call her', undefined],
  ["I'll do tomorrow", 'do it', 'tomorrow'],
  ["I'll go on Monday", 'go', 'Monday'],
  ["I'm running on Monday", 'run', 'Monday'],
  ["I'll practise twice a week", 'practise', 'twice a week'],
];

const SOFT: readonly string[] = [
  "I'll think about it",
  "I'll try to call her",
  "Maybe I'll write to him",
  "I'll probably talk to her",
  "I might call him. I guess I'll ask",
  "I'll see if I can find the time",
  "I'll consider moving out",
  "I'll look into it",
  "I'll do my best to be on time",
  "I'll call her at some point",
  "I'll talk to her if she calls",
  "I'll write to her someday",
];

const NONE: readonly string[] = [
  "I'll get tomorrow",
  "I'll be",
  "I'll get",
  "I'll never talk to him again",
  "I won't call her",
  'I will not go there on Monday',
  "I'm not going to apologise tomorrow",
  "He'll call me on Monday",
  'She will send the contract tomorrow',
  'My boss is going to tell them on Friday',
  "They'll move out next week",
  "If I quit I'll lose everything",
  "I'm afraid I'll fail the exam on Monday",
  "I'm scared that I'll lose my job",
  "I don't think I'll go tomorrow",
  "I doubt I'll finish by Friday",
  "I hope I'll see her tomorrow",
  'I would talk to her on Monday',
  "I'd call him tomorrow if I had the number",
  'I was going to call her yesterday',
  'She said I will regret it',
  "I'll be fine",
  "I'll be honest with you",
  "I'll get fired on Monday",
  "I'll have to see",
  "I'll feel better tomorrow",
  "I'll end up alone",
  "I'll miss the deadline on Friday",
  "I'll know by Friday",
  "I'm going to be late tomorrow",
  'I talked to her on Monday',
  'I should talk to her on Monday',
  'I want to talk to her on Monday',
  'I need to write the plan by Friday',
  'I could call him tomorrow',
  "What if I'll never find out?",
  'Will I talk to her on Monday?',
  "I don't know if I'll call her tomorrow",
  "I'm going to bed",
  "I'm working on the plan every day",
  'You will call me tomorrow',
  "It'll be over on Monday",
  'the ill man talked to her on Monday',
];

const ASKED: readonly (readonly [said: string, what: string, by: string | undefined])[] = [
  ['talk to her on Monday', 'talk to her', 'Monday'],
  ['call the charity tomorrow', 'call the charity', 'tomorrow'],
  ['I can write the list tonight', 'write the list', 'tonight'],
  ['well, send him an invitation', 'send him an invitation', undefined],
  ['to ask my sister for help by the weekend', 'ask my sister for help', 'by the weekend'],
];

describe('commitments', () => {
  it.each(FIRM)('are heard in "%s": %s, %s', (said, what, by) => {
    expect(hear(said)).toEqual([{ soft: false, commitment: by === undefined ? { what } : { what, by } }]);
  });

  it.each(SOFT)('are soft in "%s"', (said) => {
    const found = hear(said);
    expect(found).not.toEqual([]);
    expect(found.every((promise) => promise.soft)).toBe(true);
  });

  it.each(NONE)('are not heard in "%s"', (said) => {
    expect(hear(said)).toEqual([]);
  });

  it.each(ASKED)('are heard in "%s" once the coach has asked for a step', (said, what, by) => {
    expect(hear(said, true)).toEqual([{ soft: false, commitment: by === undefined ? { what } : { what, by } }]);
    expect(hear(said, false)).toEqual([]);
  });

  it('are soft when an answer only says what could be done', () => {
    expect(hear('I could turn off my phone', true)).toEqual([
      { soft: true, commitment: { what: 'turn off my phone' } },
    ]);
  });

  it('are both heard when there are two in a sentence', () => {
    expect(hear("I'll write the list tonight and I'll ask him for a meeting on Wednesday")).toEqual([
      { soft: false, commitment: { what: 'write the list', by: 'tonight' } },
      { soft: false, commitment: { what: 'ask him for a meeting', by: 'Wednesday' } },
    ]);
  });
});
