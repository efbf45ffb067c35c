import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkModel, MODELS } from '../../../../server/providers/local/models.ts';
import type { Model, ModelName } from '../../../../server/providers/local/models.ts';
import { modelsDir } from '../../../support/clips.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kuku-manifest-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the manifest', () => {
  const names = Object.keys(MODELS) as ModelName[];

  test.each(names.filter((name) => !MODELS[name].optional))(
    'knows the files of %s that the tests use',
    async (name) => {
      expect(await checkModel(modelsDir(), name)).toEqual({ ok: true });
    },
  );

  test('says which file is missing, cut or damaged', async () => {
    const name = 'silero-vad';
    const path = join(root, name, 'silero_vad_16k_op15.onnx');
    expect(await checkModel(root, name)).toEqual({ ok: false, reason: `${path} is missing.` });
    mkdirSync(join(root, name));
    writeFileSync(path, 'x');
    expect(await checkModel(root, name)).toMatchObject({ reason: expect.stringContaining('wrong size (1 bytes)') });
    const whole = readFileSync(join(modelsDir(), name, 'silero_vad_16k_op15.onnx'));
    whole[5000] = (whole[5000] ?? 0) ^ 1;
    writeFileSync(path, whole);
    expect(await checkModel(root, name)).toMatchObject({ reason: expect.stringContaining('damaged') });
  });

  test.each(names)('has checksums, sizes and https sources for %s', (name) => {
    const model: Model = MODELS[name];
    for (const file of model.files) {
      expect(file.known.length).toBeGreaterThan(0);
      for (const { sha256, bytes } of file.known) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(bytes).toBeGreaterThan(0);
      }
    }
    for (const source of model.sources) {
      if (source.type === 'folder') continue;
      expect(source.type === 'archive' ? source.url : source.base).toMatch(/^https:\/\//);
      const own = new Set(model.files.map((file) => file.name));
      expect(Object.keys(source.names).filter((ours) => !own.has(ours))).toEqual([]);
    }
  });
});
