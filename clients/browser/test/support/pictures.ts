/**
 * Takes the pictures of the documentation: `node clients/browser/test/support/pictures.ts [folder]`, by default
 * `docs/images`. They are of the scripted server, so that they are the same each time.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../../../test/support/chromium.ts';
import { MESSAGES, PAST, RECAP } from './sample.ts';
import { startScriptedServer, VIEW, type ScriptedServer } from './scripted-server.ts';
import { babble } from './sound.ts';

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
      if (WANTED.has(file)) await page.screenshot({ path: join(folder, `${file}.png`) });
    });
  }
}
