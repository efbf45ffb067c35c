import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/ports/clock.ts';
import { createArchive } from '../../../server/storage/archive.ts';
import { asKukuErrors } from '../../../server/storage/database/errors.ts';
import { openDatabase } from '../../../server/storage/database/open.ts';
import { openPostgres } from '../../../server/storage/database/postgres.ts';
import { migrations } from '../../../server/storage/database/migrations/index.ts';
import { onServer, postgresServer, temporaryPostgres } from '../../support/databases.ts';

const server = await postgresServer();

describe.skipIf(server === undefined)('a Postgres database', () => {
  let url: string;
  let remove: () => Promise<void>;
  const open = () => openDatabase({ databaseUrl: url, dataDir: '/nowhere', clock: systemClock });

  beforeAll(async () => {
    const temporary = await temporaryPostgres(server ?? '');
    url = temporary.url;
    remove = () => temporary.remove();
  });
  afterAll(() => remove());

  it('is migrated once by instances that start at once', async () => {
    const databases = await Promise.all([open(), open(), open(), open()]);
    const ran = await sql<{ name: string }>`select name from kysely_migration`.execute(databases[0].db);
    await Promise.all(databases.map((database) => database.close()));
    expect(ran.rows.map(({ name }) => name)).toEqual(Object.keys(migrations));
  });

  it('knows its connections by name and limits their statements', async () => {
    const database = await open();
    const settings = await sql`select current_setting('application_name') as name,
      current_setting('statement_timeout') as timeout`.execute(database.db);
    await database.close();
    expect(settings.rows).toEqual([{ name: 'kuku-coach', timeout: '10s' }]);
  });

  it('goes on after its connections were cut', async () => {
    const database = await open();
    const archive = createArchive(database);
    await archive.ping();
    const cutOff = asKukuErrors(() => sql`select pg_sleep(5)`.execute(database.db)).catch((error: unknown) => error);
    await Promise.all([archive.ping(), archive.ping()]);
    await onServer(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'kuku-coach'`,
    );
    expect(await cutOff).toMatchObject({ code: 'database_away', retryable: true, status: 503 });
    // A connection that broke while idle may be noticed by the next query only; the one after that has a new one.
    await archive.ping().catch((error: unknown) => expect(error).toMatchObject({ retryable: true }));
    await archive.ping();
    await database.close();
  });

  it('cancels a statement that takes too long', async () => {
    const db = openPostgres({ url, statementTimeoutMs: 100, poolSize: 1, onLost: () => undefined });
    const slow = asKukuErrors(() => sql`select pg_sleep(5)`.execute(db));
    await expect(slow).rejects.toMatchObject({ code: 'database_busy', retryable: true });
    await db.destroy();
  });

  it('says that it is away when nobody answers', async () => {
    const away = openDatabase({ databaseUrl: 'postgres://u:secret@127.0.0.1:1/x', dataDir: '/x', clock: systemClock });
    await expect(away).rejects.toMatchObject({
      code: 'database_away',
      retryable: true,
      message: expect.not.stringContaining('secret'),
    });
  });

  it.each(['mysql://u:secret@host/x', 'nonsense-secret', ''])(
    'refuses the URL %j without repeating it',
    async (bad) => {
      await expect(openDatabase({ databaseUrl: bad, dataDir: '/x', clock: systemClock })).rejects.toMatchObject({
        code: 'invalid_configuration',
        message: expect.not.stringContaining('secret'),
      });
    },
  );
});
