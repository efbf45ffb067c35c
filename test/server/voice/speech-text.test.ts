import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SpeechChunk, TextToSpeech } from '../../../server/ports/text-to-speech.ts';
import { speechText, withSpeechText } from '../../../server/voice/speech-text.ts';

/** What is written, and what is said. */
const SAID: Readonly<Record<string, readonly (readonly [written: string, said: string])[]>> = {
  'plain words stay as they are': [
    ['What would you like to focus on today?', 'What would you like to focus on today?'],
    ["I'd say you've got it, haven't you?", "I'd say you've got it, haven't you?"],
    ['It cost $20 and 50% more, Dr. Smith.', 'It cost $20 and 50% more, Dr. Smith.'],
    ['The 2nd of 3.5 or 1,000; 0.75 or 007.', 'The 2nd of 3.5 or 1,000; 0.75 or 007.'],
    ['Café naïve, “quoted”.', 'Café naïve, “quoted”.'],
  ],
  'markdown is not spoken': [
    ['**Great!** That is *one* `step` and ~~not~~ __two__.', 'Great! That is one step and not two.'],
    ['# Your goal', 'Your goal'],
    ['Three options:\n- rest\n- *walk*\n3. talk', 'Three options: rest. walk. talk'],
    ['See [the docs](https://example.com/x) or ![a tree](t.png).', 'See the docs or a tree.'],
    ['> You said it.', 'You said it.'],
    ['**unclosed and snake_case', 'unclosed and snake case'],
    ['<b>Well</b> done', 'Well done'],
    ['| a | b |', 'a, b,'],
  ],
  'emoji and faces are not spoken': [
    ['Well done 🎉👍🏽! 🇬🇧', 'Well done!'],
    ['Nice :) really ;-) I <3 it', 'Nice really I it'],
  ],
  'links and addresses are said as people say them': [
    ['See https://www.example.com/path/page?x=1.', 'See example dot com.'],
    ['Go to www.example.co.uk, now', 'Go to example dot co dot uk, now'],
    ['Mail john.doe@example.com.', 'Mail john dot doe at example dot com.'],
  ],
  'numbers are said as they are meant': [
    ['On 2026-11-23.', 'On 23 November 2026.'],
    ['In 1998, since 1905, before 1900.', 'In 19 98, since 19 oh 5, before 19 hundred.'],
    ['In 2026 and for 1998 people', 'In 2026 and for 1998 people'],
    ['10-15 or 10–15 minutes, 40-50%', '10 to 15 or 10 to 15 minutes, 40 to 50%'],
    ['Call 555-123-4567.', 'Call 555-123-4567.'],
    ['7/10, 1/2, 3/4, ½', '7 out of 10, a half, three quarters, a half'],
    ['24/7', 'twenty-four seven'],
    ['£5, £1, €3.20, €2 million, £5k, US$5', '5 pounds, 1 pound, 3.20 euros, 2 million euros, 5 thousand pounds, $5'],
    ['20°C, 90 °F, 45°', '20 degrees Celsius, 90 degrees Fahrenheit, 45 degrees'],
    ['5km, 3 kg, 1 hr, 10 min. later', '5 kilometres, 3 kilograms, 1 hour, 10 minutes later'],
    ['At 14:00, 18:30, 10:00, 10:00 am or 9:15', "At 2 PM, 6:30 PM, 10 o'clock, 10 am or 9:15"],
    ['#1 and No. 5', 'number 1 and number 5'],
    ['1234567 and 12345.67', '1,234,567 and 12345.67'],
    ['2x, 5k, ~10, 2 < 3, 5 > 4', '2 times, 5 thousand, about 10, 2 less than 3, 5 more than 4'],
    ['2 * 3 × 4', '2 times 3 times 4'],
  ],
  'abbreviations are said in full or as letters': [
    ['Sport, e.g. a walk, i.e. rest', 'Sport, for example, a walk, that is, rest'],
    ['Mon 3 Feb, Sept 5, approx. 10 w/o you', 'Monday 3 February, September 5, approximately 10 without you'],
    ['Mary may march.', 'Mary may march.'],
    ['He/she and/or they', 'He or she and or they'],
    ['The CEO of the NHS has KPIs.', "The C E O of the N H S has K P I's."],
    ['Use the GROW model. OK, MR X?', 'Use the GROW model. OK, MR X?'],
    ['you & me', 'you and me'],
  ],
  'marks that are not spoken become pauses or nothing': [
    ['Well — not so good – yet', 'Well, not so good, yet'],
    ['What!!! Really?!?', 'What! Really?'],
    ['and so......', 'and so...'],
    ['\u0000bell\u0007 zero\u200bwidth', 'bell zero width'],
  ],
};

