/** What people decide about their own: names, private sessions, consent; and who does the work that only one may do. */
import { sql } from 'kysely';
import type { Kysely, Migration } from './index.ts';

export const privacy: Migration = {
  async up(db) {
    await db.schema
      .alterTable('sessions')
      .addColumn('own_title', 'text')
      .addColumn('continues_id', 'text')
      .addColumn('ephemeral', 'boolean', (c) => c.notNull().defaultTo(false))
      .execute();
    await sql`create index sessions_continued on sessions (continues_id) where continues_id is not null`.execute(db);
    await createConsents(db);
    await db.schema
      .createTable('jobs')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('holder', 'text', (c) => c.notNull())
      .addColumn('held_until', 'timestamptz', (c) => c.notNull())
      .addColumn('done_at', 'timestamptz')
      .execute();
  },
};

async function createConsents(db: Kysely): Promise<void> {
  await db.schema
    .createTable('consent_texts')
    .addColumn('version', 'text', (c) => c.primaryKey())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('first_shown_at', 'timestamptz', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('consents')
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('version', 'text', (c) => c.notNull().references('consent_texts.version'))
    .addColumn('given_at', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('consents_pkey', ['user_id', 'version'])
    .execute();
}
