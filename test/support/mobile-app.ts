/** The app as Expo has exported it for browsers, on a port of its own, and its way in. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import type { Page } from 'playwright-core';

const dist = resolve(import.meta.dirname, '../../clients/mobile/dist');
const exported = existsSync(resolve(dist, 'index.html'));

/** Whether to skip a suite that needs the export. With `CI=true` it is never skipped, and `serveMobileApp` fails. */
export function withoutMobileApp(what: string): boolean {
  if (exported || process.env['CI'] === 'true') return false;
  console.warn(`SKIPPED ${what}: not exported; run npm ci && npm run export in clients/mobile`);
  return true;
}

export interface MobileApp extends AsyncDisposable {
  url: string;
}

export async function serveMobileApp(): Promise<MobileApp> {
  if (!exported) throw new Error(`no export in ${dist}: run npm ci && npm run export in clients/mobile`);
  const site = Fastify();
  await site.register(fastifyStatic, { root: dist });
  const url = await site.listen({ host: '127.0.0.1', port: 0 });
  return { url, [Symbol.asyncDispose]: () => site.close() };
}

/** As somebody does the first time: says where the coach is, and goes in as a guest; `look` at the choice between. */
export async function goIn(
  page: Page,
  app: { url: string },
  server: { url: string },
  look = async () => {},
): Promise<void> {
  await page.goto(app.url);
  await page.getByLabel('Your coach’s server').fill(server.url);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('button', { name: 'Go on as a guest' }).waitFor();
  await look();
  await page.getByRole('button', { name: 'Go on as a guest' }).click();
  await page.getByRole('button', { name: 'Start talking' }).waitFor();
}

/** Starts by the button of this name, and agrees, as is asked of somebody new. */
export async function begin(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Agree and start' }).click();
}
