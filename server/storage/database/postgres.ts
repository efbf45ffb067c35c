import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { KukuError } from '../../errors.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`; TLS is as the URL says. */
  url: string;
  statementTimeoutMs: number;
  poolSize: number;
  /** Called when an idle connection was lost; the pool has replaced it already. */
  onLost(error: Error): void;
}

/** A pool of connections to a Postgres server. Connects on the first query; a lost connection is made anew. */
export function openPostgres<Schema>(options: PostgresOptions): Kysely<Schema> {
  const pool = new Pool({
    ...parsedUrl(options.url),
    application_name: 'kuku-coach',
    max: options.poolSize,
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 30_000,
    // The server's own timeout comes first; this one is for a server that no longer answers at all.
    query_timeout: options.statementTimeoutMs + 2000,
    keepAlive: true,
  });
  // Without a listener, a connection that breaks while idle ends the process.
  pool.on('error', (error) => options.onLost(error));
  // Nor does the pool listen while a connection is lent: one that breaks between two queries would end it, too. The
  // query that follows is refused, which is told where it was asked.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool,
      // Not as a startup parameter: poolers like PgBouncer refuse those they don't know.
      async onCreateConnection(connection) {
        const timeoutMs = String(options.statementTimeoutMs);
        await connection.executeQuery(
          sql`select set_config('statement_timeout', ${timeoutMs}, false),
            set_config('idle_in_transaction_session_timeout', ${timeoutMs}, false)`.compile(compiler),
        );
      },
    }),
  });
}

/** Compiles without a connection. */
const compiler = new Kysely<unknown>({
  dialect: new PostgresDialect({ pool: () => Promise.reject(new Error('only compiles')) }),
});

function parsedUrl(url: string): { connectionString: string } {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    // The URL itself may hold a password, so it is not repeated.
    throw new KukuError('DATABASE_URL must look like postgres://user:password@host:5432/database.', {
      code: 'invalid_configuration',
    });
  }
  return { connectionString: url };
}
