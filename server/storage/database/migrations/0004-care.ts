/** When somebody spoke of harm: the audit entry, without a word of what was said. */
import { sql } from 'kysely';
import type { Migration } from './index.ts';

export const care: Migration = {
  async up(db) {
    await db.schema
      .createTable('care_events')
      .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id').onDelete('cascade'))
      .addColumn('at', 'timestamptz', (c) => c.notNull())
      .addColumn('about', 'text', (c) => c.notNull().check(sql`about in ('self', 'others')`))
      .addColumn('language', 'text', (c) => c.notNull())
      .addColumn('via', 'text', (c) => c.notNull().check(sql`via in ('speech', 'text')`))
      .addPrimaryKeyConstraint('care_events_pkey', ['session_id', 'at'])
      .execute();
    await db.schema.createIndex('care_events_by_time').on('care_events').column('at').execute();
  },
};
