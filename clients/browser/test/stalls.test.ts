/** Speech over a line that stalls, measured at the loudspeaker: what was played against what was sent. */
import { describe, expect, test } from 'vitest';
import { launchChromium, withoutChromium } from '../../../test/support/chromium.ts';
import { onSteadyMachine } from '../../../test/support/steady-machine.ts';
import { compare, type Comparison } from './support/gaps.ts';
import { recordedOutput, tapOutput, tapReady } from './support/output-tap.ts';
import { eventually, startScriptedServer } from './support/scripted-server.ts';
import { babble, createRandom } from './support/sound.ts';

const SECONDS = 12;
const SEED = 31;

interface Line {
  aheadMs: number;
  lateMs: (frame: number) => number;
}

/** A turn over such a line, as it came out of the loudspeaker. */
async function listen({ aheadMs, lateMs }: Line): Promise<Comparison> {
  await using server = await startScriptedServer();
  await using browser = await launchChromium({ bypassCSP: true });
  await tapOutput(browser.page);
  await browser.page.goto(server.url);
  await browser.page.click('.home .primary');
  await server.heard('hello');
  await eventually('tapped output', async () => (await tapReady(browser.page)) || undefined);
  server.send({ type: 'turn.started', turn: 1, inReplyTo: null });
  const pcm = babble({ seed: SEED, seconds: SECONDS, rate: 24_000 });
  await server.stream(1, pcm, { aheadMs, lateMs });
  server.send({ type: 'audio.end', turn: 1, durationMs: SECONDS * 1000 });
  const ended = await server.heard('playback', ({ state }) => state === 'ended');
  expect(ended.playedMs).toBe(SECONDS * 1000);
  // The tap posts 23 ms at a time.
  await browser.page.waitForTimeout(200);
  const recording = await recordedOutput(browser.page);
  const found = compare(babble({ seed: SEED, seconds: SECONDS, rate: recording.rate }), recording);
  const { least, gaps, lostMs } = found;
  const pauses = gaps.map(({ atSeconds, ms }) => `${ms.toFixed(0)} ms at ${atSeconds.toFixed(2)} s`);
  console.info(`gaps: ${pauses.join(', ') || 'none'}; lost ${lostMs} ms; correlation at least ${least.toFixed(4)}`);
  return found;
}

describe.skipIf(withoutChromium('speech over a line that stalls'))('over a line that', { timeout: 120_000 }, () => {
  test('is 200 ms late with 2 % of the frames, the coach is heard without a gap when it is 300 ms ahead', () =>
    onSteadyMachine(async () => {
      const random = createRandom(7);
      const heard = await listen({ aheadMs: 300, lateMs: () => (random() < 0.02 ? 200 : 0) });
      expect(heard.gaps).toEqual([]);
      expect(heard.lostMs).toBe(0);
      expect(heard.least).toBeGreaterThan(0.98);
    }));

  test('stands still for 1.5 s, the coach pauses once and goes on where it was', () =>
    onSteadyMachine(async () => {
      const heard = await listen({ aheadMs: 1000, lateMs: (frame) => (frame === 200 ? 1500 : 0) });
      expect(heard.gaps).toHaveLength(1);
      const [gap] = heard.gaps;
      // It had been sent a second ahead, so that half a second was missing.
      expect(gap?.ms).toBeGreaterThan(400);
      expect(gap?.ms).toBeLessThan(900);
      expect(gap?.atSeconds).toBeCloseTo(4, 0);
      expect(heard.lostMs).toBe(0);
    }));
});
