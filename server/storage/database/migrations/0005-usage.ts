/** What a session's providers were used for, and what that cost. */
import type { Migration } from './index.ts';

export const usage: Migration = {
  async up(db) {
    await db.schema.alterTable('sessions').addColumn('usage', 'jsonb').execute();
  },
};
