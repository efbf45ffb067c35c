/**
 * Known holes in what the server runs on, by `npm audit --omit=dev`: fails on high and critical ones that nobody has
 * argued. `.ci/audit-accepted.json` argues: `{ "GHSA-…": "why it does no harm here" }`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Advisory {
  url: string;
  title: string;
  severity: string;
}

interface Report {
  vulnerabilities?: Record<string, { via: (Advisory | string)[] }>;
  statusCode?: number;
  message?: string;
}

/** What a registry answers that has no such service: a mirror, or a cache. */
const NOT_OFFERED = new Set([404, 405, 501]);
const GRAVE = new Set(['high', 'critical']);

const [accepted = new URL('audit-accepted.json', import.meta.url)] = process.argv.slice(2);
process.exitCode = judge(ask(), JSON.parse(readFileSync(accepted, 'utf8')) as Record<string, string>);

function ask(): Report {
  const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    return { message: stderr.trim() || 'npm said nothing' };
  }
}

function judge({ vulnerabilities, statusCode, message }: Report, arguedFor: Readonly<Record<string, string>>): number {
  if (vulnerabilities === undefined) {
    const isNotOffered = statusCode !== undefined && NOT_OFFERED.has(statusCode);
    console.log(`NOT AUDITED: ${message}`);
    console.log(isNotOffered ? 'This registry offers no audit. Nothing is known of holes.' : 'The audit failed.');
    return isNotOffered ? 0 : 1;
  }
  const advisories = new Map<string, Advisory & { packageName: string }>();
  for (const [packageName, { via }] of Object.entries(vulnerabilities))
    for (const each of via) if (typeof each !== 'string') advisories.set(idOf(each), { ...each, packageName });
  let failed = 0;
  for (const [id, { packageName, severity, title }] of advisories) {
    const reason = arguedFor[id];
    const isOpen = GRAVE.has(severity) && !reason?.trim();
    if (isOpen) failed += 1;
    console.log(`${isOpen ? 'OPEN' : (reason ?? 'not grave')}: ${severity}, ${packageName}: ${title} (${id})`);
  }
  for (const id of Object.keys(arguedFor)) if (!advisories.has(id)) console.log(`argued, and gone: ${id}`);
  console.log(`${advisories.size} advisories, ${failed} of them high or critical and not argued`);
  return failed > 0 ? 1 : 0;
}

function idOf({ url }: Advisory): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
