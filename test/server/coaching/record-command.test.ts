import { describe, expect, it } from 'vitest';
import { readRecordCommand } from '../../../server/coaching/record-command.ts';

describe('words that take it off the record', () => {
  it.each([
    'Off the record.',
    'off the record',
    'OFF THE RECORD PLEASE',
    'of the record',
    'Um, can we go off the record for a moment?',
    "let's go off the record",
    "I'd like to say something off the record",
    'okay this is off the record',
    'Just off the record, please.',
    'off record',
    'off the records',
    'well of the record please',
    "Please don't record this.",
    'keep this off the record',
  ])('“%s”', (text) => {
    expect(readRecordCommand(text)).toMatchObject({ on: false, isBare: true });
  });

  it.each([
    'Off the record, my boss is getting divorced.',
    'of the record i think about quitting my job',
    'My goal is to get promoted. But off the record, I want to leave.',
    "don't record this but I have been drinking again",
  ])('“%s” besides says something', (text) => {
    expect(readRecordCommand(text)).toMatchObject({ on: false, isBare: false });
  });
});

describe('words that bring it back', () => {
  it.each([
    'Back on the record.',
    'back on record',
    'OKAY BACK ON THE RECORD',
    "let's go back on the record",
    "we're back on the record now",
    'on the record again please',
    'on the record',
    'You can record again.',
    'start recording again',
  ])('“%s”', (text) => {
    expect(readRecordCommand(text)).toMatchObject({ on: true, isBare: true, leads: true });
  });

  it('lead where the sentence begins with them', () => {
    const leading = readRecordCommand('Okay, back on the record: I will talk to her by Friday.');
    expect(leading).toEqual({ on: true, isBare: false, leads: true });
    const trailing = readRecordCommand('and that is why I drink okay back on the record');
    expect(trailing).toEqual({ on: true, isBare: false, leads: false });
    expect(readRecordCommand('off the record I hate him. Back on the record.')).toMatchObject({
      on: true,
      leads: false,
    });
  });
});

it.each([
  'My boss told me off the record that I would be fired.',
  'She said that off the record.',
  'He spoke to me off the record.',
  'I broke the school record.',
  'For the record, I never agreed to that.',
  'One of the records was missing.',
  'I want to put it on the record of the company.',
  'I keep records of my sleep.',
  'I collect vinyl records.',
  '',
])('“%s” asks for neither', (text) => {
  expect(readRecordCommand(text)).toBeUndefined();
});
