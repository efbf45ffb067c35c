/** The exported app in Chromium, and the real server: recorded human speech, the local recogniser and voice. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fidelity } from '../../clients/browser/test/support/fidelity.ts';
import { startLastingServer, type LastingServer } from '../../clients/browser/test/support/lasting-server.ts';
import { recordedOutput, tapOutput } from '../../clients/browser/test/support/output-tap.ts';
import { wavOf } from '../../clients/browser/test/support/sound.ts';
import { decodeFrame } from '../../protocol/audio-frame.ts';
import { createResampler } from '../../protocol/resample.ts';
import { launchChromium, withoutChromium } from '../support/chromium.ts';
import { loadClip } from '../support/clips.ts';
import { begin, goIn, serveMobileApp, withoutMobileApp, type MobileApp } from '../support/mobile-app.ts';
import { onSteadyMachine } from '../support/steady-machine.ts';

const MIC_RATE = 48_000;
/** When the person breaks into the greeting, after the microphone was opened. */
const SPOKEN_AT_SECONDS = 3;
const LONG_MS = 40_000;
const PHONE = { viewport: { width: 390, height: 844 } };

let app: MobileApp;
let server: LastingServer;
let folder: string;
let microphoneWav: string;
const skip = withoutMobileApp('the app') || withoutChromium('the app');

beforeAll(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'kuku-app-'));
  microphoneWav = join(folder, 'mic.wav');
  const resampler = createResampler(16_000, MIC_RATE);
  const recording = new Int16Array(MIC_RATE * 20);
  const first = resampler.push(loadClip('arctic24').pcm);
  recording.set(first, SPOKEN_AT_SECONDS * MIC_RATE);
  recording.set(resampler.flush(), SPOKEN_AT_SECONDS * MIC_RATE + first.length);
  app = await serveMobileApp();
  [server] = await Promise.all([
    startLastingServer({ ALLOWED_ORIGINS: app.url, CONSENT: 'required', CARE_COUNTRY: 'GB' }),
    writeFile(microphoneWav, wavOf(recording, MIC_RATE)),
  ]);
}, 90_000);

