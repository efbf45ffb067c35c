/**
 * A fuzz of a whole server, for a number of inputs or a time: in rounds, of several clients at once, each with inputs of
 * its own kind and seed; between two rounds all is quiet, what was made is deleted, and memory is looked at.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { Pool } from 'undici';
import { lineThrough } from '../../bench/statistics.ts';
import { heldBytes } from '../probe.ts';
import { readDocuments, type RestInput, restInputs } from './rest-inputs.ts';
import { type AnswerCheck, createAnswerCheck, sendRest } from './send-rest.ts';
import { type FuzzedServer, startFuzzedServer } from './server.ts';
import { socketInputs } from './socket-inputs.ts';
import { createTally, type Tally } from './tally.ts';
import { recordings, uploads } from './uploads.ts';
import { visitSocket } from './visit-socket.ts';
import { sendRaw, wireInputs } from './wire-inputs.ts';
import { createWorld, type World } from './world.ts';

export const KINDS = ['rest', 'socket', 'wire'] as const;
export type Kind = (typeof KINDS)[number];

export interface FuzzOptions {
  seed: number;
  /** Whichever comes first. */
  inputs?: number;
  minutes?: number;
  /** One counterexample again, as a failure says. */
  again?: { kind: Kind; path?: string };
  onRound?: (look: Look, tally: Tally) => void;
}

export interface Look {
  inputs: number;
  atMs: number;
  heldBytes: number;
  residentBytes: number;
}

export interface Failure {
  problem: string;
  /** The shrunk input. */
  input: string;
  /** How to run it again. */
  command: string;
}

export interface FuzzResult {
  tally: Tally;
  looks: readonly Look[];
  failures: readonly Failure[];
  warnings: ReadonlyMap<string, number>;
  /** Of the document. */
  operations: readonly string[];
  ms: number;
}

const CLIENTS = 16;
/** A round is this long for each client: a few thousand inputs. */
const ROUND_MS = 20_000;
/** Runs of a property in a go; then the world is looked after. */
const RUNS: Readonly<Record<Kind, number>> = { rest: 200, socket: 15, wire: 10 };
/** Enough to see whether one cause or several. */
const MAX_FAILURES = 5;
/** Until what the last inputs began is over. */
const QUIET_MS = 500;
const LEAK_BYTES = 16 * 2 ** 20;
const MAX_SHOWN_CHARS = 3000;
/** A run takes some seconds; the rest is for making a failure small. */
const SHRINKING_MS = 60_000;

interface Scene {
  server: FuzzedServer;
  http: Pool;
  tally: Tally;
  check: AnswerCheck;
  requests: fc.Arbitrary<RestInput>;
  options: FuzzOptions;
  failures: Failure[];
}

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const server = await startFuzzedServer();
  const startMs = performance.now();
  const http = new Pool(server.url, { connections: CLIENTS * 4, headersTimeout: 30_000, bodyTimeout: 30_000 });
  try {
    const document = await http.request({ method: 'GET', path: '/docs/openapi.json' });
    const documents = readDocuments(await document.body.json());
    const tally = createTally();
    const check = createAnswerCheck(documents, tally);
    const requests = restInputs(documents, uploads(await recordings()));
    const scene: Scene = { server, http, tally, check, requests, options, failures: [] };
    const looks = options.again ? [] : await runRounds(scene, startMs);
    if (options.again) await runAgain(scene, options.again);
    const operations = documents.operations.map(({ name }) => name);
    await http.destroy();
    if (!server.hasEnded && (await server.stop()) !== 0) {
      const command = `npm run fuzz -- --seed ${options.seed}`;
      scene.failures.push({ problem: 'the server did not end as it should', input: 'all of those before', command });
    }
    return {
      tally,
      looks,
      failures: scene.failures,
      warnings: server.warnings,
      operations,
      ms: performance.now() - startMs,
    };
  } finally {
    if (!http.destroyed) await http.destroy();
    await server.stop();
  }
}

