/** Off the record and private sessions in the page, at the server's own routes. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  launchChromium,
  withoutChromium,
  type Chromium,
  type ChromiumOptions,
} from '../../../test/support/chromium.ts';
import { startTestServer, type TestServer } from '../../../test/support/server.ts';
import { ensureBuilt } from '../build.ts';
import { axeProblems } from './support/axe.ts';
import { agree, gone, picture, say, shows, textOf } from './support/page.ts';

interface Listed {
  data: { sessions: { sessionId: string }[] };
}

describe.skipIf(withoutChromium('privacy in the page'))('privacy in the page', { timeout: 60_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ pageDir: await ensureBuilt() });
  }, 60_000);
  afterAll(() => server.close());

  async function open(look: ChromiumOptions = {}, lang = 'en'): Promise<Chromium> {
    const browser = await launchChromium({ reducedMotion: 'reduce', ...look });
    await browser.page.goto(server.url);
    await browser.page.evaluate((lang) => document.querySelector('kuku-coach')?.setAttribute('lang', lang), lang);
    return browser;
  }

  test('whoever is new agrees to what happens to their words, once, and again when the text has changed', async () => {
    await using browser = await open({ viewport: { width: 390, height: 844 } });
    const { page } = browser;
    await page.click('.home .primary');
    await shows(page, 'dialog', 'an AI, and no therapist');
    await shows(page, '.consent-text', 'Your words are kept.');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'consent-phone-light');
    await page.getByRole('button', { name: 'Not now' }).click();
    await gone(page, 'dialog');
    await page.click('.home .primary');
    // Drawn a frame later, on a busy machine more: before it, the key is the start button's again.
    await page.locator('dialog.consent .primary:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.log .coach');
    expect(await consent(page)).toMatchObject({ version: 'v1', givenAt: expect.any(String) });

    await page.reload();
    await page.getByRole('button', { name: 'Start a new session' }).click();
    await page.click('.home .primary');
    await page.waitForSelector('.log .coach');
    expect(await page.locator('dialog').count()).toBe(0);

    // Shown before, and changed while it was read.
    await page.route('**/api/consent', async (route) => {
      const answer = await route.fetch();
      const { data } = (await answer.json()) as { data: object };
      await route.fulfill({ json: { success: true, data: { ...data, version: 'v0', givenAt: null } } });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Start a new session' }).click();
    await page.click('.home .primary');
    await page.getByRole('button', { name: 'Agree and start' }).click();
    await gone(page, '.talk');
    await page.waitForSelector('dialog.consent');
    await page.unroute('**/api/consent');
    await page.reload();
    await page.click('.home .primary');
    await page.waitForSelector('.log .coach');
    expect(browser.errors.filter((error) => !error.includes('409'))).toEqual([]);
  });

  test('where the server wants it, nobody talks who was not asked', async () => {
    const strict = await startTestServer({ env: { CONSENT: 'required' }, pageDir: await ensureBuilt() });
    await using browser = await launchChromium({ colorScheme: 'dark' });
    const { page } = browser;
    // The first look fails, so that the page does not know.
    let asked = 0;
    await page.route('**/api/consent', (route) => (asked++ === 0 ? route.abort() : route.continue()));
    await page.goto(strict.url);
    await page.waitForSelector('.home');
    await page.waitForFunction(() => performance.getEntriesByName(new URL('/api/consent', location.href).href).length);
    await page.click('.home .primary');
    await shows(page, '.consent-text', 'Your words are kept.');
    await picture(page, 'consent-wide-dark');
    await agree(page);
    await page.waitForSelector('.log .coach');
    expect(await consent(page)).toMatchObject({ version: 'v1', givenAt: expect.any(String) });
    await strict.close();
  });

  test('a button takes the talk off the record; back on it, a gap stands for what was said', async () => {
    await using browser = await open();
    const { page } = browser;
    await type(page, 'I’d rather type');
    const record = page.getByRole('button', { name: 'Off record' });
    expect(await record.getAttribute('aria-pressed')).toBe('false');
    await say(page, 'The lemon tree is kept');
    await shows(page, '.log .coach', 'You said The lemon tree is kept.');
    await record.click();
    await shows(page, '.privacy', 'what is said now is not kept');
    expect(await record.getAttribute('aria-pressed')).toBe('true');
    await say(page, 'The purple otter is a secret');
    await shows(page, '.log .coach', 'You said The purple otter is a secret.');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'off-record-wide-light');
    await record.click();
    await shows(page, '.gap', 'Off the record');
    expect(await textOf(page, '.captions')).not.toContain('otter');
    expect(await textOf(page, '.captions')).toContain('You said The lemon tree is kept.');
    expect(await textOf(page, '.privacy')).toBe('');
    await say(page, 'The pear tree is kept');
    await shows(page, '.log .coach', 'You said The pear tree is kept.');
    await page.reload();
    await page.getByRole('button', { name: 'Go on' }).click();
    await shows(page, '.log', 'The pear tree is kept');
    await shows(page, '.gap', 'Off the record');
    expect(await textOf(page, '.captions')).not.toContain('otter');
    expect(browser.errors).toEqual([]);
  });

  test('the button shows it, too, when it was said; the words that said it are in the gap', async () => {
    await using browser = await open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, 'de');
    const { page } = browser;
    await type(page, 'Ich tippe lieber');
    const record = page.getByRole('button', { name: 'Unter uns' });
    await say(page, 'Off the record, my boss is a walrus');
    await shows(page, '.privacy', 'Was jetzt gesagt wird');
    expect(await record.getAttribute('aria-pressed')).toBe('true');
    await shows(page, '.log', 'walrus');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'off-record-narrow-dark-de');
    await record.click();
    await shows(page, '.gap', 'Unter uns gesagt');
    await gone(page, '.log .you');
    expect(browser.errors).toEqual([]);
  });

  test('a private session says so while one talks and at its end, and leaves nothing that was said', async () => {
    await using browser = await open({ viewport: { width: 390, height: 844 } });
    const { page } = browser;
    await shows(page, '.lead', 'It is an AI, and no therapist.');
    await page.getByRole('checkbox', { name: 'Private: nothing of this talk is kept' }).check();
    await picture(page, 'private-start-phone-light');
    await type(page, 'I’d rather type');
    await shows(page, '.privacy', 'Private: nothing of this talk is kept');
    expect(await page.locator('.record').count()).toBe(0);
    await say(page, 'The purple otter is a secret');
    await shows(page, '.log .coach', 'otter');
    await picture(page, 'private-talk-phone-light');
    await page.locator('.end').click();
    await page.getByRole('button', { name: 'Yes, wrap up' }).click();
    await page.waitForSelector('.recap');
    await shows(page, '.over', 'the recap is only here');
    expect(await page.locator('.rating').count()).toBe(0);
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'private-end-phone-light');
    await page.getByRole('button', { name: 'History' }).click();
    await shows(page, '.session-title', 'Private session');
    await page.locator('.session').first().click();
    await page.waitForSelector('.one-session .remove');
    await shows(page, '.history', 'nothing that was said is kept');
    expect(await textOf(page, '.history')).not.toContain('otter');
    const answer = await page.evaluate(async () => (await fetch('/api/sessions')).json() as Promise<Listed>);
    const [{ sessionId } = { sessionId: '' }] = answer.data.sessions;
    expect(await server.archive.session(sessionId)).toBeDefined();
    expect(await server.archive.messages(sessionId)).toEqual([]);
    expect(browser.errors.filter((error) => !error.includes('404'))).toEqual([]);
  });

  test('a private session that could not be started is private when it is tried again', async () => {
    await using browser = await open();
    const { page } = browser;
    const wished: unknown[] = [];
    await page.route('**/api/sessions', (route) => {
      wished.push(route.request().postDataJSON());
      const refusal = { status: 400, json: { success: false, error: 'Not now', code: 'bad_request' } };
      return wished.length === 1 ? route.fulfill(refusal) : route.continue();
    });
    await page.getByRole('checkbox', { name: /^Private/ }).check();
    await page.getByRole('button', { name: 'I’d rather type' }).click();
    await agree(page);
    await page.getByRole('button', { name: 'Try again' }).click();
    await shows(page, '.privacy', 'Private: nothing of this talk is kept');
    expect(wished).toEqual([
      { ephemeral: true, consent: 'v1' },
      { ephemeral: true, consent: 'v1' },
    ]);
  });
});

interface Answered {
  data: { version: string; givenAt: string | null };
}

async function consent(page: Page): Promise<Answered['data']> {
  const { data } = await page.evaluate(async () => (await fetch('/api/consent')).json() as Promise<Answered>);
  return data;
}

async function type(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await agree(page);
  await page.waitForSelector('.log .coach');
}
