/**
 * Clients that stop reading while the coach speaks to them: each is closed with 4015 and comes back to its session, and
 * the others at the same instance notice nothing. `npm run faults -- slow-client`
 */
import { runFault } from '../support/fault-run.ts';
import { connectTestClient, createTestSession, freshAccess } from '../support/test-client.ts';

const TOO_SLOW = 4015;
const SLOW = 20;
const GIVE_UP_MS = 30_000;

/** Resolves with ms until it was closed. Throws when that was for another reason, or its session can't be gone on with. */
async function beSlow(url: string): Promise<number> {
  const { sessionId, socket: access } = await createTestSession(url);
  const audio = { in: { rate: 16_000 }, out: { rate: 24_000 } } as const;
  const client = connectTestClient({ access, plays: false, hello: { audio } });
  const { resumeToken } = await client.next('ready');
  client.send({ type: 'text', id: 'slow', text: 'I want to talk about my boss' });
  await client.next('transcript.user');
  client.socket.pause();
  const startMs = performance.now();
  // What waits in the kernel is read only now, the close frame last.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  client.socket.resume();
  const code = await Promise.race([client.closed, timeout()]);
  const tookMs = performance.now() - startMs;
  if (code !== TOO_SLOW) throw new Error(`a client that does not read was closed with ${String(code)}`);
  const resume = { token: resumeToken, lastSeq: 0 };
  const again = connectTestClient({ access: await freshAccess(url, sessionId), hello: { audio: {}, resume } });
  const { recovered } = await again.next('resumed');
  if (!recovered) throw new Error('a slow client was not given what it missed');
  await again.next('transcript.user', ({ text }) => text === 'I want to talk about my boss');
  await again.close();
  return tookMs;
}

const timeout = () => new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), GIVE_UP_MS).unref());

await runFault({
  name: 'slow-client',
  instances: 1,
  people: 50,
  async strike({ cluster, strikesNow }) {
    strikesNow();
    const closedMs = await Promise.all(Array.from({ length: SLOW }, () => beSlow(cluster.url)));
    return { slowClients: closedMs.length };
  },
});
