import { describe, expect, it } from 'vitest';
import { toSecondPerson } from '../../../server/coaching/perspective.ts';

const CASES: readonly (readonly [said: string, back: string])[] = [
  ["I'm stuck with my boss", "you're stuck with your boss"],
  ['I am tired', 'you are tired'],
  ['I was late', 'you were late'],
  ["I wasn't asked", "you weren't asked"],
  ['I really was angry', 'you really were angry'],
  ['I have never been so sure', 'you have never been so sure'],
  ["I've lost my way", "you've lost your way"],
  ["I'll call my mother", "you'll call your mother"],
  ["I'd like more time for myself", "you'd like more time for yourself"],
  ['he told me that I was wrong', 'he told you that you were wrong'],
  ['my team never listens to me', 'your team never listens to you'],
  ['the decision is mine', 'the decision is yours'],
  ['he works in a mine', 'he works in a mine'],
  ['the coal mine closed', 'the coal mine closed'],
  ['the meeting is at 9 am', 'the meeting is at 9 am'],
  ['I am up at 6 am', 'you are up at 6 am'],
  ['she was angry with me', 'she was angry with you'],
  ['it was my idea', 'it was your idea'],
  ['there was a fight between us', 'there was a fight between you'],
  ['we argue about money', 'you argue about money'],
  ["we're behind with our work", "you're behind with your work"],
  ["we've tried ourselves", "you've tried yourselves"],
  ['our marriage is ours to save', 'your marriage is yours to save'],
  ['Tom and I fight a lot', 'you and Tom fight a lot'],
  ['my wife and I moved', 'you and your wife moved'],
  ['me and my brother share it', 'you and your brother share it'],
  ['between my boss and me', 'between your boss and you'],
  ['I went home and was tired', 'you went home and were tired'],
  ['I called and she was out', 'you called and she was out'],
  ['I knew that it was over', 'you knew that it was over'],
  ['I thought he was right', 'you thought he was right'],
  ['he was rather cold hearted', 'he was rather cold hearted'],
  ['why was I so quiet', 'why were you so quiet'],
  ['that is who I am', 'that is who you are'],
  ['I want you to help me', 'you want me to help you'],
  ['I need you to listen', 'you need me to listen'],
  ['I told you about it', 'you told me about it'],
  ['I like your question', 'you like my question'],
  ['you never know', 'you never know'],
  ['when you work late you get tired', 'when you work late you get tired'],
  ['ask what you can do for your country', 'ask what you can do for your country'],
  ['my fellow Americans', 'your fellow Americans'],
  ['I hurt myself', 'you hurt yourself'],
  ['I did it by myself', 'you did it by yourself'],
  ["i can't sleep", "you can't sleep"],
  ["I don't know what to do", "you don't know what to do"],
  ['I think I should quit', 'you think you should quit'],
  ['My boss hates me', 'Your boss hates you'],
  ["it's about my thesis", "it's about your thesis"],
  ['I, of course, said yes', 'you, of course, said yes'],
  ["my sister's wedding", "your sister's wedding"],
  ["our parents' house", "your parents' house"],
  ['I had to ask myself why', 'you had to ask yourself why'],
  ["she says I'm not there when I'm at home", "she says you're not there when you're at home"],
  ['nobody asked me what I wanted', 'nobody asked you what you wanted'],
  ['to finish my thesis', 'to finish your thesis'],
  ['more time for my kids', 'more time for your kids'],
  ['talk to her', 'talk to her'],
  ['I still am afraid', 'you still are afraid'],
  ['I was and was not ready', 'you were and were not ready'],
  ["I ain't going", "you aren't going"],
  ['they were late and I was mad', 'they were late and you were mad'],
  ['if I were braver', 'if you were braver'],
  ['excuse me', 'excuse me'],
  ['the mayor was there', 'the mayor was there'],
  ['a friend of mine', 'a friend of yours'],
  ["what I'd give for my own room", "what you'd give for your own room"],
  ['he and I', 'he and you'],
  ['Tom and Ann and I', 'Tom and Ann and you'],
  ['Tom and my wife and I', 'Tom and your wife and you'],
  ['', ''],
];

describe('the perspective', () => {
  it.each(CASES)('turns "%s" into "%s"', (said, back) => {
    expect(toSecondPerson(said)).toBe(back);
  });

  it('leaves what is already turned as it is', () => {
    const turned = CASES.map(([, back]) => back).filter((back) => !/\b(?:me|my)\b/.test(back));
    expect(turned.length).toBeGreaterThan(50);
    for (const back of turned.filter((text) => !/\byour (?:idea|question)|tell you|told you/.test(text))) {
      expect(toSecondPerson(back)).toBe(back);
    }
  });
});
