/** The keys that stored texts are sealed with, by their ids; those of texts that are there already are found. */
import { sql } from 'kysely';
import type { Migration } from './index.ts';

export const sealingKeys: Migration = {
  async up(db) {
    await db.schema
      .createTable('sealing_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      // A text that this key opens; null until a server that has the key is started.
      .addColumn('proof', 'text')
      .execute();
    await sql`
      insert into sealing_keys (id)
      select distinct split_part(text, '.', 2) from (
        select text from messages
        union all select summary from recaps
        union all select title from sessions
        union all select own_title from sessions
        union all select state #>> '{}' from sessions where jsonb_typeof(state) = 'string'
        union all select feedback from ratings
      ) as texts
      where starts_with(text, ${'\uE000kuku1.'})`.execute(db);
  },
};
