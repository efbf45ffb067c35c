import { sql, type Kysely } from 'kysely';
import type { JobLeases } from '../ports/retention.ts';
import { asKukuErrors } from './database/errors.ts';
import type { Schema } from './database/schema.ts';

/** Leases of jobs in the database: one row a job, taken in one statement. */
export function createJobLeases(db: Kysely<Schema>): JobLeases {
  return {
    take: (name, { holder, now, leaseMs, everyMs }) =>
      asKukuErrors(async () => {
        const taken = await sql`
          insert into jobs (name, holder, held_until) values (${name}, ${holder}, ${new Date(now + leaseMs)})
          on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
          where jobs.held_until <= ${new Date(now)} and (jobs.done_at is null or jobs.done_at <= ${new Date(now - everyMs)})
          returning name`.execute(db);
        return taken.rows.length > 0;
      }),
    done: (name, holder, now) =>
      asKukuErrors(async () => {
        const at = new Date(now);
        const query = db.updateTable('jobs').set({ held_until: at, done_at: at });
        await query.where('name', '=', name).where('holder', '=', holder).execute();
      }),
  };
}
