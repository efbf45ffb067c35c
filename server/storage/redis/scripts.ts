/** The scripts, one atomic step each. The Lua files say what their keys, arguments and answers are. */
import { readFileSync } from 'node:fs';

const NAMES = [
  'create',
  'commit',
  'acquire',
  'renew',
  'release',
  'owner',
  'claim',
  'expire',
  'read',
  'remove',
  'seat',
  'outbox-open',
  'outbox-reclaim',
  'outbox-settle',
  'outbox-lag',
] as const;

export type ScriptName = (typeof NAMES)[number];

const read = (name: string) => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');

/** For `defineCommand`: sent as EVALSHA once the connection knows it. */
export function loadScripts(): Record<string, { lua: string }> {
  const prelude = read('prelude');
  return Object.fromEntries(NAMES.map((name) => [name, { lua: prelude + read(name) }]));
}
