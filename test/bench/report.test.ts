import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { machine, report, table } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'kuku-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a benchmark's report", () => {
  it('aligns numbers to the right and words to the left', () => {
    const rows = [
      { wire: 'binary', bytes: 652, us: 0.1234 },
      { wire: 'base64 JSON', bytes: 1234, us: 12.345 },
    ];
    expect(table(rows).split('\n')).toEqual([
      'wire         bytes     us',
      'binary         652  0.123',
      'base64 JSON   1234  12.35',
    ]);
  });

  it('names the machine on the screen and in the file', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const file = report({ name: 'sample', parameters: { sessions: 3 }, rows: [{ p50Ms: 1 }] }, folder);
    const printed = log.mock.calls.flat().join('\n');
    log.mockRestore();
    expect(printed).toContain(machine().cpu);
    expect(printed).toContain('sessions 3');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      name: 'sample',
      machine: { ...machine(), node: process.version },
      parameters: { sessions: 3 },
      rows: [{ p50Ms: 1 }],
    });
  });

  it('throws when nothing was measured', () => {
    expect(() => report({ name: 'sample', rows: [] }, folder)).toThrow('measured nothing');
  });
});
