/** Users: who they are by the issuers' word, and the ids under which everything else knows them. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { ArchivedUser, Identity } from '../ports/archive.ts';
import type { Schema, UsersTable } from './database/schema.ts';

type Db = Kysely<Schema>;

export async function ensureUser(db: Db, { issuer, subject }: Identity, now: number): Promise<ArchivedUser> {
  const query = db.selectFrom('users').selectAll().where('issuer', '=', issuer).where('subject', '=', subject);
  const known = await query.executeTakeFirst();
  if (known) return userOf(known);
  await db
    .insertInto('users')
    .values({ id: randomUUID(), issuer, subject, created_at: new Date(now) })
    .onConflict((c) => c.columns(['issuer', 'subject']).doNothing())
    .execute();
  return userOf(await query.executeTakeFirstOrThrow());
}

export async function readUser(db: Db, userId: string): Promise<ArchivedUser | undefined> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst();
  return row && userOf(row);
}

function userOf({ id, issuer, subject, created_at }: UsersTable): ArchivedUser {
  return { id, issuer, subject, createdAt: created_at.getTime() };
}

export async function reidentifyUser(db: Db, from: Identity, to: Identity): Promise<boolean> {
  try {
    const changed = await db
      .updateTable('users')
      .set({ issuer: to.issuer, subject: to.subject })
      .where('issuer', '=', from.issuer)
      .where('subject', '=', from.subject)
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** unique_violation */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
