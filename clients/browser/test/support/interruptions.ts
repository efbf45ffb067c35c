/** How fast the loudspeaker falls silent when a person begins to speak: the real server, page, detector and sound. */
import type { Page } from 'playwright-core';
import { launchChromium } from '../../../../test/support/chromium.ts';
import { notesOf, recordedOutput, speak, tapOutput, type Recording } from './output-tap.ts';
import { eventually } from './scripted-server.ts';
import { begin } from './page.ts';

const MIC_RATE = 16_000;
/** Frames of 5 ms of this loudness (root mean square) are sound. */
const AUDIBLE = 0.003;
const FRAME_SECONDS = 0.005;
const HEARD_MS = 900;
/** A voice that pauses for longer has fallen silent. */
const SILENT_SECONDS = 0.4;

/**
 * Breaks into the greeting of a new session with each clip (16 kHz, beginning with speech). Answers with milliseconds
 * from the first of it in the microphone to the last sound of the loudspeaker, measured in samples of one clock.
 */
export async function interruptGreetings(url: string, clips: readonly Int16Array[]): Promise<number[]> {
  await using browser = await launchChromium({ bypassCSP: true });
  const { page } = browser;
  await tapOutput(page, { person: true });
  const found: number[] = [];
  for (const clip of clips) {
    await page.goto(url);
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await begin(page);
    await eventually('the coach heard', async () => {
      const reports = await notesOf(page, 'playback');
      const heard = reports.some(({ text }) => (JSON.parse(text) as { playedMs: number }).playedMs > HEARD_MS);
      return heard || undefined;
    });
    await speak(page, clip, MIC_RATE);
    await eventually('silence', async () => (await notesOf(page, 'playback.cleared'))[0]);
    // For the tap to have posted it.
    await page.waitForTimeout(300);
    found.push(await silentAfterMs(page));
  }
  return found;
}

async function silentAfterMs(page: Page): Promise<number> {
  const [spoke] = soundsOf(await recordedOutput(page, 'microphone'));
  const heard = soundsOf(await recordedOutput(page));
  if (!spoke) throw new Error('nothing was said into the microphone');
  if (!heard.some(({ from }) => from < spoke.from)) throw new Error('the coach was not heard before');
  const interrupted = heard.findLast(({ from }) => from <= spoke.from);
  return Math.round(Math.max(0, (interrupted?.to ?? spoke.from) - spoke.from) * 1000);
}

/** Stretches of sound, in seconds; shorter pauses are part of them. */
function soundsOf({ samples, rate }: Recording): { from: number; to: number }[] {
  const frame = Math.round(rate * FRAME_SECONDS);
  const sounds: { from: number; to: number }[] = [];
  for (let at = 0; at + frame <= samples.length; at += frame) {
    let sum = 0;
    for (let i = at; i < at + frame; i++) sum += (samples[i] ?? 0) ** 2;
    if (Math.sqrt(sum / frame) <= AUDIBLE) continue;
    const last = sounds.at(-1);
    if (last && at / rate - last.to < SILENT_SECONDS) last.to = (at + frame) / rate;
    else sounds.push({ from: at / rate, to: (at + frame) / rate });
  }
  return sounds;
}
