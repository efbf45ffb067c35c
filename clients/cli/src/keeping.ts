/** What is not talk: taking along what is kept, a session's name, and being gone. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { deleteSession, renameSession } from '@kuku-coach/core/history';
import { deleteMe, exportMe } from '@kuku-coach/core/privacy';
import { EXIT, type TalkOptions } from './options.ts';
import type { Terminal } from './talk.ts';

/** A file that can't be written. */
export class UnwritableError extends Error {}

/** Resolves with the exit code; throws a `RestError` when the server refuses, and `UnwritableError`. */
export async function keep(options: TalkOptions, terminal: Terminal, token: string | undefined): Promise<number> {
  const rest = token === undefined ? {} : { token };
  const { url, session, exportTo, rename } = options;
  const say = (line: string) => terminal.output.write(`${line}\n`);
  if (exportTo !== undefined) {
    await save(await exportMe(url, rest), exportTo);
    say(`- all that is kept of you is in ${exportTo}`);
    return EXIT.done;
  }
  if (rename !== undefined && session !== undefined) {
    const { title } = await renameSession(url, session, rename.trim() || null, rest);
    say(`- session ${session} is now called ${title === null ? 'as its topic' : `“${title}”`}`);
    return EXIT.done;
  }
  const what = session === undefined ? 'everything that is kept of you, and your account there,' : `session ${session}`;
  if (!options.yes && !(await agrees(`Delete ${what} for good? Type “yes”: `, terminal))) {
    say('- nothing was deleted');
    return EXIT.failed;
  }
  if (session !== undefined) {
    await deleteSession(url, session, rest);
    say(`- session ${session} is gone`);
  } else {
    const { sessions } = await deleteMe(url, rest);
    say(`- all is gone: ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`);
  }
  return EXIT.done;
}

/** For its owner's eyes; what was there before is left alone, and what is not whole does not stay. */
async function save({ body }: Response, file: string): Promise<void> {
  let isOurs = false;
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 }).once('open', () => (isOurs = true));
  try {
    await pipeline(body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]), out);
  } catch (cause) {
    if (isOurs) await rm(file, { force: true });
    throw new UnwritableError(`${file} can't be written: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

async function agrees(question: string, { input, errors }: Terminal): Promise<boolean> {
  errors.write(question);
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.trim().toLowerCase() === 'yes';
    return false;
  } finally {
    lines.close();
  }
}
