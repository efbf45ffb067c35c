/** What a person can do with what is kept of them: name it, go on with it, take it along, have it removed. */
import { readFile } from 'node:fs/promises';
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
import { agree, button, focused, gone, picture, shows } from './support/page.ts';

const PERSON = { email: 'ada@example.org', password: 'a quiet lamp in the hallway' };

describe.skipIf(withoutChromium('my data in the page'))('what is kept of a person', { timeout: 60_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    const env = { AUTH_SECRET: 'nIHjJYtZcTtz9Kp4XnWvGm2QbRf7LxUe' };
    server = await startTestServer({ env, pageDir: await ensureBuilt() });
  }, 60_000);
  afterAll(() => server.close());

  async function open(look: ChromiumOptions = {}, lang = 'en'): Promise<Chromium> {
    const browser = await launchChromium({ reducedMotion: 'reduce', ...look });
    await browser.page.goto(server.url);
    await speak(browser.page, lang);
    return browser;
  }

  test('a session is named in the history, Esc leaves it as it was, and it can be gone on with', async () => {
    await using browser = await open({ viewport: { width: 390, height: 844 } });
    const { page } = browser;
    const sessionId = await pastSession(page);
    await button(page, 'History').click();
    await page.locator('.session').first().click();
    await button(page, 'Rename').click();
    const field = page.getByRole('textbox', { name: 'Name of this session' });
    await field.fill('Otters');
    await picture(page, 'rename-phone-light');
    expect(await axeProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await gone(page, '.rename');
    expect(await focused(page)).toBe('Rename');
    expect((await server.archive.session(sessionId))?.title).not.toBe('Otters');
    await page.keyboard.press('Enter');
    await field.fill('My restless otter');
    await page.keyboard.press('Enter');
    await shows(page, '.history h1', 'My restless otter');
    expect((await server.archive.session(sessionId))?.title).toBe('My restless otter');
    await picture(page, 'past-phone-light');
    await button(page, 'Back').click();
    await shows(page, '.session-title', 'My restless otter');
    await page.locator('.session').first().click();
    const created = page.waitForRequest(
      (request) => request.method() === 'POST' && request.url().endsWith('/sessions'),
    );
    await button(page, 'Talk on from here').click();
    await agree(page);
    expect((await created).postDataJSON()).toEqual({ continues: sessionId, consent: 'v1' });
    await page.waitForSelector('.log .coach');
    expect(browser.errors.filter((error) => !error.includes('404'))).toEqual([]);
  });

  test('a guest takes all of it along, and has it deleted after being asked once more, in German', async () => {
    await using browser = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, 'de');
    const { page } = browser;
    const sessionId = await pastSession(page);
    await button(page, 'Einstellungen').click();
    await button(page, 'Meine Daten').click();
    await shows(page, 'dialog summary', 'Was mit deinen Worten geschieht');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'my-data-phone-dark-de');
    const downloading = page.waitForEvent('download');
    await button(page, 'Alles herunterladen').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^kuku-coach-[\d-]+\.zip$/);
    // The names of files in a zip are not compressed.
    const zip = await readFile(await download.path(), 'latin1');
    expect(zip).toContain('me.json');
    expect(zip).toContain(sessionId);
    await shows(page, 'dialog [role=status]', 'Dein Download ist da.');

    await button(page, 'Alles löschen…').click();
    await shows(page, 'dialog h2', 'Alles endgültig löschen?');
    expect(await focused(page)).toBe('Abbrechen');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'delete-phone-dark-de');
    await page.keyboard.press('Enter');
    await shows(page, 'dialog h2', 'Meine Daten');
    expect(await server.archive.session(sessionId)).toBeDefined();
    await button(page, 'Alles löschen…').click();
    await button(page, 'Ja, alles löschen').click();
    await shows(page, 'dialog [role=status]', 'Alles ist gelöscht.');
    expect(await server.archive.session(sessionId)).toBeUndefined();
    await button(page, 'Alles herunterladen').click();
    await shows(page, 'dialog [role=status]', 'Hier wird nichts von dir aufbewahrt.');
    await page.keyboard.press('Escape');
    await button(page, 'Verlauf').click();
    await shows(page, '.history', 'Noch kein Gespräch.');
    expect(browser.errors.filter((error) => !error.includes('404'))).toEqual([]);
  });

  test('an account goes with it', async () => {
    await using browser = await open();
    const { page } = browser;
    for (const path of ['sign-up', 'sign-in']) await post(page, `/api/auth/${path}`, PERSON);
    await page.reload();
    const sessionId = await pastSession(page);
    await button(page, 'Your account').click();
    await button(page, 'My data').click();
    await picture(page, 'my-data-wide-light');
    await button(page, 'Delete everything…').click();
    await button(page, 'Yes, delete everything').click();
    await shows(page, 'dialog [role=status]', 'Everything was deleted.');
    await shows(page, '.account-button', 'Sign in');
    expect(await server.archive.session(sessionId)).toBeUndefined();
    await page.keyboard.press('Escape');
    await button(page, 'Sign in').click();
    await page.fill('dialog input[name=email]', PERSON.email);
    await page.fill('dialog .secret input', PERSON.password);
    await page.keyboard.press('Enter');
    await shows(page, 'dialog .problem', 'is wrong');
  });
});

const speak = (page: Page, lang: string) =>
  page.evaluate((wanted) => document.querySelector('kuku-coach')?.setAttribute('lang', wanted), lang);

function post(page: Page, path: string, body: object): Promise<{ data: { sessionId: string } }> {
  return page.evaluate(
    async ([url, sent]) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: sent });
      return (await answer.json()) as { data: { sessionId: string } };
    },
    [path, JSON.stringify(body)] as const,
  );
}

/** A session that is over, of whoever this browser is. */
async function pastSession(page: Page): Promise<string> {
  const { sessionId } = (await post(page, '/api/sessions', {})).data;
  await post(page, `/api/sessions/${sessionId}/messages`, { text: 'My otter is restless' });
  await post(page, `/api/sessions/${sessionId}/end`, {});
  return sessionId;
}
