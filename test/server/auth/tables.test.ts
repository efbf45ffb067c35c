import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineOptions } from '../../../server/auth/better-auth.ts';
import type { AuthTables } from '../../../server/auth/tables.ts';
import { silentLog } from '../../../server/ports/log.ts';
import type { Schema } from '../../../server/storage/database/schema.ts';
import { pgliteForTest, postgresForTest, postgresServer, type TestDatabase } from '../../support/databases.ts';

const server = await postgresServer();

describe.each([
  ['PGlite', pgliteForTest],
  ...(server === undefined ? [] : [['Postgres', () => postgresForTest(server)] as const]),
] as const)('the tables of accounts on %s', (_name, open) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  }, 60_000);
  afterAll(() => database.remove(), 60_000);

  it('are those that better-auth wants: it would make nothing and add nothing', async () => {
    const db = database.db.$extendTables<AuthTables>().$omitTables<keyof Schema>();
    const options = engineOptions({ db, secret: 's'.repeat(32), issuer: 'test', log: silentLog });
    const { toBeCreated, toBeAdded } = await getMigrations(options);
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
  });
});
