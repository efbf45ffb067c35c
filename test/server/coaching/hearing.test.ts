import { describe, expect, it } from 'vitest';
import { feelingsIn } from '../../../server/coaching/feelings.ts';
import { hear } from '../../../server/coaching/hearing.ts';
import { cleanSpeech } from '../../../server/coaching/speech-text.ts';

describe('cleaning speech', () => {
  it.each([
    ["um i i think it's uh it's too late", "I think it's too late"],
    ['im stuck and i dont know', "I'm stuck and I don't know"],
    ['THE WHOLE LINE IS LOUD', 'the whole line is loud'],
    ["i'm gonna call him on monday", "I'm going to call him on Monday"],
    ['by the end of march', 'by the end of March'],
    ['march on', 'march on'],
    ['my boss, <b>you know</b>, is mean', 'my boss, b is mean'],
    ['I was I was late', 'I was late'],
    ['that was very very bad', 'that was very very bad'],
    ["our parents' house", "our parents' house"],
  ])('makes "%s" into "%s"', (raw, clean) => {
    expect(cleanSpeech(raw)).toBe(clean);
  });
});

describe('what is said back', () => {
  it.each([
    [
      "i'm stuck with my boss and i don't know what to do",
      ["you're stuck with your boss", "you don't know what to do"],
    ],
    ['my boss never listens to me', ['your boss never listens to you']],
    ['my wife and I moved to Berlin', ['you and your wife moved to Berlin']],
    ['my supervisor he is never there', ['your supervisor, he is never there']],
    ['if I pack my bag the night before', ['if you pack your bag the night before']],
    ['what I really want is a job where I matter', ['what you really want is a job where you matter']],
    ['I want to talk about my thesis', []],
    ['since he left', []],
    ['the of my and I because', []],
    ['never mind you know what you do', []],
  ])('of "%s" is %j', (said, mirrors) => {
    expect(hear(said).mirrors.map(({ text }) => text)).toEqual(mirrors);
  });
});

describe('the kind of a turn', () => {
  it.each([
    ['', 'empty'],
    ['?!', 'empty'],
    ['yes', 'yes'],
    ['yeah I think so', 'yes'],
    ['yesterday I called', 'content'],
    ['no', 'no'],
    ['not really', 'no'],
    ['no way, my boss said it', 'content'],
    ["I don't know", 'dont_know'],
    ["I honestly don't really know", 'dont_know'],
    ["I don't know how to tell my boss", 'content'],
    ['hm', 'hesitation'],
    ['uh okay', 'hesitation'],
    ['thanks a lot', 'thanks'],
    ['I should thank my mother', 'content'],
    ['what should I do', 'ask_advice'],
    ['what do you think?', 'ask_opinion'],
    ['are you a robot', 'ask_human'],
    ['how much time is left', 'ask_time'],
    ['there was so much time pressure', 'content'],
    ['could you say that again please', 'ask_repeat'],
    ['Ich weiß nicht was ich machen soll', 'foreign'],
    ['je ne sais pas quoi faire avec mon chef', 'foreign'],
    ['Мне грустно', 'foreign'],
    ['And so my fellow americans ask not', 'content'],
    ["I don't want to live like this", 'content'],
    ["I don't want to live", 'crisis'],
  ])('"%s" is %s', (said, kind) => {
    expect(hear(said).kind).toBe(kind);
  });
});

describe('feelings', () => {
  it.each([
    ['I feel really frustrated because nobody listens', ['frustrated']],
    ["I'm sad and angry", ['sad', 'angry']],
    ['it makes me nervous', ['nervous']],
    ["it's exhausting", ['exhausting']],
    ["I'm not worried", []],
    ['my boss is angry all the time', []],
    ['she was so disappointed', []],
    ["it's less scary", []],
    ['he makes me so angry', ['angry']],
    ['the report hurt my career', []],
    ['I feel like I lost my job yesterday', []],
    ['I felt so lost after that', ['lost']],
    ['he makes me sad again', ['sad']],
    ['I feel that he is angry with me', []],
  ])('in "%s" are %j', (said, words) => {
    expect(feelingsIn(said).map(({ word }) => word)).toEqual(words);
  });
});
