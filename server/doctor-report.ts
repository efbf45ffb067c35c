/** What the doctor found, as a table that can be shown to anybody. */

export interface Finding {
  state: 'ok' | 'warning' | 'failed';
  detail: string;
}

export interface Check {
  /** What is looked at, in a word or three. */
  name: string;
  run(options: { signal: AbortSignal }): Promise<Finding>;
}

export interface Result extends Finding {
  name: string;
}

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok', warning: 'warning', failed: 'FAILED' };
/** Shorter secrets would be given away by their end. */
const MIN_SHOWN_SECRET = 16;

export const ok = (detail: string): Finding => ({ state: 'ok', detail });
export const warning = (detail: string): Finding => ({ state: 'warning', detail });
export const failed = (detail: string): Finding => ({ state: 'failed', detail });

export function reportTable(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const rows = results.map(({ name, state, detail }) => {
    const indent = ' '.repeat(width + 11);
    return `${name.padEnd(width)}  ${MARKS[state].padEnd(7)}  ${detail.replaceAll('\n', `\n${indent}`)}`;
  });
  const count = (state: Finding['state']) => results.filter((result) => result.state === state).length;
  return `${rows.join('\n')}\n\n${results.length} checks, ${count('warning')} warnings, ${count('failed')} failed`;
}

/** A secret as far as it helps to tell it from another. */
export function lastFour(secret: string | undefined): string {
  if (secret === undefined) return 'none';
  return secret.length < MIN_SHOWN_SECRET ? '…' : `…${secret.slice(-4)}`;
}

/** A URL without who is let in. */
export function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}`;
}
