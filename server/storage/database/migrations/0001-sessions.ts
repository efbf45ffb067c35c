/** Users, sessions and what belongs to them. Runs the same on PGlite and on Postgres 14 or newer. */
import { sql } from 'kysely';
import type { Kysely, Migration } from './index.ts';

export const sessions: Migration = {
  async up(db) {
    await createUsers(db);
    await createSessions(db);
    await createMessages(db);
    await createRecapsAndRatings(db);
    await createTurnMetrics(db);
  },
};

async function createUsers(db: Kysely): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('deleted_at', 'timestamptz')
    .addUniqueConstraint('users_issuer_subject', ['issuer', 'subject'])
    .execute();
}

async function createSessions(db: Kysely): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('user_id', 'text', (c) => c.references('users.id').onDelete('cascade'))
    .addColumn('status', 'text', (c) => c.notNull().check(sql`status in ('active', 'ended')`))
    .addColumn('title', 'text')
    .addColumn('started_at', 'timestamptz', (c) => c.notNull())
    .addColumn('ended_at', 'timestamptz')
    .addColumn('end_reason', 'text')
    .addColumn('elapsed_ms', 'integer', (c) => c.notNull().check(sql`elapsed_ms >= 0`))
    .addColumn('message_count', 'integer', (c) => c.notNull().check(sql`message_count >= 0`))
    .addColumn('stage', 'text', (c) => c.notNull())
    .addColumn('state', 'jsonb')
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('deleted_at', 'timestamptz')
    .addCheckConstraint('sessions_ended', sql`status = 'active' or ended_at is not null`)
    .execute();
  await db.schema
    .createIndex('sessions_of_user')
    .on('sessions')
    .columns(['user_id', 'started_at desc', 'id desc'])
    .execute();
  // The few that a restart looks for, without a scan over years of ended ones.
  await sql`create index sessions_active on sessions (updated_at) where status = 'active'`.execute(db);
}

async function createMessages(db: Kysely): Promise<void> {
  await db.schema
    .createTable('messages')
    .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull().check(sql`seq >= 0`))
    .addColumn('sender', 'text', (c) => c.notNull().check(sql`sender in ('user', 'ai')`))
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('audio_file', 'text')
    .addColumn('interrupted', 'boolean', (c) => c.notNull().defaultTo(false))
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('search', sql`tsvector`, (c) => c.generatedAlwaysAs(sql`to_tsvector('english', text)`).stored())
    .addPrimaryKeyConstraint('messages_pkey', ['session_id', 'id'])
    .execute();
  await db.schema.createIndex('messages_in_order').on('messages').columns(['session_id', 'seq']).execute();
  await db.schema.createIndex('messages_search').on('messages').using('gin').column('search').execute();
}

async function createRecapsAndRatings(db: Kysely): Promise<void> {
  await db.schema
    .createTable('recaps')
    .addColumn('session_id', 'text', (c) => c.primaryKey().references('sessions.id').onDelete('cascade'))
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('goal', 'text', (c) => c.notNull())
    .addColumn('insights', 'jsonb', (c) => c.notNull())
    .addColumn('commitments', 'jsonb', (c) => c.notNull())
    .addColumn('summary', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('ratings')
    .addColumn('session_id', 'text', (c) => c.primaryKey().references('sessions.id').onDelete('cascade'))
    .addColumn('score', 'integer', (c) => c.notNull().check(sql`score between 1 and 5`))
    .addColumn('feedback', 'text')
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('updated_at', 'timestamptz', (c) => c.notNull())
    .execute();
}

async function createTurnMetrics(db: Kysely): Promise<void> {
  await db.schema
    .createTable('turn_metrics')
    .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('turn', 'integer', (c) => c.notNull().check(sql`turn >= 1`))
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('created_at', 'timestamptz', (c) => c.notNull())
    .addColumn('end_of_speech_to_turn_end_ms', 'double precision')
    .addColumn('transcript_ms', 'double precision')
    .addColumn('model_first_token_ms', 'double precision')
    .addColumn('first_sentence_ms', 'double precision')
    .addColumn('speech_first_byte_ms', 'double precision')
    .addColumn('first_audio_sent_ms', 'double precision')
    .addColumn('total_ms', 'double precision')
    .addColumn('transcription', 'text')
    .addColumn('model', 'text')
    .addColumn('speech', 'text')
    .addColumn('usage', 'jsonb')
    .addPrimaryKeyConstraint('turn_metrics_pkey', ['session_id', 'turn'])
    .execute();
  await db.schema.createIndex('turn_metrics_by_time').on('turn_metrics').column('created_at').execute();
}
