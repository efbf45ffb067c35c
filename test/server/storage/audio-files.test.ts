import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { asyncProperty, assert, string } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AudioStore, ByteRange } from '../../../server/ports/audio-store.ts';
import { createAudioFiles } from '../../../server/storage/audio-files.ts';
import { resealAudio } from '../../../server/storage/resealing-audio.ts';
import { createSealing, type SealingKey } from '../../../server/storage/sealing.ts';
import { temporaryFolder } from '../../support/databases.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

const { signal } = new AbortController();
const HOUR_MS = 3_600_000;

async function readFrom(store: AudioStore, name: string, range?: ByteRange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(name, range ? { range, signal } : { signal })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const keyOf = (id: string) => ({ id, key: randomBytes(32) });
const [first, second] = [keyOf('k1'), keyOf('k2')];

describe.each([
  ['plain', undefined],
  ['sealed', createSealing([first])],
])('audio files, %s', (_name, sealing) => {
  let folder: string;
  let remove: () => Promise<void>;
  let clock: FakeClock;
  let store: AudioStore;

  beforeEach(async () => {
    const temporary = await temporaryFolder();
    remove = () => temporary.remove();
    folder = join(temporary.path, 'audio');
    clock = createFakeClock();
    store = createAudioFiles({ folder, clock, sealing });
  });
  afterEach(() => remove());

  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const put = (sessionId = 'session-1') => store.put({ sessionId, bytes, contentType: 'audio/mpeg' }, { signal });
  const read = (name: string, range?: ByteRange) => readFrom(store, name, range);

  it('keeps what was put, with its size, type and time', async () => {
    const name = await put();
    expect(await store.find(name)).toEqual({ sizeBytes: 1000, contentType: 'audio/mpeg', createdAt: clock.now() });
    expect(await read(name)).toEqual(Buffer.from(bytes));
  });

  it('gives names that say nothing and never repeat', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, () => put('secret-session')));
    expect(new Set(names).size).toBe(20);
    for (const name of names) expect(name).toMatch(/^[\w-]{22}\.[\w-]{22}\.mp3$/);
    expect(names.join()).not.toContain('secret');
  });

  it.each([
    [{ start: 0, end: 0 }, 0, 1],
    [{ start: 10, end: 19 }, 10, 20],
    [{ start: 990, end: 5000 }, 990, 1000],
  ])('reads the range %j', async (range, from, to) => {
    expect(await read(await put(), range)).toEqual(Buffer.from(bytes.subarray(from, to)));
  });

  it.each([
    { start: 1000, end: 1000 },
    { start: -1, end: 5 },
    { start: 9, end: 3 },
  ])('refuses the range %j', async (range) => {
    await expect(read(await put(), range)).rejects.toMatchObject({ code: 'range_not_satisfiable', status: 416 });
  });

  it('keeps a file that is empty', async () => {
    const name = await store.put({ sessionId: 's', bytes: new Uint8Array(0), contentType: 'audio/wav' }, { signal });
    expect(name).toMatch(/\.wav$/);
    expect(await read(name)).toEqual(Buffer.alloc(0));
  });

  it('throws the reason when reading is aborted', async () => {
    const large = new Uint8Array(4 * 1024 * 1024);
    const name = await store.put({ sessionId: 's', bytes: large, contentType: 'audio/mpeg' }, { signal });
    const controller = new AbortController();
    const reason = new Error('gone');
    const reading = async () => {
      for await (const _ of store.read(name, { signal: controller.signal })) controller.abort(reason);
    };
    await expect(reading()).rejects.toBe(reason);
  });

  it('finds nothing by any name that it did not give', async () => {
    const name = await put();
    await writeFile(join(folder, '..', 'secret.mp3'), 'secret');
    const tricks = [
      '../secret.mp3',
      '..%2fsecret.mp3',
      `${name}/`,
      `./${name}`,
      `${name}.part`,
      name.replace('.', '/'),
    ];
    for (const trick of [...tricks, name.slice(1), '', '.', '..', `${name}\0`, name.replace('mp3', 'wav')]) {
      expect(await store.find(trick)).toBeUndefined();
      await expect(read(trick)).rejects.toMatchObject({ code: 'audio_not_found', status: 404 });
    }
    await assert(
      asyncProperty(string({ unit: 'binary' }), async (text) => {
        expect(await store.find(text)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it("deletes a session's audio and no other", async () => {
    const [gone, kept] = [await put('a'), await put('b')];
    await store.deleteSession('a');
    await store.deleteSession('never-was');
    expect(await store.find(gone)).toBeUndefined();
    expect(await store.find(kept)).toBeDefined();
  });

  it('sweeps what is too old, and the folders that it emptied', async () => {
    const old = await put('a');
    await clock.advance(HOUR_MS);
    const recent = await put('b');
    await clock.advance(HOUR_MS);
    expect(await store.sweep(1.5 * HOUR_MS, { signal })).toBe(1);
    expect(await store.find(old)).toBeUndefined();
    expect(await store.find(recent)).toBeDefined();
    expect(await readdir(folder)).toHaveLength(1);
    expect(await store.sweep(1.5 * HOUR_MS, { signal })).toBe(0);
  });

  it('sweeps what an interrupted put left, however long audio is kept', async () => {
    const name = await put();
    const [session = ''] = await readdir(folder);
    await writeFile(join(folder, session, 'x.mp3.part'), 'half');
    // The file system's own time stamps it: sweep as of two hours after now.
    const later = createAudioFiles({ folder, clock: createFakeClock(Date.now() + 2 * HOUR_MS) });
    expect(await later.sweep(1e15, { signal })).toBe(1);
    expect(await store.find(name)).toBeDefined();
  });

  it('goes on while it is swept and deleted from', async () => {
    const rounds = Array.from({ length: 30 }, async () => {
      const name = await put('busy');
      await store.sweep(HOUR_MS, { signal });
      return name;
    });
    for (const name of await Promise.all(rounds)) expect(await read(name)).toEqual(Buffer.from(bytes));
  });

  it('sweeps nothing when nothing was ever kept', async () => {
    expect(await store.sweep(0, { signal })).toBe(0);
  });

  it('says so when the folder is read-only', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o555);
    const root = process.getuid?.() === 0;
    if (root) await chmod(join(folder, '..'), 0o755);
    if (root) process.seteuid?.(65_534);
    try {
      await expect(put()).rejects.toMatchObject({
        code: 'data_dir_not_writable',
        message: expect.stringContaining(folder),
      });
    } finally {
      if (root) process.seteuid?.(0);
    }
  });
});

describe('sealed audio files', () => {
  const bytes = Buffer.from('a walrus is heard here');
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    const temporary = await temporaryFolder();
    remove = () => temporary.remove();
    folder = temporary.path;
  });
  afterEach(() => remove());

  const clock = createFakeClock();
  const plain = () => createAudioFiles({ folder, clock });
  const sealedWith = (...[key, ...older]: [SealingKey, ...SealingKey[]]) =>
    createAudioFiles({ folder, clock, sealing: createSealing([key, ...older]) });
  const put = (store: AudioStore) => store.put({ sessionId: 's', bytes, contentType: 'audio/mpeg' }, { signal });
  const pathOf = (name: string) => join(folder, name.replace('.', '/'));

  it('show nothing of what is in them', async () => {
    const name = await put(sealedWith(first));
    expect((await readFile(pathOf(name))).includes('walrus')).toBe(false);
    for (const store of [sealedWith(second), plain()]) {
      await expect(store.find(name)).rejects.toMatchObject({ code: 'sealing_key_missing' });
      await expect(readFrom(store, name)).rejects.toMatchObject({ code: 'sealing_key_missing' });
    }
  });

  it('are sealed anew beside people who delete, and neither fails', async () => {
    const sealings = [createSealing([first, second]), createSealing([second, first])];
    const store = sealedWith(first, second);
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 5 }, () => put(store)));
      const working = sealings.map((sealing) => resealAudio({ folder, sealing, signal }));
      await store.deleteSession('s');
      for (const { unopened } of await Promise.all(working)) expect(unopened).toEqual([]);
      await store.deleteSession('s');
    }
    expect(await Promise.all((await readdir(folder)).map((session) => readdir(join(folder, session))))).toEqual([]);
  });

  it('are opened under their own name alone, and as they were written', async () => {
    const store = sealedWith(first);
    const [one, other] = [await put(store), await put(store)];
    await copyFile(pathOf(one), pathOf(other));
    await expect(readFrom(store, other)).rejects.toMatchObject({ code: 'sealed_text_broken' });
    const changed = await readFile(pathOf(one));
    changed[changed.length - 20]! ^= 1;
    await writeFile(pathOf(one), changed);
    await expect(readFrom(store, one)).rejects.toMatchObject({ code: 'sealed_text_broken' });
  });

  it('stand beside those from before there was a key', async () => {
    const name = await put(plain());
    expect(await sealedWith(first).find(name)).toMatchObject({ sizeBytes: bytes.length });
    expect(await readFrom(sealedWith(first), name)).toEqual(bytes);
    expect((await readFrom(sealedWith(first), name, { start: 2, end: 7 })).toString()).toBe('walrus');
  });

  it('are sealed anew with the first key, and keep their age', async () => {
    const names = [await put(plain()), await put(sealedWith(first)), await put(sealedWith(second))];
    const before = await plain().find(names[0]!);
    const sealing = createSealing([second, first]);
    const done = { looked: 3, unopened: [], keys: new Set() };
    expect(await resealAudio({ folder, sealing, signal })).toEqual({ ...done, resealed: 2 });
    for (const name of names) expect(await readFrom(sealedWith(second), name)).toEqual(bytes);
    expect(await sealedWith(second).find(names[0]!)).toEqual(before);
    expect(await resealAudio({ folder, sealing, signal })).toEqual({ ...done, resealed: 0 });
    expect(await readdir(join(folder, names[0]!.split('.')[0]!))).toHaveLength(3);
  });

  it('are left as they are where there is no key for them, which is said', async () => {
    const name = await put(sealedWith(first));
    const done = await resealAudio({ folder, sealing: createSealing([second]), signal });
    expect(done).toMatchObject({ looked: 1, resealed: 0, keys: new Set(['k1']) });
    expect(done.unopened).toEqual([expect.stringContaining(name)]);
    expect(await readFrom(sealedWith(first), name)).toEqual(bytes);
  });

  it('do not come back when they are deleted while they are sealed anew', async () => {
    const name = await put(plain());
    const sealing = createSealing([first]);
    const deleting = {
      ...sealing,
      sealBytes: (...given: Parameters<typeof sealing.sealBytes>) => {
        rmSync(pathOf(name));
        return sealing.sealBytes(...given);
      },
    };
    await resealAudio({ folder, sealing: deleting, signal });
    expect(await plain().find(name)).toBeUndefined();
  });
});