describe.each(Object.entries(SAID))('%s', (_, cases) => {
  test.each(cases)('%j', (written, said) => expect(speechText(written)).toBe(said));
});

test.each(['', '  \n ', '---', '...', '?!', '🙂', '***', '•', '\u0000', '😀 😀'])(
  'there is nothing to say in %j',
  (text) => {
    expect(speechText(text)).toBe('');
  },
);

test('whatever is written, what is said has no markup, no control characters and no double spaces', () => {
  const pieces = constantFrom(
    '**',
    '`',
    '[',
    '](',
    '<b>',
    ' ',
    '\n',
    '- ',
    '1/2',
    '£5',
    'e.g.',
    '🙂',
    'word',
    '#',
    '\u0007',
  );
  const text = oneof(
    array(pieces).map((parts) => parts.join('')),
    string({ unit: 'grapheme', maxLength: 300 }),
  );
  assert(
    property(text, (written) => {
      const said = speechText(written);
      expect(said).not.toMatch(/[*_`#~^\\{}[\]<>|\p{Cc}]|\p{Extended_Pictographic}| {2}|^\s|\s$/u);
      expect(said === '' || /[\p{L}\p{N}]/u.test(said)).toBe(true);
    }),
  );
});

test('long nonsense takes no longer than long sense', () => {
  const started = performance.now();
  for (const piece of [
    '[',
    '*',
    'a/',
    '1-',
    '#',
    ' ',
    '\n',
    '<',
    '<a',
    '_a',
    '`',
    'a.',
    'a@',
    '9',
    '~',
    '![[',
    '(',
    ':',
  ]) {
    speechText(piece.repeat(20_000));
  }
  // 0.2 s in all on two slow cores; without its guards one of them alone took 5 s.
  expect(performance.now() - started).toBeLessThan(5000);
});

describe('a voice with speech text', () => {
  function recording(): { voice: TextToSpeech; texts: string[]; closed: () => boolean } {
    const texts: string[] = [];
    let closed = false;
    const voice: TextToSpeech = {
      name: 'recording',
      sampleRate: 24_000,
      async *synthesize(text): AsyncGenerator<SpeechChunk> {
        texts.push(text);
        yield { pcm: new Int16Array(480) };
      },
      close: async () => void (closed = true),
    };
    return { voice, texts, closed: () => closed };
  }
  async function all(voice: TextToSpeech, text: string, signal = new AbortController().signal) {
    const chunks: SpeechChunk[] = [];
    for await (const chunk of voice.synthesize(text, { signal, turnKey: 't' })) chunks.push(chunk);
    return chunks;
  }

  test('is given the words to say, and not asked when there are none', async () => {
    const { voice, texts, closed } = recording();
    const spoken = withSpeechText(voice);
    expect(spoken).toMatchObject({ name: 'recording', sampleRate: 24_000 });
    expect(await all(spoken, '**Hello** 🙂')).toHaveLength(1);
    expect(await all(spoken, '🙂')).toHaveLength(0);
    expect(texts).toEqual(['Hello']);
    await spoken.close();
    expect(closed()).toBe(true);
  });

  test('says nothing any more once it is aborted', async () => {
    const { voice, texts } = recording();
    await expect(all(withSpeechText(voice), '🙂', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(texts).toEqual([]);
  });
});
