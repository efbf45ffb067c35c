/** Where an account is signed in. A sign-in whose row is gone is revoked: every token of it is looked up here. */
import type { Kysely } from 'kysely';
import type { Profile, SignIn } from '../ports/accounts.ts';
import type { AuthTables } from './tables.ts';

type Db = Kysely<AuthTables>;

/** An account with more of them sees the newest. */
const MAX_SHOWN = 100;

export async function signInsOf(db: Db, subject: string, nowMs: number): Promise<SignIn[]> {
  const rows = await db
    .selectFrom('auth_sign_ins')
    .select(['id', 'created_at', 'updated_at', 'ip_address', 'user_agent'])
    .where('user_id', '=', subject)
    .where('expires_at', '>', new Date(nowMs))
    .orderBy('created_at', 'desc')
    .limit(MAX_SHOWN)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at.getTime(),
    lastUsedAt: row.updated_at.getTime(),
    address: row.ip_address || null,
    userAgent: row.user_agent || null,
  }));
}

export async function isActive(db: Db, id: string, nowMs: number): Promise<boolean> {
  const query = db.selectFrom('auth_sign_ins').select('id').where('id', '=', id);
  return (await query.where('expires_at', '>', new Date(nowMs)).executeTakeFirst()) !== undefined;
}

export async function endSignIn(db: Db, subject: string, id: string): Promise<boolean> {
  const query = db.deleteFrom('auth_sign_ins').where('user_id', '=', subject).where('id', '=', id);
  return (await query.executeTakeFirst()).numDeletedRows > 0n;
}

export async function endOtherSignIns(db: Db, subject: string, id: string | undefined): Promise<void> {
  const query = db.deleteFrom('auth_sign_ins').where('user_id', '=', subject);
  await (id === undefined ? query : query.where('id', '!=', id)).execute();
}

export async function profileOf(db: Db, subject: string): Promise<Profile | undefined> {
  const query = db.selectFrom('auth_users').select(['email', 'created_at']).where('id', '=', subject);
  const row = await query.executeTakeFirst();
  return row && { email: row.email, createdAt: row.created_at.getTime() };
}

/** Its sign-ins and its password go along. */
export async function removeUser(db: Db, subject: string): Promise<void> {
  await db.deleteFrom('auth_users').where('id', '=', subject).execute();
}
