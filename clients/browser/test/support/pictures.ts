/**
 * Takes the pictures of the documentation: `node clients/browser/test/support/pictures.ts`. Into another folder, when one
 * is named, it takes all: each state, light and dark, on a phone and wide. They are of the scripted server, so that they
 * are the same each time.
 */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../../../test/support/chromium.ts';
import { MESSAGES, PAST, RECAP } from './sample.ts';
import { startScriptedServer, VIEW, type ScriptedServer } from './scripted-server.ts';
import { babble } from './sound.ts';

const all = process.argv[2] !== undefined;
const folder = process.argv[2] ?? join(import.meta.dirname, '../../../../docs/images');

const LOOKS = [
  { name: 'phone', viewport: { width: 390, height: 844 } },
  { name: 'wide', viewport: { width: 1280, height: 800 } },
] as const;

type Shoot = (state: string) => Promise<void>;

/** Light on both kinds of screen, and dark where it shows most. */
const WANTED = new Set([
  'start-phone-light',
  'start-wide-dark',
  'talking-phone-dark',
  'talking-wide-light',
  'wrap-up-phone-light',
  'wrap-up-wide-dark',
  'recap-phone-dark',
  'recap-wide-light',
  'history-phone-light',
  'history-wide-dark',
]);

/** Of 256 colours, a third of the bytes; by `ffmpeg`, which the tests of uploads want as well. */
const PALETTE = 'split[a][b];[a]palettegen=stats_mode=single[palette];[b][palette]paletteuse=dither=sierra2_4a';

async function take(page: Page, path: string): Promise<void> {
  const whole = `${path}.whole.png`;
  await page.screenshot({ path: whole });
  await promisify(execFile)('ffmpeg', ['-y', '-loglevel', 'error', '-i', whole, '-vf', PALETTE, path]);
  await rm(whole);
}

async function visit(page: Page, server: ScriptedServer, shoot: Shoot): Promise<void> {
  await page.waitForSelector('.home');
  await shoot('start');
  await page.click('.home .primary');
  await server.heard('hello');
  server.send({ type: 'session.state', ...VIEW, stage: 'reality', elapsedMs: 700_000, remainingMs: 1_100_000 });
  server.send({ type: 'turn.started', turn: 3, inReplyTo: 2 });
  server.send({ type: 'transcript.coach', turn: 3, text: 'You would leave at six. What stands in the way right now?' });
  server.speak(3, babble({ seed: 3, seconds: 6, rate: 24_000 }), { last: false });
  await page.waitForTimeout(2000);
  await shoot('talking');
  const wrapUp = { proposalId: 'p1', reason: 'goal', expiresInMs: 47_000 };
  server.send({ type: 'session.state', ...VIEW, stage: 'way_forward', phase: 'confirming', wrapUp });
  await page.waitForSelector('dialog[open]');
  await shoot('wrap-up');
  await page.click('dialog .yes');
  server.send({ type: 'session.state', ...VIEW, phase: 'closing' });
  server.send({ type: 'session.ended', reason: 'confirmed', recap: RECAP });
  await page.waitForTimeout(200);
  server.close(1000, 'session over');
  await page.waitForSelector('.recap');
  await shoot('recap');
  await page.getByRole('button', { name: 'History' }).click();
  await page.waitForSelector('.session');
  await page.fill('.search input', 'e');
  await page.waitForSelector('mark');
  await page.fill('.search input', '');
  await page.waitForSelector('mark', { state: 'detached' });
  await shoot('history');
  if (!all) return;
  await page.locator('.session').first().click();
  await page.waitForSelector('.past');
  await shoot('past');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.waitForSelector('.switch');
  await shoot('settings');
  await page.getByRole('button', { name: 'How it works' }).click();
  await page.waitForSelector('kbd');
  await shoot('help');
  await page.keyboard.press('Escape');
  await page.reload();
  await page.waitForSelector('.home');
  await page.click('.home .primary');
  await page.waitForSelector('.status[data-mood="listening"]');
  await page.click('.mute');
  server.send({ type: 'notice', code: 'slow_provider', message: '' });
  await page.waitForSelector('.notice');
  await shoot('muted');
  await page.context().setOffline(true);
  server.cut();
  await page.waitForSelector('.banner');
  await shoot('offline');
  await page.context().setOffline(false);
}

for (const { name, viewport } of LOOKS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await using server = await startScriptedServer({ past: PAST, messages: MESSAGES.slice(2) });
    await using browser = await launchChromium({ colorScheme, viewport });
    const { page } = browser;
    await page.goto(server.url);
    await visit(page, server, async (state) => {
      const file = `${state}-${name}-${colorScheme}`;
      await page.waitForTimeout(700);
      if (all || WANTED.has(file)) await take(page, join(folder, `${file}.png`));
    });
  }
}
