/** A session that goes on and on, at many times its speed: what half an hour brings comes in a minute or two. */
import type { CDPSession } from 'playwright-core';
import type { Rig } from './page.ts';
import { babble } from './sound.ts';
import { eventually, VIEW } from './scripted-server.ts';

/** An exchange as half a minute of a session brings it: what the person says as it grows, and 12 s of speech. */
const PARTIALS = 25;
const SPEECH_SECONDS = 12;
const spokenText = 'You said that it is too much, and that nobody sees it. What would be a first small step? '.repeat(
  2,
);
const speech = babble({ seed: 5, seconds: SPEECH_SECONDS, rate: 24_000 });

async function exchange({ server }: Rig, turn: number): Promise<void> {
  const said = `This is number ${turn}, and I want to say something about it that is about as long as people's sentences.`;
  server.send({ type: 'speech.started', utterance: turn, atMs: turn * 30_000 });
  for (let partial = 1; partial <= PARTIALS; partial++) {
    const text = said.slice(0, Math.round((said.length * partial) / PARTIALS));
    server.send({ type: 'transcript.user', utterance: turn, text, final: false });
  }
  server.send({ type: 'speech.stopped', utterance: turn, atMs: turn * 30_000 + 9000 });
  server.send({ type: 'transcript.user', utterance: turn, text: said, final: true });
  const elapsedMs = (turn * 30_000) % 1_700_000;
  server.send({
    type: 'session.state',
    ...VIEW,
    elapsedMs,
    remainingMs: 1_800_000 - elapsedMs,
    messageCount: 2 * turn,
  });
  server.send({ type: 'turn.started', turn, inReplyTo: turn });
  server.send({ type: 'transcript.coach', turn, text: spokenText });
  server.speak(turn, speech, { last: false });
  await server.heard('playback', (report) => report.turn === turn && report.playedMs > 100);
  server.send({ type: 'audio.clear', turn, reason: 'barge_in' });
  const { playedMs } = await server.heard('playback.cleared', (cleared) => cleared.turn === turn);
  server.send({ type: 'turn.done', turn, status: 'completed', spokenText, playedMs, latency: { total: 700 } });
}

export interface Memory {
  heapBytes: number;
  /** Nodes, and listeners, that the page holds. */
  nodes: number;
  listeners: number;
}

/** What the page holds after its garbage is gone. */
async function memoryOf({ page }: Rig, debuggerOf: CDPSession): Promise<Memory> {
  await page.waitForTimeout(300);
  for (let i = 0; i < 3; i++) await debuggerOf.send('HeapProfiler.collectGarbage');
  const { usedSize: heapBytes } = await debuggerOf.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners: listeners } = await debuggerOf.send('Memory.getDOMCounters');
  return { heapBytes, nodes, listeners };
}

/** Exchanges from number `from` to `to`, and what the page holds then. */
export async function liveUntil(
  rig: Rig,
  { from, to, debuggerOf }: { from: number; to: number; debuggerOf: CDPSession },
): Promise<Memory> {
  for (let turn = from; turn <= to; turn++) await exchange(rig, turn);
  await eventually('the last line', async () => {
    const lines = await rig.page.locator('.log .line').count();
    return lines >= 2 * to || undefined;
  });
  return memoryOf(rig, debuggerOf);
}
