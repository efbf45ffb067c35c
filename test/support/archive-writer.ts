/**
 * A process that writes messages to the embedded database in the folder given, for tests that end it by force. Says
 * `open`, then the number of each message once it was acknowledged, or `error CODE SENTENCE`; a line a time.
 * Arguments: the folder, the first message's number, how many at most.
 */
import { sleep, systemClock } from '../../server/ports/clock.ts';
import { KukuError } from '../../server/errors.ts';
import { createArchive } from '../../server/storage/archive.ts';
import { openDatabase } from '../../server/storage/database/open.ts';

export const WRITER_SESSION = 'written-by-force';

if (process.argv[1]?.endsWith('archive-writer.ts')) await write();

async function write(): Promise<void> {
  const [folder = '', first = '0', count = 'Infinity'] = process.argv.slice(2);
  try {
    const database = await openDatabase({ dataDir: folder, clock: systemClock });
    say('open');
    const archive = createArchive(database);
    await archive.saveSession(session());
    for (let n = Number(first); n < Number(first) + Number(count); n++) {
      while (!(await acknowledged(() => archive.appendMessages(WRITER_SESSION, [message(n)])))) {
        await sleep(systemClock, 100);
      }
      say(String(n));
    }
    await database.close();
  } catch (error) {
    say(describe(error));
    process.exitCode = 1;
  }
}

/** Whether the write went through; says why not. A retryable one is sent again as it was. */
async function acknowledged(attempt: () => Promise<void>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (!(error instanceof KukuError) || !error.retryable) throw error;
    say(describe(error));
    return false;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function describe(error: unknown): string {
  return error instanceof KukuError ? `error ${error.code} ${error.message}` : `error unknown ${String(error)}`;
}

function session() {
  return {
    id: WRITER_SESSION,
    userId: null,
    status: 'active',
    title: null,
    startedAt: 0,
    endedAt: null,
    endReason: null,
    usage: {},
    elapsedMs: 0,
    messageCount: 0,
    stage: 'topic',
    state: null,
    updatedAt: 0,
    version: 0,
  } as const;
}

/** About the size of a spoken answer. */
function message(n: number) {
  return {
    id: `message-${n}`,
    seq: n,
    sender: n % 2 === 0 ? 'user' : 'ai',
    text: `${n}: ${'words that were said '.repeat(20)}`,
    audioFile: null,
    interrupted: false,
    createdAt: n,
    version: 0,
  } as const;
}
