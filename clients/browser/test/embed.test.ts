/** The element in a page of another origin, as `docs/embedding.md` says, under a strict policy of that page's own. */
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { launchChromium, withoutChromium } from '../../../test/support/chromium.ts';
import { shows } from './support/page.ts';
import { eventually, startScriptedServer } from './support/scripted-server.ts';
import { babble } from './support/sound.ts';

/** The host page: nothing inline, and only what the guide names is allowed. */
async function startHost(server: string) {
  const app = Fastify();
  const socket = server.replace('http', 'ws');
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `script-src 'self' ${server}`,
    `connect-src ${server} ${socket}`,
  ].join('; ');
  app.get('/', (_, reply) =>
    reply.type('text/html').header('content-security-policy', policy).send(`<!doctype html>
      <html lang="en"><head><title>Host</title>
      <link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/host.css">
      <script type="module" src="${server}/kuku-coach.js"></script>
      </head><body><h1>Host</h1><kuku-coach server="${server}" token="jwt-1" lang="de" theme="dark"></kuku-coach>
      </body></html>`),
  );
  app.get('/host.css', (_, reply) =>
    reply.type('text/css').send(`kuku-coach { --kuku-height: 30rem; --kuku-accent: rgb(200, 100, 50); }
      kuku-coach::part(primary) { border-radius: 3px; }`),
  );
  app.get('/icon.svg', (_, reply) => reply.type('image/svg+xml').send('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  // Another site, and still a secure context, so that there is a microphone.
  return { url: url.replace('127.0.0.1', 'localhost'), [Symbol.asyncDispose]: () => app.close() };
}

describe.skipIf(withoutChromium('the embedded element'))('the embedded element', { timeout: 90_000 }, () => {
  test('talks to its server from a page of another origin, with the page’s attributes and looks', async () => {
    await using server = await startScriptedServer({ embeddable: true });
    await using host = await startHost(server.url);
    await using browser = await launchChromium();
    const { page } = browser;
    await page.goto(host.url);
    await shows(page, 'kuku-coach h1', 'Worüber möchtest du heute nachdenken?');
    const start = page.locator('.home .primary');
    expect(await start.evaluate((button) => getComputedStyle(button).borderRadius)).toBe('3px');
    expect(await start.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(200, 100, 50)');
    expect((await page.locator('kuku-coach').boundingBox())?.height).toBe(480);
    await page.click('.tool.icon-only');
    await page.waitForSelector('.switch');
    // What the page has decided is not the person's to choose.
    expect(await page.locator('dialog').textContent()).not.toMatch(/Sprache|Aussehen/);
    await page.keyboard.press('Escape');

    await start.click();
    const hello = await server.heard('hello');
    expect(hello.audio).toEqual({ in: { rate: 16_000 }, out: { rate: 24_000 } });
    expect(server.tokens).toContain('Bearer jwt-1');
    await eventually('microphone audio', () => server.microphone[5]);
    server.speak(1, babble({ seed: 4, seconds: 1, rate: 24_000 }));
    await server.heard('playback', ({ state }) => state === 'ended');
    expect(browser.errors).toEqual([]);
  });

  test('is steered by its methods, and lets the microphone go when it is removed', async () => {
    await using server = await startScriptedServer();
    await using browser = await launchChromium();
    const { page } = browser;
    await page.goto(server.url);
    await page.waitForSelector('.home');
    await page.evaluate(() => document.querySelector<HTMLElement & { start: () => void }>('kuku-coach')?.start());
    await shows(page, '.status', 'Listening');
    const said = await page.evaluate(() =>
      document.querySelector<HTMLElement & { say: (text: string) => boolean }>('kuku-coach')?.say('From outside.'),
    );
    expect(said).toBe(true);
    await server.heard('text', ({ text }) => text === 'From outside.');
    await page.evaluate(() => document.querySelector('kuku-coach')?.remove());
    const frames = await eventually('silence', async () => {
      const before = server.microphone.length;
      await page.waitForTimeout(200);
      return server.microphone.length === before ? before : undefined;
    });
    expect(frames).toBeGreaterThan(0);
    expect(browser.errors).toEqual([]);
  });
});
