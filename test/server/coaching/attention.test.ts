import { describe, expect, it } from 'vitest';
import { play, questionsOf } from './transcript.ts';

/** What each line gets for an answer. */
const replies = async (...lines: string[]) => (await play(lines)).exchanges.map(({ reply }) => reply);
const lastReply = async (...lines: string[]) => (await replies(...lines)).at(-1) ?? '';

describe('somebody who is cross with the coach', () => {
  it.each([
    ["this is stupid, you're just a machine", /program|machine/],
    ["I don't want to talk to a robot", /program|machine/],
    ['honestly this is a complete waste of time', /plainly|no use/],
    ["this isn't really helping", /plainly|no use/],
    ["you don't understand anything", /sorry/],
    ["that's not what I said", /sorry/],
    ["you're not listening to me", /sorry/],
    ['you already asked me that', /sorry/],
    ['stop repeating what I say', /sorry/],
    ['why do you ask that', /hear yourself think/],
  ])('"%s" is owned up to, and is no topic', async (said, expected) => {
    const { exchanges, notes } = await play([said]);
    expect(exchanges[0]?.reply).toMatch(expected);
    expect(exchanges[0]?.reply).not.toMatch(/important to you/);
    expect(notes.topic).toBeUndefined();
  });

  it('is asked no question twice, however often they complain', async () => {
    const asked = questionsOf(await play(Array.from({ length: 8 }, () => 'this is useless')));
    expect(asked).toHaveLength(2);
    expect(new Set(asked).size).toBe(2);
  });

  it.each([
    'this is stupid but I am afraid of my own dog',
    "my boss said that's not what I said",
    'my team is useless and I have to do it all alone every single evening of the week, it is too much',
  ])('is not found in "%s"', async (said) => {
    expect(await lastReply(said)).not.toMatch(/sorry|program|no use|plainly/);
  });
});

describe('a loss', () => {
  it.each([
    'my dad died three weeks ago',
    'we lost our baby in the spring',
    "I was diagnosed with MS last week and I don't know what to do",
  ])('is met with sympathy and room: "%s"', async (said) => {
    const reply = await lastReply(said);
    expect(reply).toMatch(/^I'm (?:so|really) sorry/);
    expect(reply).not.toMatch(/\?/);
  });

  it('is condoled once, and is a topic in whole sentences', async () => {
    const { exchanges } = await play(['my dad died three weeks ago', 'since my dad died I cannot sleep at all']);
    expect(exchanges[1]?.reply).not.toMatch(/sorry/);
    expect(exchanges[1]?.reply).toMatch(/: your dad died three weeks ago\./);
  });
});

describe('what was said', () => {
  it.each([
    ['I just feel like I give and give and nobody notices', /you give and give/i],
    ['well right now I grade papers until ten every night', /you grade papers until ten every night/i],
    ['maybe ask Tom to take over the drama club', /you could ask Tom to take over the drama club/i],
    ['I could call Anna, or write to her, or just wait a week', /call Anna/],
    ["What I'd really want is to try it for six months", /You want to try it for six months/],
    ['the library is the best place I think', /the library is the best place(?! you)/i],
    ['my teacher said it was fine', /your teacher said it was fine/i],
    ["i don't know i just open my laptop all day", /you just open your laptop all day/i],
    ['maybe if I pack my bag the night before', /if you pack your bag the night before/],
  ])('is said back whole: "%s"', async (said, expected) => {
    expect(await lastReply('I keep putting off my thesis', said)).toMatch(expected);
  });

  it('is a number where a number was asked for, and leads one point higher', async () => {
    const lines = ['my weight', 'it goes up', 'I want to lose ten kilos by June', 'I eat at night', 'hm', 'hm', '4'];
    const [scale, rated] = (await replies(...lines)).slice(-2);
    expect(scale).toMatch(/from one to ten/);
    expect(rated).toMatch(/four.*one point higher look like\?$/i);
  });

  it('is no joy where a "but" follows it, or where it is only wished for', async () => {
    expect(await lastReply("I'm happy for her of course but I cry in her room")).not.toMatch(/good|must be/);
    expect(await lastReply('my wife thinks I should just be grateful for the job')).not.toMatch(
      /sounds good|good that/,
    );
  });

  it('is asked about when it says only what it is not', async () => {
    expect(
      await lastReply(
        'my daughter moved out',
        'the house is quiet',
        'my husband says I should get a hobby',
        "no it's not about a hobby",
      ),
    ).toMatch(/What is it about, then\?/);
  });

  it('is heard and noted where a question to the coach ends it', async () => {
    const { exchanges, notes } = await play([
      'my boss ignores me in every single meeting and I feel small, what should I do?',
    ]);
    expect(exchanges[0]?.reply).toMatch(/boss/);
    expect(exchanges[0]?.reply).toMatch(/think/);
    expect(notes.topic).toMatch(/boss/);
  });

  it('is thanks, also with praise before it', async () => {
    expect(await lastReply('my boss never listens', "that's really helpful thank you")).toMatch(/welcome|Gladly/);
    expect(await lastReply('my boss never listens', 'this was very helpful')).toMatch(/welcome|Gladly/);
  });
});

describe('a goal', () => {
  it.each([
    ['I wish we could just sit together and remember him', 'we could just sit together and remember him'],
    ['I would like that he respects my time', 'he respects my time'],
    ["what I'd really want is to try pottery for a year", 'to try pottery for a year'],
  ])('is heard in "%s"', async (said, goal) => {
    expect((await play([said])).notes.goal).toBe(goal);
  });
});

describe('a promise', () => {
  it.each([
    'I also keep thinking I will be sixty and regret it',
    'I keep thinking that I will leave him',
    "I imagine I'll sit there on my own",
  ])('is not found in "%s"', async (said) => {
    expect((await play(['my job', said])).notes.commitments).toEqual([]);
  });

  it('is not rated by a number that is about something else', async () => {
    const { notes } = await play(['my job', "I'll email HR", 'I could go down to sixty percent of my hours at work']);
    expect(notes.commitments).toEqual([{ what: 'email HR' }]);
  });

  it('that is made early is not asked for again, and leads on to the way forward', async () => {
    const { exchanges, notes } = await play([
      'my brother and I have not spoken since the funeral',
      "I'm scared he'll shut me down",
      'I want to remember my father with him',
      'we would sit together at the table',
      'right now we do not even text each other',
      "I'll write him a letter this weekend",
      'nine',
      'I could also call my aunt',
    ]);
    expect(exchanges.map(({ reply }) => reply).join(' ')).not.toMatch(/What could you do about it\?/);
    expect(exchanges.at(5)?.stage).toBe('options');
    expect(notes.stage).toBe('way_forward');
  });
});

it('who has chosen is not asked to choose', async () => {
  const { exchanges } = await play([
    'my colleague is always late',
    'it costs me my weekends',
    'I want him to respect my time by June',
    'he would tell me in time',
    'I told him once and he laughed',
    'maybe I can speak with our boss',
    'or I can write him an email with a deadline',
    'I think the email is better',
  ]);
  expect(exchanges.at(-1)?.stage).toBe('way_forward');
  expect(exchanges.at(-1)?.reply).not.toMatch(/appeals to you most/);
});
