/** What may happen to a session from outside: reloads, outages, other tabs, microphones that are not there. */
import { describe, expect, test } from 'vitest';
import { launchChromium, withoutChromium } from '../../../test/support/chromium.ts';
import { gone, noErrors, openPage, openTalk, shows, utterance } from './support/page.ts';
import { startScriptedServer, VIEW } from './support/scripted-server.ts';
import { MESSAGES } from './support/sample.ts';
import { babble } from './support/sound.ts';

describe.skipIf(withoutChromium('the page away'))('a session that is disturbed', { timeout: 90_000 }, () => {
  test('a reload finds it again, with what was said', async () => {
    await using rig = await openTalk({}, { messages: MESSAGES });
    const { server, page } = rig;
    await shows(page, '.status', 'Listening');
    await page.reload();
    await shows(page, 'h1', 'You are in the middle of a session.');
    await page.getByRole('button', { name: 'Go on' }).click();
    await shows(page, '.log .you', 'I would leave the office at six.');
    expect(server.connections).toBe(2);
    expect(await page.locator('.log .line').count()).toBe(MESSAGES.length);
    noErrors(rig);
  });

  test('a reload after its end finds it no more', async () => {
    await using rig = await openTalk({}, { ended: true });
    const { page } = rig;
    await shows(page, '.status', 'Listening');
    await page.reload();
    await shows(page, 'h1', 'What would you like to think through today?');
    expect(await page.getByRole('button', { name: 'Go on' }).count()).toBe(0);
  });

  test('a lost line is announced, tried again at once when asked, and taken up', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '.status', 'Listening');
    server.send(utterance('Before.', true));
    server.send({ type: 'turn.done', turn: 1, status: 'completed', spokenText: 'Yes.', playedMs: 0, latency: {} });
    await shows(page, '.log', 'Yes.');
    server.cut();
    await shows(page, '.banner', 'The connection was lost. Trying again…');
    await server.heard('hello', ({ resume }) => resume?.token === 'r1' && resume.lastSeq === 3);
    await shows(page, '.status', 'Listening');
    await gone(page, '.banner');
    expect(server.connections).toBe(2);
    await shows(page, '.log', 'Before.');
  });

  test('offline says that the session waits, and it goes on when the network is back', async () => {
    await using rig = await openTalk();
    const { server, page, browser } = rig;
    await shows(page, '.status', 'Listening');
    await browser.context.setOffline(true);
    server.cut();
    await shows(page, '.banner', 'You are offline. Your session waits');
    await browser.context.setOffline(false);
    await server.heard('hello', ({ resume }) => resume?.token === 'r1');
    await gone(page, '.banner');
    await shows(page, '.status', 'Listening');
    expect(server.connections).toBe(2);
  });

  test('a question that stood before an outage stands after it', async () => {
    await using rig = await openTalk();
    const { server, page, browser } = rig;
    const wrapUp = { proposalId: 'p1', reason: 'goal', expiresInMs: 60_000 };
    server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
    await page.waitForSelector('dialog[open]');
    // For as long as it is looked at.
    await browser.context.setOffline(true);
    server.cut();
    await shows(page, '.status', 'Reconnecting');
    expect(await page.locator('dialog[open]').count()).toBe(1);
  });

  test('another tab takes it over: the first says so, and can take it back', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '.status', 'Listening');
    server.close(4009, 'replaced by a newer socket');
    await shows(page, '.over', 'in another tab or on another device');
    await page.getByRole('button', { name: 'Go on here' }).click();
    await shows(page, '.status', 'Listening');
    expect(server.connections).toBe(2);
    noErrors(rig);
  });

  test('a server that is not there is told plainly, and can be tried again', async () => {
    const server = await startScriptedServer();
    await using browser = await launchChromium();
    const { page } = browser;
    await page.goto(server.url);
    await page.waitForSelector('.home');
    await server[Symbol.asyncDispose]();
    await page.click('.home .primary');
    await shows(page, '.status', 'No answer yet');
    // Six attempts, each after a longer wait; on a busy machine each takes its time.
    await page.waitForSelector('.failed', { timeout: 75_000 });
    await shows(page, '.failed', 'The server does not answer.');
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  });

  test('a refused microphone leaves typing, says what to do, and the coach is still heard', async () => {
    await using rig = await openTalk({ microphone: 'denied' });
    const { server, page } = rig;
    const hello = await server.heard('hello');
    expect(hello.audio).toEqual({ out: { rate: 24_000 } });
    await shows(page, '.banner.warm', 'The microphone was not allowed. To talk, allow it beside the address');
    await shows(page, '.status', 'Type to your coach');
    expect(await page.locator('.mute').count()).toBe(0);
    server.speak(1, babble({ seed: 4, seconds: 1, rate: 24_000 }));
    await server.heard('playback', ({ state }) => state === 'ended');
    await page.fill('.say textarea', 'Hello');
    await page.click('.send');
    await server.heard('text', ({ text }) => text === 'Hello');
    noErrors(rig);
  });

  test('a microphone that is missing is said, and found when it is there', async () => {
    await using rig = await openPage();
    const { server, page } = rig;
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async () => {
        mediaDevices.getUserMedia = ask;
        throw new DOMException('none', 'NotFoundError');
      };
    });
    await page.click('.home .primary');
    await shows(page, '.banner.warm', 'No microphone was found. Plug one in');
    await shows(page, '.status', 'Type to your coach');
    await page.getByRole('button', { name: 'Try again' }).click();
    await server.heard('hello', ({ audio }) => audio.in?.rate === 16_000);
    await shows(page, '.status', 'Listening');
    await gone(page, '.banner.warm');
    expect(rig.browser.errors).toEqual([]);
  });

  test('a server without a recogniser is typed to, without a microphone that does nothing', async () => {
    await using rig = await openTalk({}, { listens: false });
    const { server, page } = rig;
    server.send({ type: 'notice', code: 'typing_only', message: 'x' });
    await shows(page, '.notice', 'Please type; it still answers.');
    await shows(page, '.status', 'Type to your coach');
    expect(await page.locator('.mute').count()).toBe(0);
  });

  test('“I’d rather type” does not ask for the microphone', async () => {
    await using rig = await openPage({ microphone: 'denied' });
    const { server, page } = rig;
    await page.getByRole('button', { name: 'I’d rather type' }).click();
    await server.heard('hello');
    await shows(page, '.status', 'Type to your coach');
    expect(await page.locator('.banner').count()).toBe(0);
    await page.keyboard.type('Hello');
    expect(await page.inputValue('.say textarea')).toBe('Hello');
  });
});
