import { describe } from 'vitest';
import { createArchive } from '../../../server/storage/archive.ts';
import { archiveContract } from '../../contracts/archive.ts';
import { pgliteForTest, postgresForTest, postgresServer, type TestDatabase } from '../../support/databases.ts';

const archiveOn = async (open: () => Promise<TestDatabase>) => {
  const database = await open();
  return { archive: createArchive(database), close: () => database.remove() };
};

archiveContract('PGlite', () => archiveOn(pgliteForTest));

const server = await postgresServer();
describe.skipIf(server === undefined)('with a Postgres server', () => {
  archiveContract('Postgres', () => archiveOn(() => postgresForTest(server ?? '')));
});
