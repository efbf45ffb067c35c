/**
 * Everything that is kept of a person, as a zip that is made while it is sent: `me.json`, and a folder a session with
 * `session.json` and the spoken replies. Of a person with years of sessions, one session at a time is in memory.
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { isAbort, KukuError } from '../errors.ts';
import type { Archive, ListedSession } from '../ports/archive.ts';
import type { AudioStore } from '../ports/audio-store.ts';
import type { Log } from '../ports/log.ts';
import { sessionsOf } from './forget-session.ts';

export interface ExportOptions {
  archive: Archive;
  audio: AudioStore;
  log: Log;
}

/** What stands in `me.json`. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * The bytes of the zip. When something can't be read half-way the stream is destroyed with the error, so that nobody
 * takes half of it for the whole; the same when the signal aborts.
 */
export function exportZip(
  userId: string,
  facts: Facts,
  { archive, audio, log, signal }: ExportOptions & { signal: AbortSignal },
): Readable {
  const zip = new ZipFile();
  const out = new Readable().wrap(zip.outputStream);
  const fail = (error: unknown) => {
    if (!isAbort(error, signal)) log.error({ err: error, userId }, 'an export broke off');
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  zip.on('error', fail);
  signal.addEventListener('abort', () => fail(signal.reason), { once: true });

  const writeAll = async () => {
    zip.addBuffer(json(facts), 'me.json');
    for await (const session of sessionsOf(userId, archive)) {
      signal.throwIfAborted();
      const folder = `sessions/${new Date(session.startedAt).toISOString().slice(0, 10)}-${session.id}`;
      const { record, files } = await wholeSession(session, { archive, audio });
      // The next is read when this one's turn has come: as fast as it is taken.
      await turnOf(zip, `${folder}/session.json`, () => Readable.from([json(record)]));
      for (const file of files) {
        const bytes = () => Readable.from(audio.read(file, { signal }), { objectMode: false });
        await turnOf(zip, `${folder}/audio/${file}`, bytes, { compress: false });
      }
    }
    zip.end();
  };
  writeAll().catch(fail);
  return out;
}

/** Resolves when the bytes before it are written. */
function turnOf(zip: ZipFile, path: string, open: () => Readable, options: { compress?: boolean } = {}): Promise<void> {
  return new Promise((resolve) => {
    zip.addReadStreamLazy(path, options, (give) => {
      resolve();
      const stream = open();
      stream.once('error', (error) => zip.emit('error', error));
      give(null, stream);
    });
  });
}

async function wholeSession(session: ListedSession, { archive, audio }: Pick<ExportOptions, 'archive' | 'audio'>) {
  const { id } = session;
  const [messages, recap, rating, turns, cares] = await Promise.all([
    archive.messages(id),
    archive.recap(id),
    archive.rating(id),
    archive.turns(id),
    archive.cares(id),
  ]);
  const named = messages.flatMap(({ audioFile }) => (audioFile === null ? [] : [audioFile]));
  const files: string[] = [];
  // What was swept by its age is named in the record, and is not there.
  for (const file of named) if (await audio.find(file)) files.push(file);
  const { userId: _, version: __, ...facts } = session;
  const record = withDates({
    ...facts,
    messages: messages.map(({ version: ___, ...message }) => message),
    recap: recap ?? null,
    rating: rating ?? null,
    turns: turns.map(({ sessionId: ____, ...turn }) => turn),
    care: cares.map(({ atMs: beganAt, about, language, via }) => ({ beganAt, about, language, via })),
  });
  return { record, files };
}

/** Times as people and programs read them: every field that ends in `At`. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key.endsWith('At') && typeof field === 'number' ? new Date(field).toISOString() : withDates(field),
    ]),
  );
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(withDates(value), null, 2)}\n`);
}

export function nothingKept(): KukuError {
  return new KukuError('Nothing is kept under your name here.', { code: 'nothing_kept', status: 404 });
}
