/** The page under the server's own headers: it does all that it does, and the browser has nothing to object to. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import type { ConsoleMessage, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreatedSessionBody, ExchangeBody } from '../../../protocol/rest.ts';
import { launchChromium, withoutChromium, type Chromium } from '../../../test/support/chromium.ts';
import { data } from '../../../test/support/rest.ts';
import { startTestServer, type TestServer } from '../../../test/support/server.ts';
import { wav } from '../../../test/support/wav.ts';
import { ensureBuilt } from '../build.ts';
import { begin, shows } from './support/page.ts';
import { eventually } from './support/scripted-server.ts';

let folder: string;
/** Silence, so that nobody talks the coach down. */
let microphoneWav: string;
let server: TestServer;
let host: { url: string; close(): Promise<void> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuku-policy-'));
  microphoneWav = join(folder, 'silence.wav');
  await writeFile(microphoneWav, wav(new Int16Array(48_000), 48_000));
  host = await startHost();
  const pageDir = await ensureBuilt();
  server = await startTestServer({ env: { ALLOWED_ORIGINS: host.url }, pageDir });
}, 90_000);
afterAll(async () => {
  await server.close();
  await host.close();
  await rm(folder, { recursive: true });
});

/** A page of another site, without a policy of its own: what is refused there, our server's headers refuse. */
async function startHost() {
  const app = Fastify({ forceCloseConnections: true });
  app.get('/', (_, reply) =>
    reply.type('text/html')
      .send(`<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,">
      <script type="module" src="${server.url}/kuku-coach.js"></script></head>
      <body><kuku-coach server="${server.url}" lang="en"></kuku-coach></body></html>`),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: url.replace('127.0.0.1', 'localhost'), close: () => app.close() };
}

const ABOUT_POLICY = /Content.Security.Policy|Permissions.Policy|Cross-Origin|CORS|blocked|refused|violat/i;

/** What the browser says about policies, at whatever level, on any page of it from now on. */
function objections({ context }: Pick<Chromium, 'context'>): string[] {
  const found: string[] = [];
  context.on('console', (message: ConsoleMessage) => {
    if (ABOUT_POLICY.test(message.text())) found.push(message.text());
  });
  return found;
}

async function talk(page: Page): Promise<void> {
  await page.waitForSelector('.app');
  await begin(page);
  await page.waitForSelector('.log .coach');
}

/** Types, has a look around, and ends. */
async function useEverything(page: Page): Promise<void> {
  await page.fill('.say textarea', 'I want to plan my week.');
  await page.keyboard.press('Enter');
  await shows(page, '.log .you', 'plan my week');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.waitForSelector('.switch');
  await page.keyboard.press('Escape');
  await page.click('.end');
  await page.click('dialog .yes');
  await page.waitForSelector('.recap', { timeout: 60_000 });
}

/** Whether the page may play what is at this address. */
const plays = (page: Page, url: string): Promise<string> =>
  page.evaluate(
    (src) =>
      new Promise<string>((resolve) => {
        const audio = new Audio(src);
        audio.addEventListener('loadeddata', () => resolve('it plays'));
        audio.addEventListener('error', () => resolve(audio.error?.message ?? 'it does not'));
      }),
    url,
  );

async function spokenReply(url: string): Promise<string> {
  const { sessionId } = await data<CreatedSessionBody>(`${url}/api/sessions`, { method: 'POST' });
  const json = { text: 'Hello' };
  const asked = await data<ExchangeBody>(`${url}/api/sessions/${sessionId}/messages`, { method: 'POST', json });
  return asked.messages[1].audioUrl ?? '';
}

describe.skipIf(withoutChromium('policies'))('the browser has nothing against', { timeout: 120_000 }, () => {
  test('the page, whatever is done in it, nor the documents', async () => {
    const own = await startTestServer({ pageDir: await ensureBuilt() });
    await using browser = await launchChromium({ microphoneWav });
    const objected = objections(browser);
    const { page } = browser;
    await page.goto(own.url);
    await talk(page);
    await useEverything(page);
    expect(await plays(page, await spokenReply(own.url))).toBe('it plays');
    await page.goto(`${own.url}/docs`);
    expect(await page.locator('main').evaluate((main) => getComputedStyle(main).maxWidth)).toBe('960px');
    expect(objected).toEqual([]);
    expect(browser.errors).toEqual([]);
    // And it would have said so.
    await page.evaluate(() => document.body.append(Object.assign(document.createElement('img'), { src: 'data:,' })));
    await eventually('an objection', () => objected[0]);
    await own.close();
  });

  test('the element in a page of another origin that is named, and what it plays', async () => {
    await using browser = await launchChromium({ microphoneWav });
    const objected = objections(browser);
    const { page } = browser;
    await page.goto(host.url);
    await talk(page);
    expect(await plays(page, await spokenReply(server.url))).toBe('it plays');
    expect(objected).toEqual([]);
    expect(browser.errors).toEqual([]);
  });

  test('nobody’s frame: the page is not shown in one', async () => {
    await using browser = await launchChromium({ microphoneWav });
    const objected = objections(browser);
    const { page } = browser;
    await page.goto(host.url);
    await page.evaluate(
      (src) => document.body.append(Object.assign(document.createElement('iframe'), { src })),
      server.url,
    );
    expect(await eventually('an objection', () => objected[0])).toContain('frame-ancestors');
  });
});
