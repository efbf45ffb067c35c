import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test, type TestContext } from 'vitest';
import { parseOptions } from '../src/options.ts';
import { talk, type Terminal } from '../src/talk.ts';
import { decodeWav, encodeWav } from '../src/wav.ts';
import { startScriptedServer, type ScriptedServer, type ScriptedServerOptions } from './support/scripted-server.ts';

/** 200 ms of a loud tone at 8 kHz, then 100 ms of silence. */
const speech = Int16Array.from({ length: 2400 }, (_, i) => (i < 1600 ? Math.round(8000 * Math.sin(i / 3)) : 0));

function terminal(input: Terminal['input'] = Readable.from([]), path = '') {
  let interrupt = () => {};
  const lines: string[] = [];
  const errors: string[] = [];
  const it: Terminal = {
    input,
    output: { write: (text) => void lines.push(...text.split('\n').filter(Boolean)) },
    errors: { write: (text) => void errors.push(text.trim()) },
    onInterrupt(fn) {
      interrupt = fn;
      return () => {};
    },
    path,
    token: undefined,
    password: undefined,
  };
  const until = async (found: () => boolean) => {
    for (let i = 0; i < 500 && !found(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!found()) throw new Error(`It did not happen. Printed:\n${lines.join('\n')}`);
  };
  return { terminal: it, lines, errors, interrupt: () => interrupt(), until };
}

/** A folder and servers of a test's own: the tests wait in real time, so they run side by side. */
function stage(onTestFinished: TestContext['onTestFinished']) {
  const folder = mkdtempSync(join(tmpdir(), 'kuku-talk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const serve = async (options?: ScriptedServerOptions): Promise<ScriptedServer> => {
    const server = await startScriptedServer(options);
    onTestFinished(() => server.close());
    return server;
  };
  return { file: (name: string) => join(folder, name), serve, folder };
}

function run(args: readonly string[], to: Terminal): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.ok !== true) throw new Error(JSON.stringify(parsed));
  return talk(parsed.options, to);
}

