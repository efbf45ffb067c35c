/** Builds the web page when what it is made of has changed. Run it, or call `ensureBuilt` before serving `distDir`. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

const packageDir = import.meta.dirname;
const repositoryDir = join(packageDir, '../..');

/** Where the built page is. */
export const distDir = join(packageDir, 'dist');

/** In the built folder: a hash of what it was built from. */
const STAMP = '.stamp';

/** Everything that the page is made of: folders, read whole, and files. */
const INPUTS = [
  'clients/browser/index.html',
  'clients/browser/vite.config.ts',
  'clients/browser/src',
  'clients/core/src',
  'protocol',
  'package-lock.json',
];

/**
 * Makes sure that `outDir` holds the page as its sources stand, and answers with it. Up to date: a few ms, and the
 * bundler is not loaded. A build goes to a folder of its own and takes the place of the old one when it is whole, so
 * that processes which start at the same time do no harm. Throws when the build fails; without sources (a pruned image)
 * what is there stays.
 */
export async function ensureBuilt({ outDir = distDir }: { outDir?: string } = {}): Promise<string> {
  if (!existsSync(join(packageDir, 'src')) && existsSync(join(outDir, 'index.html'))) return outDir;
  const stamp = await hashInputs();
  if ((await readStamp(outDir)) === stamp) return outDir;
  const workDir = join(dirname(outDir), `.build-${process.pid}`);
  const freshDir = join(workDir, 'fresh/dist');
  try {
    const { build } = await import('vite');
    await build({ configFile: join(packageDir, 'vite.config.ts'), build: { outDir: freshDir } });
    await writeFile(join(freshDir, STAMP), stamp);
    await mkdir(join(workDir, 'old'));
    await rename(outDir, join(workDir, 'old/dist')).catch(ignoreCode('ENOENT'));
    await rename(freshDir, outDir).catch(async (error: unknown) => {
      // Another process was quicker: its build is as good as ours when it was made of the same.
      if ((await readStamp(outDir)) !== stamp) throw error;
    });
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return outDir;
}

function ignoreCode(code: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === code)) throw error;
  };
}

async function readStamp(outDir: string): Promise<string | undefined> {
  return readFile(join(outDir, STAMP), 'utf8').catch(() => undefined);
}

async function hashInputs(): Promise<string> {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const file of await filesOf(join(repositoryDir, input))) {
      hash.update(`${relative(repositoryDir, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** The files of a folder, in a stable order; of a file itself; none where nothing is. */
async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.main) console.log(await ensureBuilt());
