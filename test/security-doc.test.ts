/** SECURITY.md names where each defence is, and where it is tested: what it names is there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const rows = readFileSync(resolve(root, 'SECURITY.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').slice(1, -1))
  .filter((cells) => cells.length === 4 && /`/.test(cells[3] ?? ''));
const filesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);

it('has a defence and a test for each threat', () => {
  expect(rows.length).toBeGreaterThan(20);
  for (const [threat, , places, tests] of rows) {
    expect(filesIn(places).length, threat).toBeGreaterThan(0);
    expect(filesIn(tests).length, threat).toBeGreaterThan(0);
    for (const file of filesIn(tests)) expect(file).toMatch(/\.test\.ts$/);
  }
});

it.each(rows.flatMap((cells) => cells.slice(2).flatMap((cell) => filesIn(cell))))('%s is there', (file) => {
  expect(existsSync(resolve(root, file))).toBe(true);
});
