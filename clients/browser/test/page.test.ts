/** The page in a real Chromium, as a person uses it, under its real content security policy. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { withoutChromium } from '../../../test/support/chromium.ts';
import { focused, gone, noErrors, openPage, openTalk, shows, textOf, utterance } from './support/page.ts';
import { eventually, VIEW } from './support/scripted-server.ts';
import { RECAP } from './support/sample.ts';
import { babble } from './support/sound.ts';

describe.skipIf(withoutChromium('the page'))('the page', { timeout: 90_000 }, () => {
  test('starts with one button, by keyboard too, and says why it asks for the microphone', async () => {
    await using rig = await openPage();
    const { page } = rig;
    expect(await textOf(page, '.home-words .hint')).toContain('microphone');
    await page.locator('.home .primary').focus();
    await page.keyboard.press('Enter');
    const hello = await rig.server.heard('hello');
    expect(hello.audio).toEqual({ in: { rate: 16_000 }, out: { rate: 24_000 } });
    await shows(page, '.status', 'Listening');
    noErrors(rig);
  });

  test('explains itself once, and again when asked', async () => {
    await using rig = await openPage();
    const { page } = rig;
    await shows(page, '.first-run', 'Interrupt at any time');
    await page.getByRole('button', { name: 'Got it' }).click();
    await gone(page, '.first-run');
    await page.reload();
    await page.waitForSelector('.home');
    expect(await page.locator('.first-run').count()).toBe(0);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'How it works' }).click();
    await shows(page, 'dialog', 'Hold to talk, while muted');
    await page.keyboard.press('Escape');
    await gone(page, 'dialog');
    expect(await focused(page)).toBe('Settings');
  });

  test('shows what the person says in grey while it grows, and puts only the final text into the log', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    server.send({ type: 'speech.started', utterance: 1, atMs: 0 });
    server.send(utterance('', false));
    await shows(page, '.status', 'I hear you');
    expect(await page.locator('.line').count()).toBe(0);
    server.send(utterance('I want to', false));
    await shows(page, '.partials .you', 'I want to');
    expect(await textOf(page, '.log')).toBe('');
    expect(await page.getAttribute('.partials', 'aria-hidden')).toBe('true');
    const grey = await page.locator('.partials .said').evaluate((said) => getComputedStyle(said).color);
    server.send({ type: 'speech.stopped', utterance: 1, atMs: 900 });
    server.send(utterance('I want to plan my week.', true));
    await shows(page, '.log .you', 'I want to plan my week.');
    expect(await page.locator('.log .said').evaluate((said) => getComputedStyle(said).color)).not.toBe(grey);
    expect(await page.locator('.line').count()).toBe(1);
    await shows(page, '.status', 'Thinking');
    noErrors(rig);
  });

  test('shows each sentence of the coach while it speaks, and of an interrupted turn what was heard', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    server.send({ type: 'turn.started', turn: 1, inReplyTo: null });
    server.send({ type: 'transcript.coach', turn: 1, text: 'Hello.' });
    server.send({ type: 'transcript.coach', turn: 1, text: 'What brings you here?' });
    server.speak(1, babble({ seed: 3, seconds: 4, rate: 24_000 }), { last: false });
    await shows(page, '.status', 'Coach is speaking');
    await shows(page, '.partials .coach', 'Hello. What brings you here?');
    await page.click('.interrupt');
    const { turn, playedMs } = await server.heard('turn.cancel');
    expect(turn).toBe(1);
    expect(playedMs).toBeGreaterThan(0);
    expect(playedMs).toBeLessThan(4000);
    const latency = { total: 840, modelFirstToken: 310 };
    server.send({ type: 'turn.done', turn: 1, status: 'interrupted', spokenText: 'Hello.', playedMs: 500, latency });
    await shows(page, '.log .coach', 'Hello. —');
    expect(await page.locator('.interrupt').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Settings' }).click();
    await shows(page, 'dialog', '840 ms');
    noErrors(rig);
  });

  test('the orb moves with both voices', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    const orb = () => page.locator('.orb');
    const picture = () => orb().evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await eventually('a level', async () => {
      const percent = Number(await page.getAttribute('.meter', 'aria-valuenow'));
      return percent > 10 && percent <= 100 ? percent : undefined;
    });
    expect(await orb().getAttribute('data-mood')).toBe('listening');
    const before = await picture();
    server.send({ type: 'turn.started', turn: 1, inReplyTo: null });
    server.speak(1, babble({ seed: 3, seconds: 3, rate: 24_000 }));
    await eventually('a speaking orb', async () =>
      (await orb().getAttribute('data-mood')) === 'speaking' ? true : undefined,
    );
    await eventually('another picture', async () => ((await picture()) === before ? undefined : true));
  });

  test('sends no microphone audio while muted, by button or by the key M', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await eventually('microphone audio', () => server.microphone[5]);
    await page.click('.mute');
    await server.heard('input.mute', ({ muted }) => muted);
    await shows(page, '.status', 'You are muted');
    expect(await page.getAttribute('.mute', 'aria-pressed')).toBe('true');
    const before = server.microphone.length;
    await sleep(400);
    expect(server.microphone.length).toBe(before);
    await page.keyboard.press('m');
    await server.heard('input.mute', ({ muted }) => !muted);
    await eventually('microphone audio again', () => server.microphone[before + 5]);
    expect(server.microphone[before]?.gap).toBe(true);
  });

  test('push to talk: the microphone is open while the button, or the space bar, is held', async () => {
    await using rig = await openPage();
    const { server, page } = rig;
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Push to talk' }).check();
    await page.keyboard.press('Escape');
    await page.click('.home .primary');
    await server.heard('input.mute', ({ muted }) => muted);
    const heldFor = async (press: () => Promise<void>, release: () => Promise<void>) => {
      const [frames, starts] = [server.microphone.length, server.said.length];
      await press();
      await eventually('microphone audio', () => server.microphone[frames + 5]);
      await release();
      await eventually('an end', () => server.said.slice(starts).find(({ type }) => type === 'input.end'));
      await sleep(100);
      const after = server.microphone.length;
      await sleep(300);
      expect(server.microphone.length).toBe(after);
    };
    await page.hover('.hold');
    await heldFor(
      () => page.mouse.down(),
      () => page.mouse.up(),
    );
    await page.locator('.captions').focus();
    await heldFor(
      () => page.keyboard.down('Space'),
      () => page.keyboard.up('Space'),
    );
    expect(server.said.filter(({ type }) => type === 'input.start')).toHaveLength(2);
    noErrors(rig);
  });

  test('sends what is typed with Enter, as text and not as markup, and shows it once', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await page.fill('.say textarea', 'My manager is in the way <b>again</b>.');
    await page.keyboard.press('Enter');
    const { id, text } = await server.heard('text');
    expect(text).toBe('My manager is in the way <b>again</b>.');
    await shows(page, '.partials .you', '<b>again</b>');
    server.send({ ...utterance(text, true), id });
    await shows(page, '.log .you', '<b>again</b>');
    expect(await page.locator('.line').count()).toBe(1);
    expect(await page.inputValue('.say textarea')).toBe('');
  });

  test('says which typed turn the server did not take', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await page.fill('.say textarea', 'Too late.');
    await page.keyboard.press('Enter');
    const { id } = await server.heard('text');
    const error = { code: 'session_not_active', message: 'Session is not active', fatal: false, ref: id };
    server.send({ type: 'error', ...error });
    await shows(page, '.line.you', 'not sent');
    await shows(page, '.notice', 'Session is not active');
    expect(await page.locator('.log .line').count()).toBe(0);
  });

  test('asks whether to wrap up with a countdown, takes Esc for a no and Y for a yes', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    const propose = (proposalId: string) => {
      const wrapUp = { proposalId, reason: 'time', expiresInMs: 40_000 };
      server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
    };
    propose('p1');
    await shows(page, 'dialog .why', 'nearly over');
    await shows(page, '.countdown', 'we go on in 3');
    await page.keyboard.press('Escape');
    await server.heard('wrap_up.answer', ({ proposalId, accept }) => proposalId === 'p1' && !accept);
    await gone(page, 'dialog');
    server.send({ type: 'session.state', ...VIEW });
    propose('p2');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('y');
    await server.heard('wrap_up.answer', ({ proposalId, accept }) => proposalId === 'p2' && accept);
    expect(rig.browser.errors).toEqual([]);
  });

  test('a proposal that is answered by voice, or that expires, closes the dialog', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    const wrapUp = { proposalId: 'p1', reason: 'goal', expiresInMs: 60_000 };
    server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
    await page.waitForSelector('dialog[open]');
    server.send({ type: 'session.state', ...VIEW });
    await gone(page, 'dialog');
    expect(server.said.filter(({ type }) => type === 'wrap_up.answer')).toEqual([]);
  });

  test('the key W asks at once, and an answer given before the server has proposed waits for the proposal', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '.status', 'Listening');
    await page.keyboard.press('w');
    await page.waitForSelector('dialog[open]');
    await server.heard('wrap_up.request');
    await page.click('dialog .yes');
    const wrapUp = { proposalId: 'p1', reason: 'asked', expiresInMs: 60_000 };
    server.send({ type: 'session.state', ...VIEW, phase: 'confirming', wrapUp });
    const answer = await server.heard('wrap_up.answer');
    expect(answer).toMatchObject({ proposalId: 'p1', accept: true });
    expect(await page.locator('dialog').count()).toBe(0);
  });

  test('“Leave without a recap” leaves at once, and the session can be gone on with', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await shows(page, '.status', 'Listening');
    await page.click('.end');
    await page.click('.leave');
    await shows(page, '.over', 'stays open for two minutes');
    const frames = server.microphone.length;
    await sleep(300);
    expect(server.microphone.length).toBe(frames);
    await page.getByRole('button', { name: 'Go on' }).click();
    await eventually('the conversation again', () => server.microphone[frames + 5]);
    noErrors(rig);
  });

  test('notices and the last minutes are shown in the person’s own words', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    server.send({ type: 'notice', code: 'slow_provider', message: 'upstream timeout' });
    await shows(page, '.notice', 'The coach needs a moment longer than usual.');
    server.send({ type: 'session.state', ...VIEW, stage: 'options', elapsedMs: 1_500_000, remainingMs: 300_000 });
    server.send({ type: 'session.warning', remainingMs: 300_000 });
    await shows(page, '.notice', '5 minutes left.');
    expect(await page.locator('.notice').getAttribute('role')).toBe('status');
    expect(await textOf(page, '.time-left')).toMatch(/^(5:00|4:5\d)$/);
    expect(await page.locator('.time').getAttribute('data-soon')).toBe('');
    expect(await textOf(page, '.stages [aria-current]')).toBe('Options');
    noErrors(rig);
  });

  test('language, appearance and captions are chosen in the settings and remembered', async () => {
    await using rig = await openPage();
    const { page } = rig;
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Language').selectOption('de');
    await shows(page, 'dialog h2', 'Einstellungen');
    await page.getByLabel('Aussehen').selectOption('dark');
    await page.getByRole('switch', { name: 'Untertitel zeigen' }).uncheck();
    await page.reload();
    await shows(page, 'h1', 'Worüber möchtest du');
    expect(await page.locator('.app').getAttribute('data-theme')).toBe('dark');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.click('.home .primary');
    await shows(page, '.status', 'Hört zu');
    rig.server.send(utterance('Good morning.', true));
    await shows(page, '.log', 'Good morning.');
    expect((await page.locator('.log').boundingBox())?.height).toBeLessThanOrEqual(1);
    noErrors(rig);
  });

  test('another microphone can be chosen while talking', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    await eventually('microphone audio', () => server.microphone[5]);
    await page.getByRole('button', { name: 'Settings' }).click();
    const choice = page.locator('.setting', { hasText: /^Microphone/ }).locator('select');
    const device = await eventually('a device', async () => {
      const options = choice.locator('option');
      return (await options.count()) > 1 ? ((await options.nth(1).getAttribute('value')) ?? undefined) : undefined;
    });
    await choice.selectOption(device);
    await page.keyboard.press('Escape');
    await shows(page, '.notice', 'Now using');
    const frames = server.microphone.length;
    await eventually('microphone audio again', () => server.microphone[frames + 5]);
    expect(rig.browser.errors).toEqual([]);
  });

  test('the coach’s voice is chosen in the settings: from the next sentence on, and the next time', async () => {
    await using rig = await openTalk();
    const { server, page } = rig;
    expect((await server.heard('hello')).voice).toBeUndefined();
    await page.getByRole('button', { name: 'Settings' }).click();
    const choice = page.getByLabel('Coach’s voice');
    await shows(page, '.setting option', 'Kate · British English');
    expect(await choice.inputValue()).toBe('pico-en-GB');
    await choice.selectOption('flite-rms');
    await server.heard('voice.choose', ({ voice }) => voice === 'flite-rms');
    await page.reload();
    await page.getByRole('button', { name: 'Go on' }).click();
    await server.heard('hello', ({ voice }) => voice === 'flite-rms');
    noErrors(rig);
  });

  test('tells an embedding page what happens', async () => {
    await using rig = await openPage();
    const { server, page } = rig;
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      for (const name of ['state', 'session', 'caption', 'recap', 'ended']) {
        document.addEventListener(`kuku-${name}`, (event) =>
          heard.push(`${name} ${JSON.stringify((event as CustomEvent).detail)}`),
        );
      }
    });
    await page.click('.home .primary');
    await server.heard('hello');
    server.send(utterance('Hello.', true));
    server.send({ type: 'session.state', ...VIEW, phase: 'closing' });
    server.send({ type: 'session.ended', reason: 'confirmed', recap: RECAP });
    await sleep(100);
    server.close(1000, 'session over');
    await page.waitForSelector('.recap');
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.join('\n'));
    expect(heard).toContain('state {"state":"live"}');
    expect(heard).toContain('session {"sessionId":"s1"}');
    expect(heard).toMatch(/caption .*"text":"Hello\."/);
    expect(heard).toContain(`"goal":"${RECAP.goal}"`);
    expect(heard).toContain('ended {"reason":"confirmed"}');
  });
});
