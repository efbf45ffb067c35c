/** How the page looks and feels: accessibility in each state and theme, layout at three widths, keyboard, first paint. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { withoutChromium } from '../../../test/support/chromium.ts';
import { axeProblems } from './support/axe.ts';
import { focused, gone, noErrors, openPage, openTalk, shows, utterance, type Rig } from './support/page.ts';
import { VIEW } from './support/scripted-server.ts';
import { PAST, RECAP } from './support/sample.ts';

/** Of the Layout Instability API, which TypeScript does not know. */
interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node?: Node }[];
}

/** Goes through all states of a session; `look` is called in each. */
async function visit(rig: Rig, look: (state: string) => Promise<void>): Promise<void> {
  const { page, server } = rig;
  await look('home');
  await page.click('.home .primary');
  await server.heard('hello');
  await shows(page, '.status', 'Listening');
  server.send({ type: 'session.state', ...VIEW, stage: 'reality', elapsedMs: 700_000, remainingMs: 1_100_000 });
  const spokenText = 'What would be different if it went well, and who would notice it first of all?';
  server.send({ type: 'turn.done', turn: 1, status: 'completed', spokenText, playedMs: 0, latency: {} });
  server.send(utterance('I would leave the office at six, and see my children before they sleep.', true));
  server.send(utterance('Mostly my', false, 2));
  await shows(page, '.partials', 'Mostly my');
  await look('talk');
  await page.click('.mute');
  server.send({ type: 'notice', code: 'slow_provider', message: 'x' });
  await shows(page, '.notice', 'longer than usual');
  await look('muted, with a notice');
  const wrapUp = { proposalId: 'p1', reason: 'goal', expiresInMs: 60_000 };
  server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
  await shows(page, '.countdown', 'we go on');
  await look('wrap-up');
  await page.click('dialog .yes');
  server.send({ type: 'session.state', ...VIEW, phase: 'closing' });
  server.send({ type: 'session.ended', reason: 'confirmed', recap: RECAP });
  await shows(page, '.status', 'Wrapping up');
  server.close(1000, 'session over');
  await page.waitForSelector('.recap');
  await page.getByRole('radio', { name: '4 stars' }).check();
  await look('recap');
  await page.getByRole('button', { name: 'History' }).click();
  await page.waitForSelector('.session');
  await look('history');
  await page.locator('.session').first().click();
  await page.waitForSelector('.past');
  await look('one session');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.waitForSelector('.switch');
  await look('settings');
  await page.getByRole('button', { name: 'How it works' }).click();
  await page.waitForSelector('kbd');
  await look('help');
}

