import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createArchive } from '../../../server/storage/archive.ts';
import { createSealedArchive } from '../../../server/storage/sealed-archive.ts';
import { createSealing } from '../../../server/storage/sealing.ts';
import { memoryArchive } from '../../support/redis-sessions.ts';
import { archiveContract } from '../../contracts/archive.ts';
import { pgliteForTest } from '../../support/databases.ts';

const keyOf = (id: string) => ({ id, key: randomBytes(32) });
const [first, second] = [keyOf('k1'), keyOf('k2')];

archiveContract('PGlite, sealed', async () => {
  const database = await pgliteForTest();
  return {
    archive: createSealedArchive(createArchive(database), createSealing([first])),
    close: () => database.remove(),
  };
});

describe('a sealed text', () => {
  const sealing = createSealing([first]);

  it('is opened in its place alone', () => {
    const sealed = sealing.seal('My boss, ü 🙂.', 'message/s/m1');
    expect(sealed).not.toContain('boss');
    expect(sealing.seal('My boss, ü 🙂.', 'message/s/m1')).not.toBe(sealed);
    expect(sealing.open(sealed, 'message/s/m1')).toBe('My boss, ü 🙂.');
    expect(() => sealing.open(sealed, 'message/s/m2')).toThrow(expect.objectContaining({ code: 'sealed_text_broken' }));
  });

  it('is not opened once it was changed, or cut', () => {
    const sealed = sealing.seal('My boss.', 'p');
    for (const changed of [`${sealed.slice(0, -2)}AA`, sealed.slice(0, -6), sealed.slice(0, 20)]) {
      expect(() => sealing.open(changed, 'p')).toThrow(expect.objectContaining({ code: 'sealed_text_broken' }));
    }
  });

  it('of an older key is read as long as that key is there, and new ones take the first', () => {
    const old = sealing.seal('before', 'p');
    const rotated = createSealing([second, first]);
    expect(rotated.open(old, 'p')).toBe('before');
    const without = createSealing([second]);
    expect(without.open(rotated.seal('after', 'p'), 'p')).toBe('after');
    expect(() => without.open(old, 'p')).toThrow(expect.objectContaining({ code: 'sealing_key_missing' }));
  });

  it('of nobody’s sealing is read as it is', () => {
    expect(sealing.open('from before there was a key', 'p')).toBe('from before there was a key');
  });
});

it('what a sealed archive stands on sees no word of what was said', async () => {
  const beneath = memoryArchive();
  const archive = createSealedArchive(beneath, createSealing([first]));
  const times = { startedAt: 1, endedAt: null, updatedAt: 1, elapsedMs: 0, usage: {} };
  const facts = { id: 's', userId: null, status: 'active', endReason: null, messageCount: 1, version: 1 } as const;
  await archive.saveSession({ ...facts, ...times, stage: 'goal', title: 'a walrus', state: { topic: 'a walrus' } });
  const message = {
    id: 'm',
    seq: 0,
    sender: 'user',
    audioFile: null,
    interrupted: false,
    createdAt: 1,
    version: 1,
  } as const;
  await archive.appendMessages('s', [{ ...message, text: 'My walrus.' }]);
  const recap = {
    topic: 'walrus',
    goal: 'a walrus',
    insights: ['walrus'],
    summary: 'The walrus.',
    createdAt: 1,
    version: 1,
  };
  await archive.saveRecap('s', { ...recap, commitments: [{ what: 'feed the walrus' }] });
  const kept = [await beneath.session('s'), await beneath.messages('s'), await beneath.recap('s')];
  expect(JSON.stringify(kept)).not.toMatch(/walrus/i);
  const read = [await archive.session('s'), await archive.messages('s'), await archive.recap('s')];
  expect(JSON.stringify(read).match(/walrus/gi)).toHaveLength(8);
});
