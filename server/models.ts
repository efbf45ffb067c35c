/** `npm run models [name…]`: shows, downloads or copies the speech models. */
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { readEnvironment } from './config.ts';
import { KukuError } from './errors.ts';
import { bytesOf, installModel, megabytes } from './models-install.ts';
import type { InstallProgress } from './models-install.ts';
import { systemClock } from './ports/clock.ts';
import { checkModel, MODELS } from './providers/local/models.ts';
import type { Model, ModelName } from './providers/local/models.ts';

const HELP = `npm run models -- [name…] [--dir FOLDER] [--from FOLDER] [--list]

Downloads the speech models that are missing: all that the server uses by default, or those named.
  --dir FOLDER   where they go; default KUKU_MODELS_DIR, or ./models
  --from FOLDER  copies them from a models folder of this machine instead of downloading
  --list         says which are there and which are missing

What was broken off goes on where it stopped when the command is run again.`;

const names = Object.keys(MODELS) as ModelName[];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dir: { type: 'string' },
      from: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const modelsDir = values.dir ?? (readEnvironment()['KUKU_MODELS_DIR']?.trim() || './models');
  const chosen = choose(positionals);
  if (values.list) return list(modelsDir, positionals.length > 0 ? chosen : names);
  await install(chosen, modelsDir, values.from);
}

function choose(given: readonly string[]): ModelName[] {
  if (given.length === 0) return names.filter((name) => !MODELS[name].optional);
  const unknown = given.filter((name) => !(name in MODELS));
  if (unknown.length === 0) return names.filter((name) => given.includes(name));
  throw new KukuError(`There is no model ${unknown.join(', ')}. There are ${names.join(', ')}.`, {
    code: 'unknown_model',
  });
}

async function list(modelsDir: string, chosen: readonly ModelName[]): Promise<void> {
  console.log(`Models in ${modelsDir}:\n`);
  for (const name of chosen) {
    const model: Model = MODELS[name];
    const check = await checkModel(modelsDir, name);
    const mark = check.ok ? 'there  ' : model.optional ? '–      ' : 'MISSING';
    console.log(`${mark}  ${name}\n         ${model.purpose}\n         Licence: ${model.licence}`);
    if (!check.ok && !model.optional) console.log(`         ${check.reason}`);
  }
}

async function install(chosen: readonly ModelName[], modelsDir: string, from: string | undefined): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new KukuError('Stopped. Run it again to go on.', { code: 'stopped' })));
  const failures: string[] = [];
  for (const name of chosen) {
    const model: Model = MODELS[name];
    console.log(`${name}: ${model.purpose}. Licence: ${model.licence}.`);
    try {
      const { signal } = stop;
      const progress = progressBar();
      const done = await installModel({ modelsDir, name, model, from, clock: systemClock, signal, progress });
      const bytes = model.files.reduce((sum, file) => sum + bytesOf(file), 0);
      console.log(done === 'present' ? '  is there already.' : `  installed, ${megabytes(bytes)}.`);
    } catch (error) {
      stop.signal.throwIfAborted();
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (failures.length > 0) throw new KukuError(failures.join('\n'), { code: 'models_missing' });
}

/** A bar for each file; where there is no terminal, a line every few seconds. */
function progressBar(): InstallProgress {
  let bar: SingleBar | undefined;
  return {
    begin(file, totalBytes) {
      bar = new SingleBar({
        format: `  ${file} {bar} {percentage}% of ${megabytes(totalBytes)}, {eta_formatted} left`,
        hideCursor: true,
        noTTYOutput: true,
        notTTYSchedule: 5000,
      });
      bar.start(totalBytes, 0);
    },
    advance: (bytes) => bar?.update(bytes),
    end() {
      bar?.stop();
      bar = undefined;
    },
    note: (text) => console.log(`  ${text}`),
  };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
