/** Help lines in the page, of the server's own care. */
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
import { agree, focused, gone, picture, say, shows } from './support/page.ts';

const HARM = 'I want to kill myself';

describe.skipIf(withoutChromium('help lines in the page'))('somebody who speaks of harm', { timeout: 60_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { CARE_COUNTRY: 'GB' }, pageDir: await ensureBuilt() });
  }, 60_000);
  afterAll(() => server.close());

  async function talk(look: ChromiumOptions = {}, lang = 'en'): Promise<Chromium> {
    const browser = await launchChromium({ reducedMotion: 'reduce', ...look });
    const { page } = browser;
    await page.goto(server.url);
    await page.evaluate((lang) => document.querySelector('kuku-coach')?.setAttribute('lang', lang), lang);
    await page.getByRole('button', { name: lang === 'de' ? 'Ich tippe lieber' : 'I’d rather type' }).click();
    await agree(page);
    await page.waitForSelector('.log .coach');
    return browser;
  }

  test('sees whom to call, by keyboard too; nothing can be ended meanwhile; later it is still to be had', async () => {
    await using browser = await talk();
    const { page } = browser;
    expect(await page.locator('.care, .care-again').count()).toBe(0);
    await say(page, HARM);
    const card = page.getByRole('region', { name: 'You are not alone with this' });
    await card.waitFor();
    expect(await links(page)).toEqual([
      ['Samaritans: 116 123', 'tel:116123'],
      ['Emergency call: 999', 'tel:999'],
    ]);
    await shows(page, '.care', 'day and night');
    await shows(page, '.dock > .unseen', 'You are not alone with this: Help lines.');
    expect(await page.locator('.end').isDisabled()).toBe(true);
    await page.locator('.captions').focus();
    await page.keyboard.press('w');
    expect(await page.locator('dialog').count()).toBe(0);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Samaritans: 116 123');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'care-wide-light');

    await say(page, 'I would like to talk about my plans for the garden');
    await gone(page, '.care');
    await shows(page, '.care-again', 'Help lines');
    expect(await page.locator('.end').isDisabled()).toBe(false);
    await page.getByRole('button', { name: 'Help lines' }).click();
    await card.waitFor();
    expect(await page.locator('.care').getByRole('button').allTextContents()).toEqual(['Hide']);
    await page.getByRole('button', { name: 'Hide' }).click();
    await gone(page, '.care');
    await say(page, HARM);
    await card.waitFor();
    expect(browser.errors).toEqual([]);
  });

  test('comes back to the card after a reload, can hide it, and can leave, in German on a dark phone', async () => {
    await using browser = await talk({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, 'de');
    const { page } = browser;
    await say(page, 'Ich will mich umbringen');
    await shows(page, '.care', 'Notruf: 999');
    await page.reload();
    await page.evaluate(() => document.querySelector('kuku-coach')?.setAttribute('lang', 'de'));
    await page.getByRole('button', { name: 'Weitermachen' }).click();
    await shows(page, '.care', 'Tag und Nacht');
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'care-phone-dark-de');
    await page.setViewportSize({ width: 360, height: 640 });
    const { y = 0, height = 0 } = (await page.locator('.say').boundingBox()) ?? {};
    expect(y + height).toBeLessThanOrEqual(640);
    await picture(page, 'care-narrow-dark-de');
    await page.getByRole('button', { name: 'Ausblenden' }).click();
    await gone(page, '.care');
    await page.getByRole('button', { name: 'Hilfe am Telefon' }).click();
    await page.getByRole('button', { name: 'Erst einmal gehen' }).click();
    await shows(page, '.over', 'Das Gespräch bleibt zwei Minuten offen');
    await shows(page, '.over .care', 'Notruf: 999');
    expect(await page.locator('.care').getByRole('button').allTextContents()).toEqual(['Ausblenden']);
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'care-left-narrow-dark-de');
    expect(browser.errors).toEqual([]);
  });
});

const links = (page: Page) =>
  page.locator('.care a').evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')]));