describe.concurrent('talking with files', () => {
  test('speaks each clip after the answer before it, hears the answers out and leaves', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const server = await serve();
    const { url, played, requests } = server;
    writeFileSync(file('a.wav'), encodeWav([speech, speech], 8000));
    const { terminal: to, lines, errors } = terminal();
    const code = await run([file('a.wav'), file('a.wav'), '--url', url, '--fast'], to);
    expect(errors).toEqual([]);
    expect(code).toBe(0);
    expect(played).toEqual(['1 completed 300', '2 completed 300', '3 completed 300']);
    expect(requests).toEqual(['POST /api/sessions']);
    // 200 ms of speech each.
    expect(server.spokenFrames).toBeGreaterThanOrEqual(20);
    expect(server.spokenFrames).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => !line.includes('turn'))).toEqual([
      '- session s1, Kuku (scripted)',
      '  coach  Welcome.',
      `> ${file('a.wav')}`,
      '  you    Utterance 1.',
      '  coach  Answer 1.',
      `> ${file('a.wav')}`,
      '  you    Utterance 2.',
      '  coach  Answer 2.',
      '- session: left',
      '- go on within 2 minutes with --session s1',
    ]);
    const heardAfter = lines
      .filter((line) => line.includes('turn 2'))
      .map((line) => Number(/heard after (\d+) ms/.exec(line)?.[1]));
    expect(heardAfter).toHaveLength(1);
    // The end of the turn alone takes 200 ms; a machine under load takes its time.
    expect(heardAfter[0]).toBeGreaterThanOrEqual(180);
    expect(lines.find((line) => line.includes('turn 2'))).toMatch(
      /^ {9}turn 2 · transcript 12 · model 34 · total 50 · heard after \d+ ms$/,
    );
  });

  test('is never sent more than 1 s ahead, because its reports are honest', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const server = await serve({ replyMs: 1600, greets: false });
    const { url, played } = server;
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    const startedAtMs = performance.now();
    expect(
      await run([file('a.wav'), '--url', url, '--wait', '3000', '--session', 'old', '--fast'], terminal().terminal),
    ).toBe(0);
    expect(played).toEqual(['1 completed 1600']);
    expect(performance.now() - startedAtMs).toBeGreaterThan(1600);
    expect(server.furthestAheadMs).toBeLessThanOrEqual(1200);
    expect(server.requests).toEqual(['POST /api/sessions/old/ticket']);
  });

  test('breaks into the answer when asked', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const { url, played } = await serve({ replyMs: 2000, greets: false });
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    const args = [file('a.wav'), file('a.wav'), '--url', url, '--barge-in', '400', '--session', 'old'];
    const { terminal: to, lines } = terminal();
    expect(await run(args, to)).toBe(0);
    expect(played).toHaveLength(2);
    const heardMs = Number(/^1 interrupted (\d+)$/.exec(played[0] ?? '')?.[1]);
    expect(heardMs).toBeGreaterThanOrEqual(400);
    expect(heardMs).toBeLessThan(2000);
    expect(played[1]).toBe('2 completed 2000');
    expect(lines).toContain('         (interrupted; heard: “Part”)');
  });

  test('records both sides: the microphone left, the coach right', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const { url } = await serve();
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    expect(await run([file('a.wav'), '--url', url, '--out', file('heard.wav'), '--stereo'], terminal().terminal)).toBe(
      0,
    );
    const bytes = readFileSync(file('heard.wav'));
    expect(bytes.readUInt16LE(22)).toBe(2);
    expect(bytes.readUInt32LE(24)).toBe(24_000);
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
    const samples = new Int16Array(new Uint8Array(bytes.subarray(44)).buffer);
    const side = (offset: number) => samples.filter((_, i) => i % 2 === offset);
    const coach = side(1).filter((sample) => sample === 5000).length;
    expect(coach).toBe((2 * 300 * 24_000) / 1000);
    const loud = [...side(0).entries()].filter(([, sample]) => Math.abs(sample) > 1000).map(([i]) => i);
    const spokenMs = ((loud.at(-1) ?? 0) - (loud[0] ?? 0)) / 24;
    expect(spokenMs).toBeGreaterThan(190);
    expect(spokenMs).toBeLessThan(400);
    expect(decodeWav(bytes).rate).toBe(24_000);
  });

  test('tells when nothing is answered', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const { url } = await serve({ silent: true });
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    const { terminal: to, lines } = terminal();
    expect(await run([file('a.wav'), '--url', url, '--wait', '400'], to)).toBe(3);
    expect(lines).toContain(`! No answer to ${file('a.wav')}.`);
  });

  test('gives up on an answer although the line is alive', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const { url } = await serve({ silent: true });
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    const { terminal: to, lines } = terminal();
    // Longer than the 5 s between two pings, whose answers are no news.
    const waited = performance.now();
    expect(await run([file('a.wav'), '--url', url, '--wait', '5600'], to)).toBe(3);
    expect(performance.now() - waited).toBeLessThan(13_000);
    expect(lines).toContain(`! No answer to ${file('a.wav')}.`);
  }, 15_000);

  test('does not speak to a server that has no recogniser', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const server = await serve({ listens: false });
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    const { terminal: to, lines } = terminal();
    expect(await run([file('a.wav'), '--url', server.url], to)).toBe(3);
    expect(server.spokenFrames).toBe(0);
    expect(lines).toContain(`! No answer to ${file('a.wav')}.`);
  });

  test('names a file that can’t be used, before it asks for a session', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const { url, requests } = await serve();
    writeFileSync(file('a.wav'), 'not audio');
    const { terminal: to, errors } = terminal();
    expect(await run([file('a.wav'), '--url', url], to)).toBe(2);
    expect(await run([file('none.wav'), '--url', url], to)).toBe(2);
    expect(errors[0]).toBe(`${file('a.wav')} is not a WAV file.`);
    expect(errors[1]).toContain(`${file('none.wav')} can't be read: ENOENT`);
    expect(requests).toEqual([]);
  });

  test('says when the server is not there, or refuses', async ({ onTestFinished }) => {
    const { serve } = stage(onTestFinished);
    const { terminal: to, errors } = terminal();
    expect(await run(['--text', '--url', 'http://127.0.0.1:1'], to)).toBe(1);
    const { url } = await serve({ refusal: { status: 429, error: 'Too many sessions.', code: 'quota' } });
    expect(await run(['--text', '--url', url], to)).toBe(1);
    expect(errors).toEqual(["http://127.0.0.1:1 can't be reached.", 'Too many sessions.']);
  });

  test('goes on after a lost connection', async ({ onTestFinished }) => {
    const { file, serve } = stage(onTestFinished);
    const { url, drop, hellos, played } = await serve({ greets: false });
    writeFileSync(file('a.wav'), encodeWav([speech], 8000));
    const { terminal: to, lines, until } = terminal();
    const code = run([file('a.wav'), file('a.wav'), '--url', url, '--session', 'old'], to);
    await until(() => played.length === 1);
    drop(1012);
    expect(await code).toBe(0);
    expect(lines).toContain('- connection lost, reconnecting');
    expect(hellos[1]?.resume).toMatchObject({ token: 'r1' });
  });
});

