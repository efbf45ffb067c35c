/**
 * `npm run cloud [-- OPENAI_PORT ELEVENLABS_PORT]`: OpenAI and ElevenLabs on this machine, to try the server by hand
 * without a key. They hear nothing: whatever is said, they understand the same. Their voices are a tone.
 */
import { ELEVENLABS_KEY, startElevenLabsCloud } from './elevenlabs.ts';
import { CLOUD_KEY, startOpenAiCloud } from './openai.ts';
import { takeTime, type Waits } from './slow.ts';

const SAID = 'I want to talk about my boss.';
const WAITS: Waits = { recogniserMs: 150, modelMs: 300, synthesiserMs: 150 };
const MODELS = ['gpt-6-luna', 'gpt-live-transcribe', 'gpt-transcribe', 'gpt-4o-mini-tts'];

const [openAiPort = 4010, elevenLabsPort = 4011] = process.argv.slice(2).map(Number);
const openAi = await startOpenAiCloud(openAiPort);
const elevenLabs = await startElevenLabsCloud(elevenLabsPort);
takeTime({ ...openAi, ...elevenLabs }, SAID, WAITS);
for (const model of MODELS) openAi.models.set(model, {});
console.log(`OPENAI_BASE_URL=${openAi.baseUrl}
OPENAI_API_KEY=${CLOUD_KEY}
ELEVENLABS_BASE_URL=${elevenLabs.url}
ELEVENLABS_API_KEY=${ELEVENLABS_KEY}`);
