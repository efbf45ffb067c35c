import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '../../../protocol/messages.ts';
import { isContentWord } from '../../../server/coaching/mirrors.ts';
import { hasCommittedWayForward, makeRecap } from '../../../server/coaching/recap.ts';
import { PERSONAS } from './personas.ts';
import { play, type Played, questionsOf, sentences } from './transcript.ts';

/** Compared by their first five letters: "frustrated" is reflected by "frustrating". */
const stems = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}']+/u)
    .filter(isContentWord)
    .map((word) => word.slice(0, 5));

const reflects = (said: string, reply: string) => {
  const inReply = new Set(stems(reply));
  return stems(said).some((stem) => inReply.has(stem));
};

describe.each(Object.keys(PERSONAS))('a conversation with somebody %s', (name) => {
  let played: Played;
  beforeAll(async () => {
    played = await play(PERSONAS[name] ?? []);
  });

  it('goes through all the stages', () => {
    const seen = new Set(played.exchanges.map(({ stage }) => stage));
    expect(STAGES.filter((stage) => !seen.has(stage))).toEqual([]);
    expect(played.notes.stage).toBe('way_forward');
  });

  it('asks no question twice', () => {
    const asked = questionsOf(played);
    expect(asked.length).toBeGreaterThan(5);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('asks at most one question in a reply, of at most four sentences', () => {
    for (const { reply } of played.exchanges) {
      expect(reply.split('?').length - 1).toBeLessThanOrEqual(1);
      expect(sentences(reply).length).toBeLessThanOrEqual(4);
    }
  });

  it('reflects a word of the last turn in at least four of five replies', () => {
    // A bare number is answered as one, and a question to the coach is answered rather than reflected.
    const telling = played.exchanges.filter(
      ({ said }) =>
        stems(said).length > 0 &&
        !/^(?:what|how much|give me|thanks|maybe$|no idea|not sure|hm$)/.test(said) &&
        !said.endsWith('out of ten'),
    );
    const missed = telling.filter(({ said, reply }) => !reflects(said, reply));
    expect(telling.length).toBeGreaterThan(6);
    expect(missed.slice(0, missed.length > telling.length / 5 ? missed.length : 0)).toEqual([]);
  });

  it('does not ask all the time', () => {
    const withoutQuestion = played.exchanges.filter(({ reply }) => !reply.includes('?'));
    expect(withoutQuestion.length).toBeGreaterThanOrEqual(1);
  });

  it('ends with a commitment that has a when and a confidence', () => {
    expect(played.notes.commitments.some(({ by, confidence }) => by !== undefined && confidence !== undefined)).toBe(
      true,
    );
    expect(hasCommittedWayForward(played.notes)).toBe(true);
  });

  it('ends in a recap of two to six sentences that speaks to the person', () => {
    const recap = makeRecap(played.notes);
    expect(recap.topic).not.toBe('');
    expect(recap.commitments.length).toBe(played.notes.commitments.length);
    expect(sentences(recap.summary).length).toBeGreaterThanOrEqual(2);
    expect(sentences(recap.summary).length).toBeLessThanOrEqual(6);
    expect(recap.summary).not.toMatch(/\b(?:I|my|me|myself|I'm)\b/);
  });
});

describe('a conversation', () => {
  it('is the same when it is played again', async () => {
    const lines = PERSONAS['talkative'] ?? [];
    expect(await play(lines)).toEqual(await play(lines));
  });

  it('greets as an AI that is no therapist, with the time there is and one question', async () => {
    const { greeting } = await play([]);
    expect(greeting).toMatch(/AI coach/);
    expect(greeting).toMatch(/not a therapist/);
    expect(greeting).toMatch(/about thirty minutes/);
    expect(greeting.split('?').length - 1).toBe(1);
    expect((await play([], { budgetMs: 12 * 60_000 })).greeting).toMatch(/about ten minutes/);
  });

  it('turns to the way forward when little time is left, and says so', async () => {
    const { exchanges } = await play(['my boss never listens to me', 'it costs me my sleep', 'we fight every day'], {
      budgetMs: 240_000,
      exchangeMs: 65_000,
    });
    expect(exchanges.map(({ stage }) => stage)).toEqual(['topic', 'way_forward', 'way_forward']);
    expect(exchanges[1]?.reply).toMatch(/time/);
  });

  it('skips ahead when the first answer is a goal with a date', async () => {
    const { notes } = await play(['I want to find a new job by summer']);
    expect(notes).toMatchObject({ stage: 'reality', goal: 'to find a new job by summer' });
  });

  it('goes back to the topic when the real issue is another, and forgets the goal', async () => {
    const { notes, exchanges } = await play([
      'I want to find a new job by summer',
      "I've sent two applications",
      'actually the real issue is my marriage',
    ]);
    expect(notes).toMatchObject({ stage: 'topic', topic: 'my marriage' });
    expect(notes.goal).toBeUndefined();
    expect(exchanges[2]?.reply).toMatch(/your marriage/);
  });

  it('reads a promise back, asks how sure, then what would make it surer', async () => {
    const { exchanges, notes } = await play([
      'my sister and I fight about the house',
      "I'll talk to her on Monday",
      'a four',
      'if I knew what to say',
      'maybe a six then',
    ]);
    expect(exchanges[1]?.reply).toMatch(/you'll talk to her on Monday\. .*\?$/);
    expect(exchanges[2]?.reply).toMatch(/A four.*(?:higher|surer)\?$/);
    expect(notes.commitments).toEqual([{ what: 'talk to her', by: 'Monday', confidence: 6 }]);
  });

  it('asks when, if a promise has no day, and keeps the day', async () => {
    const { exchanges, notes } = await play([
      'my sister and I fight about the house',
      "I'll talk to her",
      'on Sunday evening',
      'nine',
    ]);
    expect(exchanges[1]?.reply).toMatch(/you'll talk to her\. .*(?:when|which day).*\?$/i);
    expect(notes.commitments).toEqual([{ what: 'talk to her', by: 'Sunday evening', confidence: 9 }]);
  });

  it('notes what the person came to see, in their words', async () => {
    const { notes } = await play(['I want to talk about my thesis', "I realise that I've been avoiding my supervisor"]);
    expect(notes.insights).toEqual(["I've been avoiding my supervisor"]);
    expect(makeRecap(notes).insights).toEqual(["you've been avoiding your supervisor"]);
  });

  it('asks nothing twice in 60 exchanges, nor when the person has nothing to say', async () => {
    const patient = await play(
      Array.from({ length: 60 }, (_, i) => `my project number ${i + 2} makes me nervous`),
      { budgetMs: 7_200_000 },
    );
    const silent = await play(
      Array.from({ length: 60 }, (_, i) => ["I don't know", 'hm', 'no', 'yes'][i % 4] ?? ''),
      { budgetMs: 7_200_000 },
    );
    for (const played of [patient, silent]) {
      const asked = questionsOf(played);
      expect(asked.length).toBeGreaterThan(20);
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  it.each([
    ['are you human?', /AI/],
    ['how much time do we have left?', /about \w+(?:-\w+)? minutes left/],
    ['can you repeat that?', /What would you like to talk about today\?/],
    ['what should I do?', /together|along with you/],
    ['thank you so much', /welcome|Gladly/],
    ['hola estoy muy triste por mi trabajo y no sé qué hacer', /English/],
    ['我很难过', /English/],
    ['', /catch|through|hear you/],
    ['I want to kill myself', /crisis line/],
    ['hello', /hear you/],
    ["let's stop here", /stop|leave it/],
  ])('answers "%s"', async (said, expected) => {
    const { exchanges } = await play([said]);
    expect(exchanges[0]?.reply).toMatch(expected);
  });

  it('gives an idea only to somebody who asks again, and as a question', async () => {
    const { exchanges } = await play(['I fight with my boss', 'what should I do?', 'just tell me, give me an idea']);
    expect(exchanges[1]?.reply).not.toMatch(/what if/);
    expect(exchanges[2]?.reply).toMatch(/what if .*\?$/);
  });

  it.each([
    ['And so my fellow americans ask not what your country can do for you', /fellow americans/i],
    ['he was not an ill disposed young man', /young man/],
    ['unless to be rather cold hearted and rather selfish is to be ill disposed', /cold hearted/],
    ['he might even have been made amiable himself', /amiable/],
    [
      'mister quilter is the apostle of the middle classes and we are glad to welcome his gospel',
      /quilter|gospel|apostle/i,
    ],
    ['it was my reports from the north which chiefly induced people to buy', /your reports/],
  ])('refers to the words of "%s"', async (said, expected) => {
    const { exchanges } = await play([said]);
    expect(exchanges[0]?.reply).toMatch(expected);
  });
});