async function runRounds(scene: Scene, startMs: number): Promise<Look[]> {
  const { options, tally, server, failures, http } = scene;
  const { inputs = Infinity, minutes = Infinity } = options;
  const untilMs = startMs + minutes * 60_000;
  const worlds = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => createWorld(http, server.url, `fuzz-${i}`)),
  );
  const looks: Look[] = [];
  const isOver = () =>
    tally.total >= inputs || performance.now() >= untilMs || failures.length >= MAX_FAILURES || server.hasEnded;
  let runs = 0;
  while (!isOver()) {
    const roundMs = Math.min(untilMs, performance.now() + ROUND_MS);
    const client = async (world: World) => {
      while (!isOver() && performance.now() < roundMs) {
        const kind = KINDS[runs % KINDS.length] ?? 'rest';
        const seed = options.seed + (runs += 1);
        await run(scene, world, { kind, seed, numRuns: RUNS[kind] }).catch((error: unknown) => {
          const command = `npm run fuzz -- --seed ${seed} --again ${kind}`;
          report(scene, { problem: String(error), input: 'what is made before a run', command });
        });
      }
    };
    await Promise.all(worlds.map(client));
    if (server.hasEnded) {
      failures.push({
        problem: 'the server has ended',
        input: 'one of those before',
        command: `npm run fuzz -- --seed ${options.seed}`,
      });
      break;
    }
    for (const world of worlds) await world.clear();
    await sleep(QUIET_MS);
    await isAlive(scene);
    const memory = await server.memory();
    const look = {
      inputs: tally.total,
      atMs: performance.now() - startMs,
      heldBytes: heldBytes(memory),
      residentBytes: memory.rss,
    };
    looks.push(look);
    options.onRound?.(look, tally);
  }
  return looks;
}

async function runAgain(scene: Scene, again: NonNullable<FuzzOptions['again']>): Promise<void> {
  const world = await createWorld(scene.http, scene.server.url, 'again');
  await run(scene, world, { ...again, seed: scene.options.seed, numRuns: RUNS[again.kind] });
}

async function run(scene: Scene, world: World, { kind, ...parameters }: Run): Promise<void> {
  await world.refresh();
  const { failed, input, path, error } = await checked(kind, { ...scene, world }, parameters);
  const command = `npm run fuzz -- --seed ${parameters.seed} --again ${kind}`;
  // Of several clients at once, so that nobody can tell whose: whoever runs it again is alone.
  for (const logged of scene.server.errors()) {
    const problem = `the server logged: ${logged.slice(0, MAX_SHOWN_CHARS)}`;
    report(scene, { problem, input: 'one of these, or of others at the time', command });
  }
  if (!failed) return;
  const problem = error instanceof Error ? error.message : String(error);
  report(scene, { problem, input: input.slice(0, MAX_SHOWN_CHARS), command: `${command}:${path}` });
}

/** Of one cause, the first: what follows would only be more of the same. */
function report({ failures }: Scene, failure: Failure): void {
  const cause = ({ problem }: Failure) => problem.replaceAll(/"reqId":"[^"]*"|\d+/g, '').slice(0, 200);
  if (!failures.some((known) => cause(known) === cause(failure))) failures.push(failure);
}

interface Run {
  kind: Kind;
  seed: number;
  numRuns: number;
  path?: string;
}

function checked(kind: Kind, scene: Scene & { world: World }, parameters: Omit<Run, 'kind'>) {
  switch (kind) {
    case 'rest':
      return check(scene.requests, (input) => sendRest(input, scene), parameters);
    case 'socket':
      return check(socketInputs, (steps) => visitSocket(steps, scene), parameters);
    case 'wire':
      return check(wireInputs, (input) => sendRaw(input, scene), parameters);
  }
}

/** Inputs of this kind until one fails, which is then made as small as it can be. */
async function check<T>(inputs: fc.Arbitrary<T>, send: (input: T) => Promise<void>, parameters: Omit<Run, 'kind'>) {
  const property = fc.asyncProperty(inputs, send);
  const details = await fc.check(property, { ...parameters, interruptAfterTimeLimit: SHRINKING_MS });
  const { failed, counterexample, counterexamplePath, errorInstance } = details;
  return { failed, input: fc.stringify(counterexample), path: counterexamplePath ?? '0', error: errorInstance };
}

/** Of what JavaScript holds, in the later half of the looks: the rise of the straight line through them. */
export function riseBytes(looks: readonly Look[]): number {
  const later = looks.slice(Math.floor(looks.length / 2));
  const line = lineThrough(later.map(({ inputs, heldBytes: held }) => [inputs, held]));
  return line.at(later.at(-1)?.inputs ?? 0) - line.at(later.at(0)?.inputs ?? 0);
}

/** More than what caches, compiled code and the moment of a look make it differ by. */
export function isLeak(looks: readonly Look[]): boolean {
  return looks.length > 3 && riseBytes(looks) > LEAK_BYTES;
}

async function isAlive({ http }: Scene): Promise<void> {
  const { statusCode, body } = await http.request({ method: 'GET', path: '/health' });
  await body.dump();
  if (statusCode !== 200) throw new Error(`/health answers with ${statusCode}`);
}
