/**
 * How long a person waits once their turn is decided to be over, with the clouds' adapters on the loopback cloud: last
 * part of `npm run bench:latency`. The answer is begun when the person pauses, and for comparison only at the end of the
 * turn (`LLM_EARLY_START=no`). One after the other, the three waits would be 600 ms.
 */
import { energyVad } from '../support/scripted.ts';
import { startCloud } from '../support/cloud/cloud.ts';
import { ELEVENLABS_KEY, elevenLabsRoutes } from '../support/cloud/elevenlabs.ts';
import { CLOUD_KEY, openAiRoutes } from '../support/cloud/openai.ts';
import { takeTime, type Waits } from '../support/cloud/slow.ts';
import type { LatencyMeasured } from './latency-clients.ts';
import type { Row } from './report.ts';
import { startBenchServer } from './server.ts';
import { quantile } from './statistics.ts';

interface Case {
  vendor: 'openai' | 'elevenlabs';
  earlyStart: 'yes' | 'no';
  sessions: number;
}

type RunClients = (job: { url: string; sessions: number; turns: number }) => Promise<LatencyMeasured>;

const SAID = 'I want to talk about my boss';
const TURNS = 4;
async function startSlowCloud(waits: Waits) {
  const [openAi, elevenLabs] = [openAiRoutes(), elevenLabsRoutes()];
  takeTime({ ...openAi, ...elevenLabs }, SAID, waits);
  return startCloud([...elevenLabs.routes, ...openAi.routes]);
}

async function measure({ vendor, earlyStart, sessions }: Case, waits: Waits, runClients: RunClients): Promise<Row> {
  const cloud = await startSlowCloud(waits);
  const server = await startBenchServer(
    { vad: energyVad() },
    {
      OPENAI_API_KEY: CLOUD_KEY,
      OPENAI_BASE_URL: `${cloud.url}/v1`,
      ELEVENLABS_API_KEY: ELEVENLABS_KEY,
      ELEVENLABS_BASE_URL: cloud.url,
      STT_PROVIDER: vendor,
      LLM_PROVIDER: 'openai',
      TTS_PROVIDER: vendor,
      LLM_EARLY_START: earlyStart,
      LIMIT_SOCKETS_PER_ADDRESS: '1000',
    },
  );
  try {
    const { totalsMs } = await runClients({ url: server.url, sessions, turns: TURNS });
    return {
      vendor,
      earlyStart,
      sessions,
      turns: totalsMs.length,
      voiceToVoiceP50Ms: quantile(totalsMs, 0.5),
      voiceToVoiceP95Ms: quantile(totalsMs, 0.95),
    };
  } finally {
    await server.close();
    await cloud.close();
  }
}

export async function measureVoiceToVoice(waits: Waits, runClients: RunClients): Promise<Row[]> {
  const rows: Row[] = [];
  for (const sessions of [1, 10]) {
    for (const vendor of ['openai', 'elevenlabs'] as const) {
      for (const earlyStart of ['yes', 'no'] as const) {
        rows.push(await measure({ vendor, earlyStart, sessions }, waits, runClients));
      }
    }
  }
  return rows;
}
