/** Everything that the server of this configuration will need, each thing looked at on its own. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readPersona } from './coaching/prompt.ts';
import type { Config } from './config.ts';
import { providerChecks } from './doctor-providers.ts';
import { type Check, failed, type Finding, ok, placeOf, type Result, warning } from './doctor-report.ts';
import { KukuError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import { createDeadline } from './ports/deadline.ts';
import { silentLog } from './ports/log.ts';
import { checkModel, type Model, type ModelName, MODELS } from './providers/local/models.ts';
import { postgresVersion } from './storage/database/check.ts';
import { openRedis } from './storage/redis/connection.ts';

const DEADLINE_MS = 8000;

export function checksFor(config: Config, clock: Clock): Check[] {
  return [
    ...providerChecks(config, clock),
    redisCheck(config, clock),
    databaseCheck(config),
    ...personaChecks(config),
    ...modelChecks(config),
  ];
}

/** All at once; a check that throws or hangs has failed. Nothing secret is in the results. */
export function runChecks(checks: readonly Check[], clock: Clock, deadlineMs = DEADLINE_MS): Promise<Result[]> {
  return Promise.all(
    checks.map(async ({ name, run }) => {
      const deadline = createDeadline(clock, new AbortController().signal);
      const hung = Promise.withResolvers<never>();
      // The clients that are looked at have ways of their own to hang, and not all take a signal.
      deadline.signal.addEventListener('abort', () => hung.reject(deadline.signal.reason), { once: true });
      deadline.within(deadlineMs, () => new KukuError('no answer', { code: 'no_answer' }));
      try {
        return { name, ...(await Promise.race([run({ signal: deadline.signal }), hung.promise])) };
      } catch (error) {
        return { name, ...failed(reasonOf(error)) };
      } finally {
        deadline.close();
      }
    }),
  );
}

/** Messages of ours are fit to be shown; of the others only what kind they are, since they may quote what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof KukuError) return error.message;
  if (!(error instanceof Error)) return 'failed';
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  return typeof code === 'string' ? `could not be reached (${code})` : `failed (${error.name})`;
}

function redisCheck({ redisUrl }: Config, clock: Clock): Check {
  return {
    name: 'Redis',
    async run() {
      if (redisUrl === undefined) return ok('none: sessions live in this process, so run one of it');
      const redis = openRedis({ url: redisUrl, clock, log: silentLog });
      try {
        await redis.ping();
        return ok(placeOf(redisUrl));
      } catch (error) {
        return failed(`${placeOf(redisUrl)}: ${reasonOf(error)}`);
      } finally {
        redis.close();
      }
    },
  };
}

function databaseCheck({ databaseUrl, dataDir }: Config): Check {
  return {
    name: 'database',
    async run() {
      if (databaseUrl === undefined) return folderFinding(dataDir);
      try {
        return ok(`${placeOf(databaseUrl)}, Postgres ${await postgresVersion(databaseUrl)}`);
      } catch (error) {
        return failed(`${placeOf(databaseUrl)}: ${reasonOf(error)}`);
      }
    },
  };
}

/** The embedded database makes its folder; it is not opened here, since a server may have it open. */
async function folderFinding(dataDir: string): Promise<Finding> {
  let folder = dataDir;
  while (folder !== dirname(folder) && !(await exists(folder))) folder = dirname(folder);
  try {
    const isFolder = (await stat(folder)).isDirectory();
    if (!isFolder) return failed(`embedded: ${folder} is no folder`);
    await access(folder, constants.W_OK);
    return ok(`embedded, in ${dataDir}`);
  } catch {
    return failed(`embedded: ${folder} can't be written to`);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function personaChecks({ coach: { personaFile } }: Config): Check[] {
  if (personaFile === undefined) return [];
  const run = async () => ok(`${(await readPersona(personaFile)).length} characters from ${personaFile}`);
  return [{ name: "coach's persona", run }];
}

function modelChecks({ modelsDir }: Config): Check[] {
  return (Object.keys(MODELS) as ModelName[]).map((name) => ({
    name: `model ${name}`,
    async run() {
      const { optional, purpose }: Model = MODELS[name];
      const check = await checkModel(modelsDir, name);
      if (check.ok) return ok(purpose);
      return optional
        ? ok(`not there, and need not be (${purpose})`)
        : warning(`${check.reason} \`npm run models\` fetches it`);
    },
  }));
}
