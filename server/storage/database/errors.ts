import { KukuError } from '../../errors.ts';
import { diskFull } from '../folder-errors.ts';

/**
 * Runs a query and turns what the database throws into a `KukuError` without SQL or values in its message:
 * `database_away` (503, retryable: no connection, or lost on the way), `database_busy` (503, retryable: timeout,
 * deadlock), `disk_full` (507), `database_read_only` (503), `database_failed` (500).
 */
export async function asKukuErrors<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw databaseError(error);
  }
}

/** See `asKukuErrors`. A `KukuError` is passed through. */
export function databaseError(error: unknown): KukuError {
  if (error instanceof KukuError) return error;
  const { code, message } = describe(error);
  if (isDiskFull(code, message)) return diskFull(error);
  if (isBusy(code, message)) {
    return new KukuError('The database is busy. Please try again.', {
      code: 'database_busy',
      retryable: true,
      status: 503,
      cause: error,
    });
  }
  if (isAway(code, message)) {
    return new KukuError('The database is away. Please try again.', {
      code: 'database_away',
      retryable: true,
      status: 503,
      cause: error,
    });
  }
  // read_only_sql_transaction: a standby, or Supabase past its disk quota.
  if (code === '25006') {
    return new KukuError('The database is read-only.', {
      code: 'database_read_only',
      retryable: true,
      status: 503,
      cause: error,
    });
  }
  return new KukuError('The database refused a query.', { code: 'database_failed', cause: error });
}

/** 53100 is Postgres' disk_full; where the WAL itself could not be written, only the text says so. */
function isDiskFull(code: string, message: string): boolean {
  return code === '53100' || code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota/i.test(message);
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: canceled, lock not available, rolled back. */
function isBusy(code: string, message: string): boolean {
  return ['57014', '55P03', '40001', '40P01'].includes(code) || /query read timeout/i.test(message);
}

/** Class 08 connection, 57P shutting down or starting, 53300 too many connections; else the socket's own. */
function isAway(code: string, message: string): boolean {
  if (/^08|^57P0|^53[34]00$/.test(code)) return true;
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code)) {
    return true;
  }
  return /connection terminated|timeout exceeded when trying to connect|timeout expired|client has encountered/i.test(
    message,
  );
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  // A name with several addresses fails with one error for each; the first says why.
  const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const code = typeof first === 'object' && first !== null && 'code' in first ? String(first.code) : '';
  return { code, message: error.message };
}
