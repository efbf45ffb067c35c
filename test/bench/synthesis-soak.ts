/**
 * Speaks thousands of texts with the local voices, long and odd ones included, and counts what goes wrong:
 * `node test/bench/synthesis-soak.ts [--count 5000] [--voice rms] [--engine flite|pico]`.
 */
import { parseArgs } from 'node:util';
import { createFliteTextToSpeech, FLITE_VOICES } from '../../server/providers/local/flite-tts.ts';
import { createPicoTextToSpeech } from '../../server/providers/local/pico-tts.ts';
import { systemClock } from '../../server/ports/clock.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    engine: { type: 'string', default: 'flite' },
    voice: { type: 'string', default: 'rms' },
  },
});

const WORDS =
  'what would you like to focus on today goal next step because I noticed that this matters 42 % $20 café Dr. — “so”, ' +
  'really? and then; perhaps: tomorrow 3.5 naïve 🙂 e.g. well-being can’t won’t (maybe) work/life & ok... yes!';
const vocabulary = WORDS.split(' ');
const ODD = [
  '',
  ' ',
  '...',
  '?!',
  '🙂🙂🙂',
  '\u0000\u0001\u001b[31mred',
  'a',
  'a'.repeat(300),
  '1'.repeat(80),
  '<volume level="500">loud</volume>',
  '-o /etc/x -voice none',
  '%s%n%x',
  '日本語 русский',
  'A. B. C. D.',
  '\'"\'"`$(x)',
  '\ud800 lonely',
];

/** Text number `index`: one in 16 odd, one in 50 long (2,000 characters), the rest sentences of 1 to 20 words. */
function textOf(index: number): string {
  if (index % 16 === 7) return ODD[(index >> 4) % ODD.length] ?? '';
  const count = index % 50 === 0 ? 400 : 1 + (index % 20);
  const words = Array.from({ length: count }, (_, at) => vocabulary[(index * 7 + at * 13) % vocabulary.length]);
  return `${words.join(' ').slice(0, 2000)}.`;
}

function createVoice() {
  const deaths: unknown[] = [];
  const log = {
    info() {},
    warn: (fields: object) => void deaths.push('err' in fields ? fields.err : fields),
  };
  const flite = FLITE_VOICES.find((name) => name === values.voice);
  const tts =
    values.engine === 'pico'
      ? createPicoTextToSpeech({ clock: systemClock, modelsDir: process.env['KUKU_MODELS_DIR'] ?? './models', log })
      : createFliteTextToSpeech({ clock: systemClock, log, ...(flite && { voice: flite }) });
  return { tts, deaths };
}

const { tts, deaths } = createVoice();
const count = Number(values.count);
const signal = new AbortController().signal;
const result = { spoken: 0, silent: 0, failed: 0, audioSeconds: 0 };
const latenciesMs: number[] = [];
const memoryMb: number[] = [];
const startMs = performance.now();
for (let index = 0; index < count; index++) {
  const beganMs = performance.now();
  let samples = 0;
  try {
    for await (const { pcm } of tts.synthesize(textOf(index), { signal, turnKey: 'soak' })) {
      if (samples === 0 && index > 0) latenciesMs.push(performance.now() - beganMs);
      samples += pcm.length;
    }
    if (samples > 0) result.spoken++;
    else result.silent++;
  } catch (error) {
    result.failed++;
    console.error(`text ${index}:`, error);
  }
  result.audioSeconds += samples / tts.sampleRate;
  if (index % 500 === 499) memoryMb.push(Math.round(process.memoryUsage.rss() / 1e6));
}
await tts.close();

latenciesMs.sort((a, b) => a - b);
const percentile = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN;
report({
  name: `synthesis-soak-${tts.name.replace(' ', '-')}`,
  parameters: { voice: tts.name, texts: count },
  rows: [
    {
      ...result,
      audioSeconds: Math.round(result.audioSeconds),
      workerDeaths: deaths.length,
      seconds: Math.round((performance.now() - startMs) / 1000),
      firstAudioP50Ms: percentile(0.5),
      firstAudioP95Ms: percentile(0.95),
      firstAudioP99Ms: percentile(0.99),
      memoryMB: memoryMb.join(' '),
    },
  ],
});
for (const death of deaths) console.log(death);
process.exitCode = result.failed > 0 || deaths.length > 0 ? 1 : 0;