afterAll(async () => {
  if (skip) return;
  await server[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const ALIKE = 0.99;

/**
 * How alike the audible half seconds of what was sent are to what the microphone delivered, each by itself, until
 * `enough` of them were alike. By itself: on a busy machine the browser gives two listeners of one microphone different
 * gaps, and all that follows lies elsewhere. That the engine loses no sample is held by the page's own tests.
 */
async function likenesses(page: Page, sent: readonly Uint8Array[], enough: number): Promise<number[]> {
  const frames = sent.map((bytes) => decodeFrame(new Uint8Array(bytes)));
  const heard = Int16Array.from(frames.flatMap((result) => (result.ok ? Array.from(result.frame.pcm) : [])));
  const delivered = await recordedOutput(page, 'microphone');
  const found: number[] = [];
  for (let at = 0; at + 8000 <= heard.length; at += 8000) {
    const half = heard.subarray(at, at + 8000);
    // Silence is like any silence, and costs as much to compare.
    if (!half.some((sample) => Math.abs(sample) > 1000)) continue;
    const { least, halfSeconds } = fidelity(delivered, half, 16_000);
    if (halfSeconds === 1) found.push(least);
    if (found.filter((alike) => alike >= ALIKE).length >= enough) break;
  }
  return found;
}

describe.skipIf(skip)('the app in a browser', { timeout: 300_000 }, () => {
  test('is talked to, broken into, wrapped up by a tap, rated, and found in the history', () =>
    onSteadyMachine(async () => {
      await using browser = await launchChromium({ ...PHONE, microphoneWav, bypassCSP: true });
      const { page, errors } = browser;
      const sent: Buffer[] = [];
      page.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          if (typeof payload !== 'string') sent.push(payload);
        }),
      );
      await tapOutput(page, { rawMicrophone: true });
      await goIn(page, app, server);
      await begin(page, 'Start talking');
      await page.getByTestId('mood-speaking').waitFor({ timeout: LONG_MS });
      await page.getByTestId('you-partial').first().waitFor({ timeout: LONG_MS });
      await page.getByTestId('you-final').first().waitFor({ timeout: LONG_MS });
      expect(await page.getByTestId('you-final').first().textContent()).toMatch(/reports .*north/i);
      // The greeting ends in mid-sentence, where it was broken into.
      expect(await page.getByTestId('coach-final').first().textContent()).toMatch(/—$/);

      const alike = await likenesses(page, sent, 3);
      console.info(`the app’s capture, half seconds: ${alike.map((part) => part.toFixed(4)).join(' ')}`);
      expect(alike.filter((part) => part >= ALIKE).length).toBeGreaterThanOrEqual(3);

      await page.getByRole('button', { name: 'Wrap up' }).click();
      await page.getByRole('button', { name: 'Yes, wrap up' }).click();
      await page.getByTestId('recap-summary').waitFor({ timeout: LONG_MS });
      expect((await page.getByTestId('recap-summary').textContent())?.length).toBeGreaterThan(20);
      await page.getByRole('radio', { name: '5 stars' }).click();
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByText('Thank you.').waitFor();

      await page.getByRole('button', { name: 'Start a new session' }).click();
      await page.getByRole('button', { name: 'History' }).click();
      await page.getByLabel('Search in what was said').fill('reports');
      await page.getByTestId('mark').first().waitFor({ timeout: LONG_MS });
      await page
        .getByRole('button', { name: /message/ })
        .first()
        .click();
      await page.getByText('What was said').waitFor();
      expect(await page.getByTestId('you-final').first().textContent()).toMatch(/north/i);
      // A server without accounts knows no such address.
      expect(errors.filter((error) => !error.includes('/api/auth/me'))).toEqual([]);
    }));

  test('goes on after it was killed, and after the server was', async () => {
    await using browser = await launchChromium(PHONE);
    const { page } = browser;
    await goIn(page, app, server);
    await begin(page, 'I’d rather type');
    await say(page, 'I want to talk about my job. My manager gives me too much work.');
    const said = page.getByTestId('you-final').filter({ hasText: 'too much work' });
    await said.waitFor({ timeout: LONG_MS });

    await page.reload();
    await page.getByText('You are in the middle of a session.').waitFor({ timeout: LONG_MS });
    await page.getByRole('button', { name: 'Go on' }).click();
    await said.waitFor({ timeout: LONG_MS });

    await server.kill();
    await page.getByTestId('line-banner').waitFor({ timeout: LONG_MS });
    await server.start();
    await page.getByTestId('line-banner').waitFor({ state: 'detached', timeout: LONG_MS });
    await said.waitFor();
    await page.getByRole('button', { name: 'Wrap up' }).click();
    await page.getByRole('button', { name: 'Yes, wrap up' }).click();
    await page.getByTestId('recap-summary').waitFor({ timeout: LONG_MS });
    expect((await page.getByTestId('recap-summary').textContent())?.length).toBeGreaterThan(20);
  });

  test('starts nothing before the person agrees, asks once, takes words off the record, and names help', async () => {
    await using browser = await launchChromium(PHONE);
    const { page, errors } = browser;
    await goIn(page, app, server);
    await page.getByRole('button', { name: 'I’d rather type' }).click();
    await page.getByText('It is no therapist, and no help in an emergency.').waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByText('Without your agreement there is no session.').waitFor();
    await begin(page, 'I’d rather type');
    await say(page, 'I want to talk about my job.');
    const record = page.getByRole('switch', { name: 'Off record' });
    await record.click();
    await page.getByText('Off the record: what is said now is not kept.').waitFor();
    await say(page, 'My manager is a walrus.');
    await page.getByText('You · Off the record').waitFor({ timeout: LONG_MS });
    await record.click();
    await page.getByText('walrus').first().waitFor({ state: 'detached', timeout: LONG_MS });

    await say(page, 'I want to kill myself.');
    const samaritans = page.getByRole('link', { name: 'Samaritans: 116 123' });
    await samaritans.waitFor({ timeout: LONG_MS });
    expect(await samaritans.getAttribute('href')).toBe('tel:116123');
    expect(await page.getByRole('button', { name: 'Wrap up' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Leave for now' }).click();
    await page.getByText('You are in the middle of a session.').waitFor();
    expect(await samaritans.isVisible()).toBe(true);

    await page.reload();
    await page.getByRole('button', { name: 'Start a new session' }).click();
    await page.getByRole('switch', { name: 'Private: nothing of this talk is kept' }).click();
    await page.getByRole('button', { name: 'I’d rather type' }).click();
    await page.getByText('Private: nothing of this talk is kept').waitFor({ timeout: LONG_MS });
    await page.getByTestId('coach-final').first().waitFor({ timeout: LONG_MS });
    expect(errors.filter((error) => !error.includes('/api/auth/me'))).toEqual([]);
  });
});

async function say(page: Page, text: string): Promise<void> {
  const field = page.getByLabel('Type instead of talking');
  await page.getByText('Type to your coach').waitFor({ timeout: LONG_MS });
  await field.fill(text);
  await field.press('Enter');
}
