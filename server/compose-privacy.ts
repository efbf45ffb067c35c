/** What people are told of what happens to their words, and for how long it is kept. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import { KukuError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import type { Consents, ConsentText } from './ports/consents.ts';
import { createConsents } from './storage/consents.ts';
import type { Database } from './storage/database/open.ts';
import { createJobLeases } from './storage/jobs.ts';
import { runRetention } from './storage/retention-job.ts';
import { createRetention } from './storage/retention.ts';
import type { Logger } from './telemetry/logger.ts';

export interface Privacy {
  consent: ConsentText & { required: boolean };
  consents: Consents;
  close(): void;
}

export interface PrivacyOptions {
  config: Config;
  database: Database;
  instanceId: string;
  clock: Clock;
  log: Logger;
}

const MAX_CONSENT_CHARS = 20_000;

/** Throws `invalid_configuration` when the operator's text can't be read. */
export async function composePrivacy({ config, database, ...rest }: PrivacyOptions): Promise<Privacy> {
  const { db } = database;
  const text = config.consent.file === undefined ? defaultText(config) : await readText(config.consent.file);
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const retention = { jobs: createJobLeases(db), retention: createRetention(db), kept: config.kept };
  return {
    consent: { version, text, required: config.consent.required },
    consents: createConsents(db),
    close: runRetention({ ...retention, ...rest }),
  };
}

async function readText(file: string): Promise<string> {
  const invalid = (problem: string, cause?: unknown) =>
    new KukuError(`CONSENT_FILE is ${JSON.stringify(file)}, which ${problem}`, {
      code: 'invalid_configuration',
      ...(cause !== undefined && { cause }),
    });
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid("can't be read", error);
  });
  if (text.trim() === '') throw invalid('is empty');
  if (text.length > MAX_CONSENT_CHARS) throw invalid(`has more than ${MAX_CONSENT_CHARS} characters`);
  return text.trim();
}

/** True of this server as it is configured; whoever runs it for others should write their own. */
function defaultText({ openai, elevenLabs, kept }: Config): string {
  const clouds: string[] = [];
  if (openai.apiKey || openai.baseUrl) clouds.push('OpenAI or a compatible service');
  if (elevenLabs.apiKey) clouds.push('ElevenLabs');
  const days = (ms: number | undefined) => (ms === undefined ? 'until you delete it' : `for ${ms / 86_400_000} days`);
  return [
    'Kuku is a coach made of software, an AI. It is no therapist, and no help in an emergency.',
    clouds.length > 0
      ? `What you say is sent to ${clouds.join(' and ')} to be understood, answered or spoken.`
      : 'What you say is understood, answered and spoken on the server that you talk to, and is sent nowhere else.',
    `Your words and the coach's are kept as text ${days(kept.transcriptsMs)}, the recaps ${days(kept.recapsMs)}, and spoken ` +
      `replies ${days(kept.audioMs)}. The sound of your voice is not kept.`,
    'When you speak of harm to yourself or to others you are told of help lines, and it is kept that this was so, without ' +
      'your words.',
    'You can say "off the record", start a private session, take all of it along, or delete it, at any time.',
  ].join('\n\n');
}
