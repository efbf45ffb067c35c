/** The page in a real Chromium, as a person uses it, under its real content security policy. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  launchChromium,
  withoutChromium,
  type Chromium,
  type ChromiumOptions,
} from '../../../test/support/chromium.ts';
import { eventually, startScriptedServer, VIEW } from './support/scripted-server.ts';
import type { ScriptedServer, ServerOptions } from './support/scripted-server.ts';
import { babble } from './support/sound.ts';

interface Rig extends AsyncDisposable {
  server: ScriptedServer;
  browser: Chromium;
  page: Page;
}

async function openPage(chromium: ChromiumOptions = {}, options: ServerOptions = {}): Promise<Rig> {
  await using rig = new AsyncDisposableStack();
  const server = rig.use(await startScriptedServer(options));
  const browser = rig.use(await launchChromium(chromium));
  await browser.page.goto(server.url);
  const kept = rig.move();
  return { server, browser, page: browser.page, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function openTalk(chromium?: ChromiumOptions, options?: ServerOptions): Promise<Rig> {
  const rig = await openPage(chromium, options);
  await rig.page.click('#start');
  await rig.server.heard('hello');
  return rig;
}

const textOf = (page: Page, selector: string) => page.locator(selector).textContent();
const shows = (page: Page, selector: string, text: string) =>
  eventually(`“${text}” in ${selector}`, async () =>
    (await textOf(page, selector))?.includes(text) ? true : undefined,
  );

const utterance = (text: string, final: boolean) => ({ type: 'transcript.user', utterance: 1, text, final }) as const;

describe.skipIf(withoutChromium('the page'))('the page', { timeout: 45_000 }, () => {
  test('starts with one button, by keyboard too, and says why it asks for the microphone', async () => {
    await using rig = await openPage();
    const { page } = rig;
    expect(await page.locator('button:visible').count()).toBe(2);
    expect(await textOf(page, '#welcome .hint')).toContain('microphone');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('start');
    await page.keyboard.press('Enter');
    const hello = await rig.server.heard('hello');
    expect(hello.audio).toEqual({ in: { rate: 16_000 }, out: { rate: 24_000 } });
    await shows(page, '#status', 'Listening');
    expect(rig.browser.errors).toEqual([]);
  });

  test('shows what the person says in grey while it grows, and puts only the final text into the log', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    server.send({ type: 'speech.started', utterance: 1, atMs: 0 });
    server.send(utterance('', false));
    await shows(page, '#status', 'I hear you');
    expect(await page.locator('.line').count()).toBe(0);
    server.send(utterance('I want to', false));
    await shows(page, '#partials .you', 'I want to');
    await shows(page, '#status', 'I hear you');
    expect(await textOf(page, '#log')).toBe('');
    expect(await page.getAttribute('#partials', 'aria-hidden')).toBe('true');
    server.send({ type: 'speech.stopped', utterance: 1, atMs: 900 });
    server.send(utterance('I want to plan my week.', true));
    await shows(page, '#log .you', 'I want to plan my week.');
    expect(await page.locator('.line').count()).toBe(1);
    await shows(page, '#status', 'Thinking');
    expect(server.problems).toEqual([]);
  });

  test('shows each sentence of the coach while it speaks, and of an interrupted turn what was heard', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    server.send({ type: 'turn.started', turn: 1, inReplyTo: null });
    server.send({ type: 'transcript.coach', turn: 1, text: 'Hello.' });
    server.send({ type: 'transcript.coach', turn: 1, text: 'What brings you here?' });
    server.speak(1, babble({ seed: 3, seconds: 4, rate: 24_000 }), { last: false });
    await shows(page, '#status', 'The coach is speaking');
    await shows(page, '#partials .coach', 'Hello. What brings you here?');
    await page.click('#interrupt');
    const { turn, playedMs } = await server.heard('turn.cancel');
    expect(turn).toBe(1);
    expect(playedMs).toBeGreaterThan(0);
    expect(playedMs).toBeLessThan(4000);
    const latency = { total: 840, modelFirstToken: 310 };
    server.send({ type: 'turn.done', turn: 1, status: 'interrupted', spokenText: 'Hello.', playedMs: 500, latency });
    await shows(page, '#log .coach', 'Hello. —');
    await shows(page, '#latency summary', '840 ms');
    await page.click('#latency summary');
    await shows(page, '#latency-legs', '310 ms');
    expect(await page.locator('#interrupt').isHidden()).toBe(true);
    expect(rig.browser.errors).toEqual([]);
  });

  test('sends no microphone audio while muted, by button or by the key M', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await eventually('microphone audio', () => server.microphone[5]);
    await page.click('#mute');
    await server.heard('input.mute', ({ muted }) => muted);
    await shows(page, '#status', 'You are muted');
    expect(await page.getAttribute('#mute', 'aria-pressed')).toBe('true');
    const before = server.microphone.length;
    await sleep(400);
    expect(server.microphone.length).toBe(before);
    await page.keyboard.press('m');
    await server.heard('input.mute', ({ muted }) => !muted);
    await eventually('microphone audio again', () => server.microphone[before + 5]);
    expect(server.microphone[before]?.gap).toBe(true);
  });

  test('sends what is typed with Enter and shows it once', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await page.fill('#say', 'My manager is in the way <b>again</b>.');
    await page.keyboard.press('Enter');
    const { id, text } = await server.heard('text');
    expect(text).toBe('My manager is in the way <b>again</b>.');
    await shows(page, '#partials .you', '<b>again</b>');
    server.send({ ...utterance(text, true), id });
    await shows(page, '#log .you', '<b>again</b>');
    expect(await page.locator('.line').count()).toBe(1);
    expect(await page.inputValue('#say')).toBe('');
  });

  test('asks whether to wrap up, takes Esc for a no, and ends with the recap', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    const propose = (proposalId: string) => {
      const wrapUp = { proposalId, reason: 'time', expiresInMs: 60_000 };
      server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
    };
    propose('p1');
    await page.waitForSelector('#wrap-up[open]');
    expect(await textOf(page, '#wrap-up-reason')).toContain('nearly over');
    await page.keyboard.press('Escape');
    await server.heard('wrap_up.answer', ({ proposalId, accept }) => proposalId === 'p1' && !accept);
    await page.waitForSelector('#wrap-up:not([open])', { state: 'attached' });
    server.send({ type: 'session.state', ...VIEW });

    propose('p2');
    await page.click('#wrap-up-yes');
    await server.heard('wrap_up.answer', ({ proposalId, accept }) => proposalId === 'p2' && accept);
    const commitments = [{ what: 'Call Ana', by: 'Monday', confidence: 8 }];
    const recap = {
      topic: 'Work',
      goal: 'A calmer week',
      insights: ['Saying no is kind'],
      commitments,
      summary: 'You chose.',
    };
    server.send({ type: 'session.state', ...VIEW, phase: 'closing' });
    server.send({ type: 'session.ended', reason: 'confirmed', recap });
    await shows(page, '#recap-commitments', 'Call Ana');
    await shows(page, '#recap-commitments', 'by Monday · confidence 8 of 10');
    server.cut();
    await page.waitForSelector('#again:visible');
    await page.click('#again');
    expect(await page.locator('#start').isVisible()).toBe(true);
    expect(rig.browser.errors).toEqual([]);
  });

  test('“End” asks at once, and an answer given before the server has proposed waits for the proposal', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '#status', 'Listening');
    await page.click('#end');
    await page.waitForSelector('#wrap-up[open]');
    await server.heard('wrap_up.request');
    await page.click('#wrap-up-yes');
    const wrapUp = { proposalId: 'p1', reason: 'asked', expiresInMs: 60_000 };
    server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
    const answer = await server.heard('wrap_up.answer');
    expect(answer).toMatchObject({ proposalId: 'p1', accept: true });
    expect(await page.locator('#wrap-up').isVisible()).toBe(false);
  });

  test('“Leave without a recap” leaves at once, and another session can be started', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '#status', 'Listening');
    await page.click('#end');
    await page.click('#leave');
    await page.waitForSelector('#again:visible');
    const frames = server.microphone.length;
    await sleep(300);
    expect(server.microphone.length).toBe(frames);
    expect(await page.locator('#dock').isHidden()).toBe(true);
    await page.click('#again');
    await page.click('#start');
    await eventually('a second conversation', () => server.microphone[frames + 5]);
    expect(rig.browser.errors).toEqual([]);
  });

  test('a refused microphone leaves typing, says so, and the coach is still heard', async () => {
    await using rig = await openTalk({ microphone: 'denied' });
    const { server, page } = rig;
    const hello = await server.heard('hello');
    expect(hello.audio).toEqual({ out: { rate: 24_000 } });
    await shows(page, '#notice', 'The microphone was not allowed. You can type');
    await shows(page, '#status', 'Type to your coach');
    expect(await page.locator('#mute').isHidden()).toBe(true);
    server.speak(1, babble({ seed: 4, seconds: 1, rate: 24_000 }));
    await server.heard('playback', ({ state }) => state === 'ended');
    await page.fill('#say', 'Hello');
    await page.click('#send');
    await server.heard('text', ({ text }) => text === 'Hello');
    expect(rig.browser.errors).toEqual([]);
  });

  test('“I’d rather type” does not ask for the microphone', async () => {
    await using rig = await openPage({ microphone: 'denied' });
    const { server, page } = rig;
    await page.click('#start-typing');
    await server.heard('hello');
    await shows(page, '#status', 'Type to your coach');
    expect(await page.locator('#notice').isHidden()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('say');
  });

  test('a lost line is announced and taken up again', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '#status', 'Listening');
    server.cut();
    await shows(page, '#banner', 'The connection was lost. Reconnecting…');
    await server.heard('hello', ({ resume }) => resume?.token === 'r1');
    await shows(page, '#status', 'Listening');
    expect(await page.locator('#banner').isHidden()).toBe(true);
    expect(server.connections).toBe(2);
  });

  test('notices and the last minutes are shown in plain words', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    server.send({ type: 'notice', code: 'slow_provider', message: 'The coach needs a moment longer today.' });
    await shows(page, '#notice', 'The coach needs a moment longer today.');
    server.send({ type: 'session.state', ...VIEW, stage: 'options', elapsedMs: 1_500_000, remainingMs: 300_000 });
    server.send({ type: 'session.warning', remainingMs: 300_000 });
    await shows(page, '#notice', '5 minutes left.');
    await shows(page, '#time-left', '4:5');
    expect(await textOf(page, '#stages [aria-current]')).toBe('Options');
    await shows(page, '#status', 'Listening');
    expect(rig.browser.errors).toEqual([]);
  });

  test('the microphone’s level moves', async () => {
    await using rig = await openTalk();
    const level = await eventually('a level', async () => {
      const percent = Number(await rig.page.getAttribute('#level', 'aria-valuenow'));
      return percent > 10 ? percent : undefined;
    });
    expect(level).toBeLessThanOrEqual(100);
  });
});
