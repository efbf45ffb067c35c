import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';

/**
 * Brings the database to the newest schema. Instances may start at once: on Postgres Kysely holds a session-level
 * advisory lock around its check and the one transaction that runs every migration, so a failed one leaves nothing.
 * Returns the names of those that ran. Throws the database's error.
 */
export async function migrate<Schema>(db: Kysely<Schema>): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    // They are written side by side: a database may have one whose name comes after one that is new.
    allowUnorderedMigrations: true,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
