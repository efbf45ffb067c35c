/**
 * Whether memory stays where it is while people are connected and nothing happens: sessions with open sockets whose
 * clients ping as ours do, the embedded engines, the embedded database. `npm run bench:soak [-- MINUTES SESSIONS]`
 *
 * After the first tenth of the time, memory is looked at each half minute at most, garbage collected. `slopePercent`: what the
 * straight line through what JavaScript holds (heap and buffers) rises by until the end, of its beginning; the same of
 * what the whole process holds (`residentSlopePercent`), which a collector may keep for itself.
 */
import { heldBytes, probe, PROBED } from '../support/probe.ts';
import { startRealServer } from '../support/real-server.ts';
import { openSockets } from './capacity-crowd.ts';
import { report } from './report.ts';
import { lineThrough } from './statistics.ts';

const LOOK_EVERY_MS = 30_000;
const PING_EVERY_MS = 5000;
const [minutes = 60, sessions = 100] = process.argv.slice(2).map(Number);
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Look {
  atMs: number;
  heldBytes: number;
  residentBytes: number;
}

/** The rise over the whole time, as a percentage of the line's beginning. */
function risePercent(looks: readonly Look[], of: (look: Look) => number): number {
  const line = lineThrough(looks.map((look) => [look.atMs, of(look)]));
  const [first, last] = [line.at(looks.at(0)?.atMs ?? 0), line.at(looks.at(-1)?.atMs ?? 0)];
  return ((last - first) * 100) / first;
}

const day = '86400';
const server = await startRealServer({
  nodeArgs: PROBED,
  env: {
    LIMIT_SOCKETS_PER_ADDRESS: String(sessions),
    // Nobody says a word: the time of a session is not what is tried here.
    SESSION_BUDGET_SECONDS: day,
    SESSION_HARD_LIMIT_SECONDS: day,
    IDLE_PROMPT_SECONDS: day,
    IDLE_END_SECONDS: day,
  },
});
const looks: Look[] = [];
try {
  const sockets = await openSockets(server.url, sessions, { welcome: true });
  let closed = 0;
  for (const socket of sockets) socket.on('close', () => (closed += 1));
  const pings = setInterval(() => {
    for (const socket of sockets) socket.send(JSON.stringify({ type: 'ping', t: Math.round(performance.now()) }));
  }, PING_EVERY_MS);
  const startMs = performance.now();
  await wait(minutes * 6000);
  while (performance.now() - startMs < minutes * 60_000) {
    const { memory } = await probe(server);
    looks.push({ atMs: performance.now() - startMs, heldBytes: heldBytes(memory), residentBytes: memory.rss });
    await wait(Math.min(LOOK_EVERY_MS, minutes * 3000));
  }
  clearInterval(pings);
  if (closed > 0) throw new Error(`${closed} of ${sessions} sockets were closed meanwhile`);
  for (const socket of sockets) socket.terminate();
} finally {
  await server.stop();
}
const megabytes = (bytes = 0) => bytes / 2 ** 20;
report({
  name: 'soak',
  parameters: { minutes, sessions },
  rows: [
    {
      looks: looks.length,
      heldFirstMB: megabytes(looks.at(0)?.heldBytes),
      heldLastMB: megabytes(looks.at(-1)?.heldBytes),
      slopePercent: risePercent(looks, (look) => look.heldBytes),
      residentFirstMB: megabytes(looks.at(0)?.residentBytes),
      residentLastMB: megabytes(looks.at(-1)?.residentBytes),
      residentSlopePercent: risePercent(looks, (look) => look.residentBytes),
    },
  ],
});
