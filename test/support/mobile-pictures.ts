/**
 * Takes the pictures of the app for the documentation, in a browser, of the scripted server:
 * `node test/support/mobile-pictures.ts [folder]`, by default `docs/images`.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { MESSAGES, PAST, RECAP } from '../../clients/browser/test/support/sample.ts';
import { startScriptedServer, VIEW, type ScriptedServer } from '../../clients/browser/test/support/scripted-server.ts';
import { babble } from '../../clients/browser/test/support/sound.ts';
import { launchChromium } from './chromium.ts';
import { goIn, serveMobileApp } from './mobile-app.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../../docs/images');
const WANTED = new Set([
  'welcome-light',

  'talk-dark',
  'wrap-up-light',
  'recap-light',
  'history-dark',
]);

type Shoot = (state: string) => Promise<void>;

async function visit(page: Page, server: ScriptedServer, shoot: Shoot): Promise<void> {
  await shoot('home');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await server.heard('hello');
  server.send({ type: 'session.state', ...VIEW, stage: 'reality', elapsedMs: 700_000, remainingMs: 1_100_000 });
  server.send({ type: 'turn.started', turn: 3, inReplyTo: 2 });
  server.send({ type: 'transcript.coach', turn: 3, text: 'You would leave at six. What stands in the way right now?' });
  server.speak(3, babble({ seed: 3, seconds: 6, rate: 24_000 }), { last: false });
  await page.waitForTimeout(2000);
  await shoot('talk');
  await page.getByRole('button', { name: 'Settings' }).click();
  await shoot('settings');
  await page.getByRole('button', { name: 'Close' }).click();
  const wrapUp = { proposalId: 'p1', reason: 'goal', expiresInMs: 47_000 };
  server.send({ type: 'session.state', ...VIEW, stage: 'way_forward', phase: 'confirming', wrapUp });
  await page.getByRole('button', { name: 'Yes, wrap up' }).waitFor();
  await shoot('wrap-up');
  await page.getByRole('button', { name: 'Yes, wrap up' }).click();
  server.send({ type: 'session.state', ...VIEW, phase: 'closing' });
  server.send({ type: 'session.ended', reason: 'confirmed', recap: RECAP });
  await page.waitForTimeout(200);
  server.close(1000, 'session over');
  await page.getByTestId('recap-summary').waitFor();
  await shoot('recap');
  await page.getByRole('button', { name: 'Start a new session' }).click();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByLabel('Search in what was said').fill('e');
  await page.getByTestId('mark').first().waitFor();
  await shoot('history');
}

await using app = await serveMobileApp();
for (const colorScheme of ['light', 'dark'] as const) {
  await using server = await startScriptedServer({ past: PAST, messages: MESSAGES.slice(2), embeddable: true });
  await using browser = await launchChromium({ colorScheme, viewport: { width: 390, height: 844 } });
  const { page } = browser;
  const me = { success: true, data: { user: null, accounts: true, guests: true } };
  const headers = { 'access-control-allow-origin': app.url, 'access-control-allow-credentials': 'true' };
  await page.route('**/api/auth/me', (route) => route.fulfill({ json: me, headers }));
  const shoot: Shoot = async (state) => {
    await page.waitForTimeout(900);
    const file = `${state}-${colorScheme}`;
    if (WANTED.has(file)) await page.screenshot({ path: join(folder, `app-${file}.png`) });
  };
  await goIn(page, app, server, () => shoot('welcome'));
  await visit(page, server, shoot);
}
