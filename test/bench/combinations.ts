/**
 * `npm run bench:combinations [-- words]`: each combination of providers, as an operator configures it (`node server/main.ts`), with
 * the clouds on loopback and a clip spoken by `npm run talk`. Prints the legs of the turn, and fails when any combination
 * has no answer, or not from the providers that it names. Words choose those that have them all, as in `local/`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TurnLatency } from '../../protocol/messages.ts';
import { startCloud } from '../support/cloud/cloud.ts';
import { ELEVENLABS_KEY, elevenLabsRoutes } from '../support/cloud/elevenlabs.ts';
import { CLOUD_KEY, openAiRoutes } from '../support/cloud/openai.ts';
import { takeTime } from '../support/cloud/slow.ts';
import { modelsDir } from '../support/clips.ts';
import { startRealServer } from '../support/real-server.ts';
import { runTalk } from '../support/talk.ts';
import { report, type Row } from './report.ts';

const WAITS = { recogniserMs: 150, modelMs: 300, synthesiserMs: 150 };
const CLIP = 'ss0870';

const [openAi, elevenLabs] = [openAiRoutes(), elevenLabsRoutes()];
const cloud = await startCloud([...elevenLabs.routes, ...openAi.routes]);
takeTime({ ...openAi, ...elevenLabs }, 'I want to talk about my boss.', WAITS);
const folder = await mkdtemp(join(tmpdir(), 'kuku-combinations-'));
const clip = join(modelsDir(), 'speech-clips', `${CLIP}.wav`);

async function measure(stt: string, llm: string, tts: string): Promise<Row> {
  const before = cloud.exchanges.length;
  const env = {
    DATA_DIR: folder,
    LOG_LEVEL: 'info',
    OPENAI_API_KEY: CLOUD_KEY,
    OPENAI_BASE_URL: `${cloud.url}/v1`,
    ELEVENLABS_API_KEY: ELEVENLABS_KEY,
    ELEVENLABS_BASE_URL: cloud.url,
    STT_PROVIDER: stt,
    LLM_PROVIDER: llm,
    TTS_PROVIDER: tts,
  };
  const server = await startRealServer({ env });
  const { events, exitCode, answers } = await runTalk(server.url, [clip]);
  await server.stop();
  const legs = events
    .filter(({ event }) => event === 'latency')
    .map(({ data }) => data as { turn: number; latency: TurnLatency })
    .find(({ turn }) => turn === 2)?.latency;
  if (exitCode !== 0 || answers.length < 2 || !legs) throw new Error(`${stt}/${llm}/${tts}: no answer (${exitCode})`);
  const asked = cloud.exchanges.slice(before).map(({ path }) => path);
  const expected: [RegExp, boolean][] = [
    [/\/realtime$/, stt !== 'local'],
    [/chat\/completions$/, llm === 'openai'],
    [/audio\/speech$/, tts === 'openai'],
    [/multi-stream-input$/, tts === 'elevenlabs'],
  ];
  for (const [path, isAsked] of expected) {
    if (asked.some((each) => path.test(each)) !== isAsked) throw new Error(`${stt}/${llm}/${tts}: ${String(path)}`);
  }
  // It takes minutes: what is well is said as it comes.
  console.error(`${stt}/${llm}/${tts}: ${Math.round(legs.total ?? 0)} ms`);
  const of = (leg: keyof TurnLatency) => Math.round(legs[leg] ?? 0);
  return {
    transcription: stt,
    coach: llm,
    speech: tts,
    turnEndMs: of('endOfSpeechToTurnEnd'),
    transcriptMs: of('transcript'),
    modelMs: of('modelFirstToken'),
    sentenceMs: of('firstSentence'),
    speechMs: of('speechFirstByte'),
    sentMs: of('firstAudioSent'),
    totalMs: of('total'),
  };
}

const isWanted = (line: string) => process.argv.slice(2).every((word) => line.includes(word));

try {
  const rows: Row[] = [];
  for (const stt of ['openai', 'elevenlabs', 'local']) {
    for (const llm of ['openai', 'builtin']) {
      for (const tts of ['openai', 'elevenlabs', 'local']) {
        if (isWanted(`${stt}/${llm}/${tts}`)) rows.push(await measure(stt, llm, tts));
      }
    }
  }
  report({ name: 'combinations', parameters: { clip: CLIP, ...WAITS }, rows });
} finally {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
}
