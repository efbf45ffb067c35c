/**
 * How many people can be listened to at once: sessions with the real detector, 20 ms frames in real time over real
 * sockets, the server with all its workers kept to one core (`taskset`). And what a session and an idle socket take of
 * memory. Linux only. `npm run bench:capacity [-- SESSIONS...]`
 *
 * People are quiet, but for one who speaks now and then: what is measured is listening, which goes on all the time.
 * `speechStartedMs`: his first speech frame sent → `speech.started` received; while the server keeps up it stays where
 * it is with one session (two windows of 32 ms and their phase).
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { loadClip } from '../support/clips.ts';
import { heldBytes, probe, PROBED } from '../support/probe.ts';
import { cpuMsOf, processTree } from '../support/process-tree.ts';
import { type RealServer, startRealServer } from '../support/real-server.ts';
import { fromFirstSpeech } from '../support/speech-onset.ts';
import { openSockets, startCrowd } from './capacity-crowd.ts';
import { report } from './report.ts';
import { quantile } from './statistics.ts';

process.env['KUKU_MODELS_DIR'] ??= resolve(import.meta.dirname, '../../models');

const CORE = 0;
const SETTLE_MS = 3000;
const RUN_MS = 15_000;
const SPEECH_EVERY_MS = 2500;
const clip = fromFirstSpeech(loadClip('leopard').pcm).subarray(0, 16_000);
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function startOnOneCore(): Promise<RealServer> {
  const env = { LIMIT_SOCKETS_PER_ADDRESS: '10000', LIMIT_HELLO_SECONDS: '600', LOG_LEVEL: 'info' };
  const server = await startRealServer({ env, nodeArgs: PROBED });
  for (const pid of processTree(server.pid)) execFileSync('taskset', ['-a', '-c', '-p', String(CORE), String(pid)]);
  // Loads the engines and compiles what every session runs.
  const warm = await openSockets(server.url, 5, { welcome: true });
  const crowd = startCrowd(warm);
  await crowd.speak(clip);
  await wait(SETTLE_MS);
  crowd.stop();
  for (const socket of warm) socket.close();
  return server;
}

async function measure(sessions: number) {
  const server = await startOnOneCore();
  try {
    const { memory: before } = await probe(server);
    const sockets = await openSockets(server.url, sessions, { welcome: true });
    const crowd = startCrowd(sockets);
    await wait(SETTLE_MS);
    await probe(server);
    const [beganMs, cpuMs] = [performance.now(), cpuMsOf(server.pid)];
    const startedMs: number[] = [];
    while (performance.now() - beganMs < RUN_MS) {
      startedMs.push(await crowd.speak(clip));
      await wait(SPEECH_EVERY_MS + Math.random() * 100);
    }
    const cpuPercent = ((cpuMsOf(server.pid) - cpuMs) * 100) / (performance.now() - beganMs);
    const { memory, loop } = await probe(server);
    crowd.stop();
    for (const socket of sockets) socket.terminate();
    return {
      sessions,
      cpuPercent,
      lagP50Ms: loop.lagP50Ms,
      lagP99Ms: loop.lagP99Ms,
      speechStartedP50Ms: quantile(startedMs, 0.5),
      speechStartedMaxMs: quantile(startedMs, 1),
      sessionHeldKB: (heldBytes(memory) - heldBytes(before)) / sessions / 1024,
      sessionResidentKB: (memory.rss - before.rss) / sessions / 1024,
      lateFramesPercent: (crowd.lateFrames * 100) / (sessions * (RUN_MS / 20)),
    };
  } finally {
    await server.stop();
  }
}

/** Sockets that are open and silent, each of a session of its own. */
async function measureIdle(sockets: number) {
  const server = await startOnOneCore();
  try {
    const { memory: before } = await probe(server);
    const open = await openSockets(server.url, sockets, { welcome: false });
    await wait(SETTLE_MS);
    const { memory } = await probe(server);
    for (const socket of open) socket.terminate();
    return {
      idleSockets: sockets,
      heldKB: (heldBytes(memory) - heldBytes(before)) / sockets / 1024,
      residentKB: (memory.rss - before.rss) / sockets / 1024,
    };
  } finally {
    await server.stop();
  }
}

const asked = process.argv.slice(2).map(Number);
const rows = [];
for (const sessions of asked.length > 0 ? asked : [1, 100, 250, 500]) rows.push(await measure(sessions));
report({ name: 'capacity', parameters: { cores: 1, frameMs: 20, windowMs: 32, runMs: RUN_MS }, rows });
report({ name: 'idle-sockets', rows: [await measureIdle(500)] });
