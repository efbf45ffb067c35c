/** The real server on a folder and a port that outlive it, so that it can be killed and started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from '../../../../test/support/child.ts';
import { copyMadeDatabase } from '../../../../test/support/made-database.ts';
import { WITHOUT_RATES } from '../../../../test/support/without-rates.ts';

export interface LastingServer extends AsyncDisposable {
  readonly url: string;
  /** As a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const MAIN = new URL('../../../../server/main.ts', import.meta.url);

export async function startLastingServer(env: Record<string, string> = {}): Promise<LastingServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kuku-lasting-'));
  await copyMadeDatabase(dataDir);
  let port = '0';
  let child: Child | undefined;
  const server = {
    url: '',
    async start() {
      const own = { HOST: '127.0.0.1', PORT: port, DATA_DIR: dataDir, LOG_LEVEL: 'info' };
      child = startChild(MAIN, [], { env: { ...WITHOUT_RATES, ...env, ...own } });
      const said = await child.until((line) => line.includes('"msg":"ready"'));
      const { address } = JSON.parse(said.at(-1) ?? '{}') as { address: string };
      server.url = address;
      ({ port } = new URL(address));
    },
    kill: async () => child?.kill(),
    async [Symbol.asyncDispose]() {
      await child?.kill();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  await server.start();
  return server;
}
