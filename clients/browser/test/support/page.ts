/** A page in a real Chromium before a scripted server, as most tests of the page want it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchChromium, type Chromium, type ChromiumOptions } from '../../../../test/support/chromium.ts';
import { eventually, startScriptedServer, type ScriptedServer, type ServerOptions } from './scripted-server.ts';

export interface Rig extends AsyncDisposable {
  server: ScriptedServer;
  browser: Chromium;
  page: Page;
}

/** The page as it is first seen; CSS selectors of Playwright reach into the element's shadow. */
export async function openPage(chromium: ChromiumOptions = {}, options: ServerOptions = {}): Promise<Rig> {
  await using rig = new AsyncDisposableStack();
  const server = rig.use(await startScriptedServer(options));
  const browser = rig.use(await launchChromium(chromium));
  await browser.page.goto(server.url);
  await browser.page.waitForSelector('.app');
  const kept = rig.move();
  return { server, browser, page: browser.page, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The page with a conversation begun. */
export async function openTalk(chromium?: ChromiumOptions, options?: ServerOptions): Promise<Rig> {
  const rig = await openPage(chromium, options);
  await rig.page.click('.home .primary');
  await rig.server.heard('hello');
  return rig;
}

/** Starts to talk, and agrees where somebody new is asked to. */
export async function begin(page: Page): Promise<void> {
  await page.click('.home .primary');
  const asked = page.locator('dialog.consent .primary');
  await asked.or(page.locator('.talk')).first().waitFor();
  if (await asked.isVisible()) await asked.click();
}

/** Agrees to what happens to one's words, as is asked of somebody new. */
export async function agree(page: Page): Promise<void> {
  await page.locator('dialog.consent .primary').click();
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

export async function say(page: Page, text: string): Promise<void> {
  await page.fill('.say textarea', text);
  await page.keyboard.press('Enter');
}

/** Into the folder in `PAGE_PICTURES`, where one is named: to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PAGE_PICTURES'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

export const textOf = (page: Page, selector: string): Promise<string | null> => page.locator(selector).textContent();

export async function shows(page: Page, selector: string, text: string): Promise<void> {
  await eventually(`“${text}” in ${selector}`, async () => {
    const texts = await page.locator(selector).allTextContents();
    return texts.some((shown) => shown.includes(text)) ? true : undefined;
  });
}

export async function gone(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { state: 'detached' });
}

/** What has the focus, inside the element: its text, or its label. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });
}

export function noErrors({ browser, server }: Rig): void {
  expect(browser.errors).toEqual([]);
  expect(server.problems).toEqual([]);
}

export const utterance = (text: string, final: boolean, number = 1) =>
  ({ type: 'transcript.user', utterance: number, text, final }) as const;