/** What reaches beyond the screen, or is too small for a finger. */
function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('kuku-coach')?.shadowRoot;
    const problems: string[] = [];
    const { clientWidth, scrollWidth, scrollHeight, clientHeight } = document.documentElement;
    if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth - clientWidth} px too wide`);
    if (scrollHeight > clientHeight) problems.push(`the page is ${scrollHeight - clientHeight} px too high`);
    for (const element of root?.querySelectorAll('button, input, select, textarea, h1, h2, p, .recap') ?? []) {
      const { left, right, width, height } = element.getBoundingClientRect();
      const name = `${element.tagName.toLowerCase()}.${element.className} “${element.textContent?.slice(0, 30)}”`;
      if (width === 0 || height <= 1) continue;
      if (left < -0.5 || right > clientWidth + 0.5) problems.push(`${name} reaches from ${left} to ${right}`);
      if (element.scrollWidth > element.clientWidth + 1 && element.tagName === 'BUTTON')
        problems.push(`${name} is cut`);
      if (element.tagName === 'BUTTON' && (width < 24 || height < 24)) problems.push(`${name} is too small`);
    }
    return problems;
  });
}

function firstPaintMs(page: Page): Promise<number> {
  return page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity);
}

const LOOKS = [
  ['light', 390, 844],
  ['dark', 1280, 800],
] as const;

describe.skipIf(withoutChromium('how the page looks'))('the page', { timeout: 120_000 }, () => {
  test.each(LOOKS)('has nothing that axe objects to in any state: %s, %i px', async (colorScheme, width, height) => {
    const chromium = { colorScheme, viewport: { width, height }, reducedMotion: 'reduce' } as const;
    await using rig = await openPage(chromium, { past: PAST });
    const found: string[] = [];
    await visit(rig, async (state) => {
      found.push(...(await axeProblems(rig.page)).map((problem) => `${state}: ${problem}`));
    });
    expect(found).toEqual([]);
    noErrors(rig);
  });

  test.each(LOOKS)('nor where something is wrong: %s, %i px', async (colorScheme, width, height) => {
    const chromium = { colorScheme, viewport: { width, height }, reducedMotion: 'reduce' } as const;
    await using rig = await openTalk({ ...chromium, microphone: 'denied' });
    const { page, server, browser } = rig;
    const found: string[] = [];
    const look = async (state: string) => {
      const problems = [...(await axeProblems(page)), ...(await layoutProblems(page))];
      found.push(...problems.map((problem) => `${state}: ${problem}`));
    };
    await shows(page, '.banner.warm', 'was not allowed');
    await look('a refused microphone');
    await browser.context.setOffline(true);
    server.cut();
    await shows(page, '.banner.away', 'You are offline');
    await look('offline');
    await browser.context.setOffline(false);
    await server.heard('hello', ({ resume }) => resume !== undefined);
    await gone(page, '.banner.away');
    server.close(4009, 'replaced by a newer socket');
    await page.waitForSelector('.over');
    await look('in another tab');
    expect(found).toEqual([]);
  });

  test.each([360, 768, 1280])('fits a screen %i px wide in every state', async (width) => {
    await using rig = await openPage({ viewport: { width, height: 720 } }, { past: PAST });
    const found: string[] = [];
    await visit(rig, async (state) => {
      found.push(...(await layoutProblems(rig.page)).map((problem) => `${state}: ${problem}`));
    });
    expect(found).toEqual([]);
  });

  test('fits in German, whose words are longer, on the narrowest screen', async () => {
    await using rig = await openPage({ viewport: { width: 360, height: 640 } });
    const { page, server } = rig;
    await page.evaluate(() => document.querySelector('kuku-coach')?.setAttribute('lang', 'de'));
    await shows(page, 'h1', 'Worüber');
    expect(await layoutProblems(page)).toEqual([]);
    await page.click('.home .primary');
    await server.heard('hello');
    await page.locator('.mute').click();
    await shows(page, '.status', 'Du bist stumm');
    expect(await layoutProblems(page)).toEqual([]);
    await page.click('.end');
    await shows(page, 'dialog', 'Wollen wir zum Ende kommen?');
    expect(await layoutProblems(page)).toEqual([]);
    noErrors(rig);
  });

  test('paints within a second and never shifts what is there', async () => {
    await using rig = await openTalk();
    const { page, server } = rig;
    await page.addInitScript(() => {
      const shifts: string[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as LayoutShift[]) {
          const moved = entry.sources.map(({ node }) => node instanceof Element && `${node.tagName}.${node.className}`);
          // What moves because the person has just done something is no shift.
          if (!entry.hadRecentInput) shifts.push(`${entry.value.toFixed(4)}: ${moved.join(', ')}`);
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Start a new session' }).click();
    await page.waitForSelector('.first-run');
    // The quickest of five: what a busy machine adds is not the page's.
    const paintsMs = [await firstPaintMs(page)];
    while (Math.min(...paintsMs) >= 1000 && paintsMs.length < 5) {
      await page.reload();
      await page.getByRole('button', { name: 'Start a new session' }).click();
      await page.waitForSelector('.first-run');
      paintsMs.push(await firstPaintMs(page));
    }
    console.info(`first contentful paint after ${paintsMs.map(Math.round).join(', ')} ms`);
    expect(Math.min(...paintsMs)).toBeLessThan(1000);
    await page.click('.home .primary');
    await shows(page, '.status', 'Listening');
    for (let turn = 1; turn < 9; turn++) {
      server.send(utterance(`This is thing number ${turn}.`, true, turn));
      server.send({
        type: 'turn.done',
        turn,
        status: 'completed',
        spokenText: 'Go on. '.repeat(20),
        playedMs: 0,
        latency: {},
      });
    }
    await shows(page, '.log', 'thing number 8');
    expect(await page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts)).toEqual([]);
  });

  test('a whole session needs no mouse', async () => {
    await using rig = await openPage({}, { past: PAST });
    const { page, server } = rig;
    const tabTo = async (name: string) => {
      for (let i = 0; i < 25; i++) {
        await page.keyboard.press('Tab');
        if ((await focused(page)) === name) return;
      }
      throw new Error(`“${name}” is not reached with Tab`);
    };
    await tabTo('Start talking');
    await page.keyboard.press('Enter');
    await server.heard('hello');
    await shows(page, '.status', 'Listening');
    await tabTo('Mute');
    await page.keyboard.press('Space');
    await server.heard('input.mute', ({ muted }) => muted);
    await tabTo('Type instead of talking');
    await page.keyboard.type('Hello.');
    await page.keyboard.press('Enter');
    await server.heard('text');
    await tabTo('Send');
    await tabTo('Wrap up');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    expect(await focused(page)).toBe('Yes, wrap up');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    expect(await focused(page)).toBe('Wrap up');
    noErrors(rig);
  });

  test('what was scrolled back to is left in peace; else the talk is followed', async () => {
    await using rig = await openTalk({ viewport: { width: 390, height: 700 } });
    const { page, server } = rig;
    await shows(page, '.status', 'Listening');
    for (let turn = 1; turn < 12; turn++) server.send(utterance(`This is thing number ${turn}.`, true, turn));
    await shows(page, '.log', 'number 11');
    const fromEnd = () =>
      page.locator('.captions').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    expect(await fromEnd()).toBeLessThan(2);
    await page.locator('.captions').evaluate(async (box) => {
      const scrolled = new Promise((resolve) => box.addEventListener('scroll', resolve, { once: true }));
      box.scrollTo({ top: 0 });
      await scrolled;
    });
    server.send(utterance('And one more.', true, 12));
    await shows(page, '.log', 'And one more.');
    expect(await page.locator('.captions').evaluate((box) => box.scrollTop)).toBe(0);
  });
});
