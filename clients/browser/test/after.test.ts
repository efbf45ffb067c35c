/** What is left of a session: recap, rating, history. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { withoutChromium } from '../../../test/support/chromium.ts';
import { noErrors, openPage, openTalk, shows, textOf, type Rig } from './support/page.ts';
import { eventually, VIEW } from './support/scripted-server.ts';
import { MESSAGES, PAST, RECAP } from './support/sample.ts';

async function endSession({ server, page }: Rig): Promise<void> {
  await shows(page, '.status', 'Listening');
  server.send({ type: 'session.state', ...VIEW, phase: 'closing' });
  server.send({ type: 'session.ended', reason: 'confirmed', recap: RECAP });
  await shows(page, '.status', 'Wrapping up');
  server.close(1000, 'session over');
  await page.waitForSelector('.recap');
}

/** What is in the clipboard, as a person gets it out: the page itself may not read it. */
async function pasted(page: Page): Promise<string> {
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' })));
  await page.focus('#paste');
  await page.keyboard.press('Control+V');
  const text = await page.inputValue('#paste');
  await page.evaluate(() => document.querySelector('#paste')?.remove());
  return text;
}

describe.skipIf(withoutChromium('after a session'))('after a session', { timeout: 90_000 }, () => {
  test('the recap is there with its commitments, and the focus is on its heading', async () => {
    await using rig = await openTalk();
    const { page } = rig;
    await endSession(rig);
    await shows(page, '.recap-summary', RECAP.summary);
    await shows(page, '.commitments', 'Show your manager the list of open projects');
    await shows(page, '.commitments', 'by Monday');
    await shows(page, '.commitments', 'How sure: 8 of 10');
    const focus = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent);
    expect(focus).toBe('Your session in short');
    await page.reload();
    await shows(page, 'h1', 'What would you like');
    noErrors(rig);
  });

  test('the recap is copied and downloaded as Markdown, and prints alone', async () => {
    await using rig = await openTalk();
    const { page, browser } = rig;
    await endSession(rig);
    await browser.context.grantPermissions(['clipboard-write']);
    await page.click('.copy');
    await shows(page, '.copy', 'Copied');
    const copied = await pasted(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.download')]);
    expect(download.suggestedFilename()).toBe('coaching-session.md');
    expect(await readFile(await download.path(), 'utf8')).toBe(copied);
    expect(copied).toContain('# Your session in short');
    expect(copied).toContain('- [ ] Show your manager the list of open projects (by Monday; How sure: 8 of 10)');
    await page.emulateMedia({ media: 'print' });
    const visible = await page.locator('.head, .rating, .choices, .recap-tools').filter({ visible: true }).count();
    expect(visible).toBe(0);
    expect(await page.locator('.recap').isVisible()).toBe(true);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    // Nothing is cut off at the height of the screen.
    const app = await page.locator('.app').boundingBox();
    const recap = await page.locator('.recap').boundingBox();
    expect((app?.y ?? 0) + (app?.height ?? 0)).toBeGreaterThanOrEqual((recap?.y ?? 0) + (recap?.height ?? 0));
    noErrors(rig);
  });

  test('is rated with stars and words, by keyboard too', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await endSession(rig);
    await page.getByRole('radio', { name: '3 stars' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.type('It helped.');
    await page.getByRole('button', { name: 'Send' }).click();
    await shows(page, '.rated', 'Thank you.');
    expect(server.ratings).toEqual([{ rating: 4, feedback: 'It helped.' }]);
    noErrors(rig);
  });

  test('the history shows sessions, finds what was said, and plays what was spoken', async () => {
    await using rig = await openPage({}, { past: PAST });
    const { server, page } = rig;
    await page.getByRole('button', { name: 'History' }).click();
    await eventually('three sessions', async () => (await page.locator('.session').count()) === 3 || undefined);
    await page.fill('.search input', 'the sea');
    await shows(page, '.snippet', 'I keep thinking about the sea.');
    expect(await page.locator('.session').count()).toBe(1);
    expect(await page.locator('mark').allTextContents()).toContain('sea');
    expect(server.searches).toEqual(['', 'the sea']);
    await page.fill('.search input', 'volcano');
    await shows(page, '.history .hint', 'Nothing like that was said.');
    await page.fill('.search input', '');
    await page.getByRole('button', { name: /My manager/ }).click();
    await shows(page, '.recap-summary', RECAP.summary);
    expect(await page.locator('.past').count()).toBe(MESSAGES.length);
    expect(await page.locator('.play').count()).toBe(2);
    const asked = page.waitForRequest(/\/audio\/m1\.wav$/);
    await page.locator('.play').first().click();
    await asked;
    await eventually('silence again', async () =>
      (await page.locator('.play').first().getAttribute('aria-pressed')) === 'false' ? true : undefined,
    );
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await shows(page, 'h1', 'What would you like');
    noErrors(rig);
  });

  test('a session is deleted only after a second yes', async () => {
    await using rig = await openPage({}, { past: PAST });
    const { server, page } = rig;
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('button', { name: /My manager/ }).click();
    await page.click('.remove');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(server.deleted).toEqual([]);
    await page.click('.remove');
    await page.locator('dialog .danger').click();
    await eventually('two sessions', async () => (await page.locator('.session').count()) === 2 || undefined);
    expect(server.deleted).toEqual(['p1']);
    expect(await textOf(page, 'h1')).toBe('Your sessions');
  });
});
