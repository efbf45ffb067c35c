/** Accounts in the page, at the server's own routes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { launchChromium, withoutChromium, type Chromium } from '../../../test/support/chromium.ts';
import { startTestServer, type TestServer } from '../../../test/support/server.ts';
import { ensureBuilt } from '../build.ts';
import { axeProblems } from './support/axe.ts';
import { agree, button, focused, gone, picture, shows } from './support/page.ts';

const PASSWORD = 'a quiet lamp in the hallway';
const OTHER_PASSWORD = 'seven herons over the weir';

let pageDir: string;
beforeAll(async () => {
  pageDir = await ensureBuilt();
}, 60_000);

async function open(server: TestServer, look: Parameters<typeof launchChromium>[0] = {}): Promise<Chromium> {
  const browser = await launchChromium(look);
  await browser.page.goto(server.url);
  await browser.page.waitForSelector('.app');
  return browser;
}

async function fill(page: Page, email: string, password: string): Promise<void> {
  await page.fill('dialog input[name=email]', email);
  await page.fill('dialog .secret input', password);
  await page.keyboard.press('Enter');
}

describe.skipIf(withoutChromium('accounts in the page'))('where people must sign in', { timeout: 60_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    const env = { AUTH: 'required', AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe' };
    server = await startTestServer({ env, pageDir });
  }, 60_000);
  afterAll(() => server.close());

  test('who starts to talk is asked to sign in, makes an account, and talks', async () => {
    await using browser = await open(server);
    const { page } = browser;
    await page.click('.home .primary');
    await shows(page, 'dialog h2', 'Sign in');
    await shows(page, 'dialog', 'Please sign in to talk.');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'sign-in-wide-light');
    await button(page, 'No account yet? Create one').click();
    await shows(page, 'dialog h2', 'Create an account');
    await fill(page, 'ada@example.org', 'too short');
    await shows(page, 'dialog .problem', 'too short or too easy to guess');
    await button(page, 'Show').click();
    expect(await page.locator('dialog .secret input').inputValue()).toBe('too short');
    await fill(page, 'ada@example.org', PASSWORD);
    await gone(page, 'dialog');
    await shows(page, '.account-button', 'Your account');
    await page.click('.home .primary');
    await agree(page);
    await shows(page, '.status', 'Coach is speaking');
    // What was refused is in the console: signing in is no fault of the page's.
    expect(browser.errors.filter((error) => !/status of (400|401)/.test(error))).toEqual([]);
  });

  test('the history asks for it, too; a wrong password is said to be; Esc leaves', async () => {
    await using browser = await open(server);
    const { page } = browser;
    await shows(page, '.account-button', 'Sign in');
    await button(page, 'History').click();
    await shows(page, 'dialog h2', 'Sign in');
    await fill(page, 'ada@example.org', 'not the password at all');
    await shows(page, 'dialog .problem', 'The email address or the password is wrong.');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    expect(await page.locator('.session').count()).toBe(0);
  });
});

describe.skipIf(withoutChromium('accounts in the page'))('where guests are let in', { timeout: 60_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe' }, pageDir });
  }, 60_000);
  afterAll(() => server.close());

  test('a guest who makes an account keeps the history, and sees and ends sign-ins, in German', async () => {
    await using browser = await open(server, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const { page } = browser;
    await page.evaluate(() => document.querySelector('kuku-coach')?.setAttribute('lang', 'de'));
    await page.evaluate(async () => {
      const answer = await fetch('/api/sessions', { method: 'POST' });
      const { data } = (await answer.json()) as { data: { sessionId: string } };
      await fetch(`/api/sessions/${data.sessionId}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'My otter is restless' }),
      });
    });
    await button(page, 'Anmelden').first().click();
    await button(page, 'Noch kein Konto? Leg eines an').click();
    await shows(page, 'dialog', 'als Gast');
    await picture(page, 'sign-up-phone-dark-de');
    await fill(page, 'otto@example.org', PASSWORD);
    await gone(page, 'dialog');
    await button(page, 'Verlauf').click();
    await page.waitForSelector('.session');

    await using elsewhere = await open(server);
    await button(elsewhere.page, 'Sign in').click();
    await fill(elsewhere.page, 'otto@example.org', PASSWORD);
    await shows(elsewhere.page, '.account-button', 'Your account');

    await page.reload();
    await page.evaluate(() => document.querySelector('kuku-coach')?.setAttribute('lang', 'de'));
    await button(page, 'Dein Konto').click();
    await shows(page, 'dialog .person', 'otto@example.org');
    expect(await page.locator('.sign-ins li').count()).toBe(2);
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'account-phone-dark-de');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    expect(await focused(page)).toBe('Dein Konto');
    // All of the head fits on a narrow phone.
    await page.setViewportSize({ width: 360, height: 740 });
    const settings = await button(page, 'Einstellungen').boundingBox();
    expect((settings?.x ?? 360) + (settings?.width ?? 0)).toBeLessThanOrEqual(360);
    await picture(page, 'head-narrow-dark-de');
    await button(page, 'Dein Konto').click();
    await button(page, 'Dort abmelden').click();
    await gone(page, '.sign-ins li:nth-child(2)');
    await elsewhere.page.reload();
    await shows(elsewhere.page, '.account-button', 'Sign in');

    await page.click('dialog summary');
    await page.fill('dialog details .field:nth-of-type(1) input', PASSWORD);
    await page.fill('dialog details .field:nth-of-type(2) input', OTHER_PASSWORD);
    await page.keyboard.press('Enter');
    await shows(page, 'dialog [role=status]', 'Das Passwort ist geändert');
    await button(page, 'Abmelden').click();
    await gone(page, 'dialog');
    await shows(page, '.account-button', 'Anmelden');
  });

  test('an element with a token of its own leaves accounts to its page', async () => {
    await using browser = await open(server);
    const { page } = browser;
    await shows(page, '.account-button', 'Sign in');
    await page.evaluate(() => document.querySelector('kuku-coach')?.setAttribute('token', 'x'));
    await gone(page, '.account-button');
    expect(await button(page, 'Settings').isVisible()).toBe(true);
  });
});