describe.concurrent('typing', () => {
  test('sends the lines of a pipe one by one, each after the answer before it', async ({ onTestFinished }) => {
    const { serve } = stage(onTestFinished);
    const { url, messages, hellos, requests } = await serve();
    const { terminal: to, lines } = terminal(Readable.from(['One.\n\nTwo.\n']));
    expect(await run(['--text', '--url', url, '--end'], to)).toBe(0);
    expect(hellos[0]?.audio).toEqual({});
    expect(messages.filter(({ type }) => type === 'text')).toMatchObject([{ text: 'One.' }, { text: 'Two.' }]);
    expect(lines.filter((line) => /you|coach|recap|session:/.test(line))).toEqual([
      '  coach  Welcome.',
      '  you    One.',
      '  coach  Answer 1.',
      '  you    Two.',
      '  coach  Answer 2.',
      '- recap: You will rest.',
      '- session: ended by user',
    ]);
    expect(requests.at(-1)).toBe('POST /api/sessions/s1/end');
  });

  test('prints one event a line as JSON', async ({ onTestFinished }) => {
    const { serve } = stage(onTestFinished);
    const { url } = await serve();
    const { terminal: to, lines } = terminal(Readable.from(['One.\n']));
    expect(await run(['--text', '--json', '--url', url], to)).toBe(0);
    const events = lines.map((line) => JSON.parse(line) as { atMs: number; event: string; data: unknown });
    expect(events.every(({ atMs }) => Number.isInteger(atMs) && atMs >= 0)).toBe(true);
    expect(events.find(({ event }) => event === 'caption')?.data).toEqual({
      id: 't1',
      sender: 'ai',
      text: 'Welcome.',
      final: false,
    });
    expect(events.filter(({ event }) => event === 'state').map(({ data }) => (data as { name: string }).name)).toEqual([
      'connecting',
      'live',
      'ended',
    ]);
  });

  test('Ctrl-C ends the session politely', async ({ onTestFinished }) => {
    const { serve } = stage(onTestFinished);
    const { url, requests } = await serve();
    const { terminal: to, lines, interrupt, until } = terminal(new PassThrough());
    const code = run(['--text', '--url', url], to);
    await until(() => lines.includes('  coach  Welcome.'));
    interrupt();
    expect(await code).toBe(0);
    expect(requests).toContain('POST /api/sessions/s1/end');
    expect(lines).toContain('- recap: You will rest.');
  });

  test('a second Ctrl-C leaves at once', async ({ onTestFinished }) => {
    const { serve } = stage(onTestFinished);
    const { url } = await serve();
    const { terminal: to, lines, interrupt, until } = terminal(new PassThrough());
    const code = run(['--text', '--url', url], to);
    await until(() => lines.includes('  coach  Welcome.'));
    interrupt();
    interrupt();
    expect(await code).toBe(130);
  });
});

describe.concurrent('talking with microphone and speaker', () => {
  test('says plainly when no program can reach them', async ({ onTestFinished }) => {
    const { folder } = stage(onTestFinished);
    const { terminal: to, errors } = terminal(undefined, folder);
    expect(await run(['--url', 'http://127.0.0.1:1'], to)).toBe(2);
    expect(errors).toEqual([
      'No program here can record (sox, arecord or ffmpeg) nor play (sox, aplay or ffplay). Type instead: npm run talk -- --text',
    ]);
  });

  test('streams what the recorder gives and plays what the coach says, each through its program', async ({
    onTestFinished,
  }) => {
    const { file, serve, folder } = stage(onTestFinished);
    const server = await serve();
    // 250 ms of sound, 750 ms of silence.
    writeFileSync(file('mic.raw'), new Int16Array(16_000).fill(9000, 0, 4000));
    const waiting = `while [ ! -e ${file('go')} ]; do /bin/sleep 0.05; done`;
    writeFileSync(file('arecord'), `#!/bin/sh\n${waiting}\n/bin/cat ${file('mic.raw')}\nexec /bin/sleep 60\n`);
    writeFileSync(file('aplay'), `#!/bin/sh\nexec /bin/cat > ${file('played.raw')}\n`);
    for (const name of ['arecord', 'aplay']) chmodSync(file(name), 0o755);
    const { terminal: to, interrupt, until } = terminal(undefined, folder);
    const code = run(['--url', server.url], to);
    await until(() => server.played.length === 1);
    writeFileSync(file('go'), '');
    await until(() => server.played.length === 2);
    interrupt();
    expect(await code).toBe(0);
    expect(server.spokenFrames).toBe(13);
    expect(server.played).toEqual(['1 completed 300', '2 completed 300']);
    const heard = new Int16Array(new Uint8Array(readFileSync(file('played.raw'))).buffer);
    expect(heard.filter((sample) => sample === 5000)).toHaveLength(2 * 300 * 24);
  });

  test('ends as failed when the player dies', async ({ onTestFinished }) => {
    const { file, serve, folder } = stage(onTestFinished);
    const { url } = await serve();
    writeFileSync(file('arecord'), '#!/bin/sh\nexec /bin/sleep 60\n');
    writeFileSync(file('aplay'), '#!/bin/sh\nexit 1\n');
    for (const name of ['arecord', 'aplay']) chmodSync(file(name), 0o755);
    const { terminal: to, errors } = terminal(undefined, folder);
    expect(await run(['--url', url], to)).toBe(1);
    expect(errors).toEqual(['aplay has ended: there is no sound any more.']);
  });
});
