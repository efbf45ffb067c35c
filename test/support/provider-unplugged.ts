/** The network to a provider is unplugged in the middle of a session, and plugged in again. */
import type { Log } from '../../server/ports/log.ts';
import { silentLog } from '../../server/ports/log.ts';
import type { MessagesBody } from '../../protocol/rest.ts';
import { heal, listenTo, turnDone, wrongIn } from './provider-faults.ts';
import type { Scene, Vendor } from './provider-scene.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { connectTestClient, createTestSession, type TestClient, utterance } from './test-client.ts';

export interface Unplugged {
  /** Turn by turn: whose voice was heard, and the longest silence in ms. */
  turns: readonly { when: 'before' | 'unplugged' | 'plugged in'; heard: string; longestSilenceMs: number }[];
  /** Changes of the breakers in order, such as `speech elevenlabs … open`. */
  breakers: readonly string[];
  problems: readonly string[];
}

/** Unplugged turns: one more than failures that open a breaker. */
const UNPLUGGED_TURNS = 3;
const FAILURES = 2;
const MAX_TURNS_AFTER = 6;

/** `openMs`: how long a breaker stays open. */
export async function unplug(scene: Scene, vendor: Vendor, { openMs }: { openMs: number }): Promise<Unplugged> {
  const { port: cloudPort } = new URL(scene.wire.url);
  const proxy = await startTcpProxy(Number(cloudPort));
  const breakers: string[] = [];
  const log: Log = { ...silentLog, warn: (fields) => breakers.push(...changeIn(fields)) };
  heal(scene.wire);
  await scene.change(vendor, { port: proxy.port, breaker: { failuresInARow: FAILURES, openMs }, log });
  const { socket, sessionId } = await createTestSession(scene.url);
  const client = connectTestClient({ access: socket });
  const turns: Unplugged['turns'][number][] = [];
  const problems: string[] = [];
  const say = async (when: Unplugged['turns'][number]['when']) => {
    const { heard, longestSilenceMs, wrong } = await turnOf(client, turns.length + 2);
    turns.push({ when, heard, longestSilenceMs });
    problems.push(...wrong.map((problem) => `${when}: ${problem}`));
    return heard;
  };
  try {
    await turnDone(client, 1);
    await say('before');
    proxy.cut({ refuse: true });
    for (let turn = 0; turn < UNPLUGGED_TURNS; turn++) await say('unplugged');
    proxy.cut({ refuse: false });
    await new Promise((resolve) => setTimeout(resolve, openMs));
    // The turn whose trial closes the breaker is already spoken by the cloud.
    for (let turn = 0; turn < MAX_TURNS_AFTER; turn++) {
      if ((await say('plugged in')).startsWith('cloud') && areClosed(breakers)) break;
    }
    const response = await fetch(`${scene.url}/api/sessions/${sessionId}/messages`);
    problems.push(...wrongIn(((await response.json()) as { data: MessagesBody }).data.messages));
  } finally {
    await client.close();
    await scene.change(vendor);
    await proxy.close();
  }
  return { turns, breakers, problems };
}

async function turnOf(client: TestClient, turn: number) {
  const overAtMs = performance.now();
  client.speak(utterance());
  const done = await turnDone(client, turn);
  const { heard, longestSilenceMs, problems } = listenTo(client, turn, overAtMs);
  const wrong = done?.status === 'completed' ? problems : [...problems, `the turn was ${done?.status ?? 'never over'}`];
  return { heard, longestSilenceMs, wrong };
}

function areClosed(breakers: readonly string[]): boolean {
  const lastOf = (kind: string) => breakers.findLast((line) => line.startsWith(kind)) ?? 'closed';
  return ['speech', 'transcription', 'coach'].every((kind) => lastOf(kind).endsWith('closed'));
}

function changeIn(fields: object): string[] {
  const { kind, provider, state } = fields as Record<string, string | undefined>;
  return state === undefined ? [] : [`${kind} ${provider} ${state}`];
}
