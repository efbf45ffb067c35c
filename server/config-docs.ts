/** Writes `.env.example` and the configuration table of `README.md` from the table of variables: `npm run docs:config`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Variable } from './config-kinds.ts';
import { VARIABLES } from './config-variables.ts';

const START = '<!-- configuration: written by `npm run docs:config` -->';
const END = '<!-- /configuration -->';

function variables(): [string, Variable][] {
  return Object.entries(VARIABLES);
}

/** The whole of `.env.example`: every variable commented out, with its default. */
export function envExample(): string {
  const entries = variables().map(([name, variable]) => {
    const otherwise = variable.otherwise === undefined ? '' : ` Unset: ${variable.otherwise}.`;
    return `# ${variable.means}${otherwise}\n# Accepted: ${variable.accepts}.\n# ${name}=${variable.fallback ?? ''}\n`;
  });
  return `# Copy to .env and uncomment what you change. Written by \`npm run docs:config\`.\n\n${entries.join('\n')}`;
}

/** The README with its configuration table replaced. Throws when the README has no place for it. */
export function withConfigurationTable(readme: string): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end < start) throw new Error(`the README needs the lines ${START} and ${END}`);
  return `${readme.slice(0, start + START.length)}\n\n${configurationTable()}\n${readme.slice(end)}`;
}

function configurationTable(): string {
  const rows = variables().map(([name, variable]) => {
    const standard = variable.fallback === undefined ? (variable.otherwise ?? '') : `\`${variable.fallback}\``;
    return `| \`${name}\` | ${standard} | ${variable.means} | ${variable.accepts} |\n`;
  });
  return `| variable | default | meaning | accepted |\n|---|---|---|---|\n${rows.join('')}`;
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  const readme = resolve(root, 'README.md');
  writeFileSync(resolve(root, '.env.example'), envExample());
  writeFileSync(readme, withConfigurationTable(readFileSync(readme, 'utf8')));
}
