/**
 * A real Chromium with a fake microphone, for the tests of what only a browser can do. `CHROMIUM_PATH` names it, else
 * `/usr/bin/chromium`. Where there is none, tests are skipped and say so, except with `CI=true`, where they fail.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const found = existsSync(executablePath);

/**
 * Whether to skip a suite that needs Chromium: `describe.skipIf(withoutChromium('the page'))`. With `CI=true` it is
 * never skipped, and `launchChromium` fails.
 */
export function withoutChromium(what: string): boolean {
  if (found || process.env['CI'] === 'true') return false;
  console.warn(`SKIPPED ${what}: no Chromium at ${executablePath}; install one or set CHROMIUM_PATH`);
  return true;
}

export interface ChromiumOptions {
  /** WAV file, 48 kHz mono PCM16, that the fake microphone plays once, from when it is opened; without it, beeps. */
  microphoneWav?: string;
  /** How the browser answers the page that asks for the microphone. */
  microphone?: 'granted' | 'denied';
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
  deviceScaleFactor?: number;
  reducedMotion?: 'reduce' | 'no-preference';
  /** Lets a test bring an audio worklet of its own into the page. */
  bypassCSP?: boolean;
}

export interface Chromium extends AsyncDisposable {
  context: BrowserContext;
  page: Page;
  /** Console errors, uncaught errors and failed loads of `page` so far. */
  errors: string[];
}

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a Chromium of its own, with a fresh profile; disposing closes it and deletes the profile. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  if (!found) throw new Error(`no Chromium at ${executablePath}; install one or set CHROMIUM_PATH`);
  const profile = await mkdtemp(join(tmpdir(), 'kuku-chromium-'));
  const { microphoneWav, microphone = 'granted', ...look } = options;
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...FLAGS, ...microphoneFlags(microphone, microphoneWav)],
    ...look,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  return {
    context,
    page,
    errors,
    async [Symbol.asyncDispose]() {
      await context.close();
      // Chromium's children write for a moment longer.
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function microphoneFlags(answer: 'granted' | 'denied', wav: string | undefined): string[] {
  if (answer === 'denied') return ['--use-fake-device-for-media-stream', '--deny-permission-prompts'];
  const flags = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  return wav === undefined ? flags : [...flags, `--use-file-for-fake-audio-capture=${wav}%noloop`];
}
