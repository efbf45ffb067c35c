/** Finds a streaming transducer for sherpa-onnx in the models folder: one that we know, or a folder named by the operator. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkModel, MODELS } from './models.ts';
import type { ModelName } from './models.ts';

/** Of those that are there, the first is taken: the most accurate first. */
const KNOWN = ['zipformer-en-kroko-2025-08-06', 'zipformer-en-2023-06-26', 'zipformer-en-3.3m-streaming'] as const;

export interface TransducerFiles {
  encoder: string;
  decoder: string;
  joiner: string;
  tokens: string;
}

export type FoundTransducer =
  | {
      ok: true;
      /** Name of its folder. */
      model: string;
      /** Whole paths. */
      files: TransducerFiles;
      /** False: nobody knows its checksums, and a damaged file would end the process. */
      verified: boolean;
    }
  | { ok: false; reason: string };

/** Checks the files before anything native reads them. `reason` is a sentence for a person. */
export async function findTransducer(modelsDir: string, model?: string): Promise<FoundTransducer> {
  const reasons: string[] = [];
  for (const name of model === undefined ? KNOWN : [model]) {
    const dir = join(modelsDir, name);
    const names = await namesIn(dir);
    if (names.length === 0) {
      reasons.push(`${dir} is missing or empty.`);
      continue;
    }
    const known = isKnown(name);
    const files = pick(known ? MODELS[name].files.map((file) => file.name) : names, dir);
    const check = known ? await checkModel(modelsDir, name) : { ok: true as const };
    if (!check.ok) reasons.push(check.reason);
    else if (files === undefined) reasons.push(`${dir} lacks an encoder, a decoder, a joiner or tokens.txt.`);
    else return { ok: true, model: name, files, verified: known };
  }
  return { ok: false, reason: reasons.join(' ') };
}

function isKnown(name: string): name is ModelName {
  return Object.hasOwn(MODELS, name);
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

/** By the names that the project's archives use. Quantised, but for the decoder, which is small and loses by it. */
function pick(names: readonly string[], dir: string): TransducerFiles | undefined {
  const part = (prefix: string, quantised: boolean): string | undefined => {
    const candidates = names.filter((name) => name.startsWith(prefix) && name.endsWith('.onnx')).toSorted();
    return candidates.find((name) => name.includes('.int8.') === quantised) ?? candidates[0];
  };
  const encoder = part('encoder', true);
  const decoder = part('decoder', false);
  const joiner = part('joiner', true);
  if (!encoder || !decoder || !joiner || !names.includes('tokens.txt')) return undefined;
  return {
    encoder: join(dir, encoder),
    decoder: join(dir, decoder),
    joiner: join(dir, joiner),
    tokens: join(dir, 'tokens.txt'),
  };
}
