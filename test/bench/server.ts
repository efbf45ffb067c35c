/** The whole server in this process, as `main.ts` puts it together, with engines of the benchmark's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../server/app.ts';
import { compose, type GivenEngines } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';
import { copyMadeDatabase } from '../support/made-database.ts';
import { WITHOUT_RATES } from '../support/without-rates.ts';
import { createLogger } from '../../server/telemetry/logger.ts';

export interface BenchServer {
  url: string;
  close(): Promise<void>;
}

export async function startBenchServer(engines: GivenEngines, env: Record<string, string> = {}): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kuku-bench-'));
  await copyMadeDatabase(dataDir);
  const config = loadConfig({ LOG_LEVEL: 'warn', ...WITHOUT_RATES, ...env, DATA_DIR: dataDir });
  const logger = createLogger(config.logLevel);
  const composition = await compose(config, logger, engines);
  const app = await buildApp({ config, ...composition, logger, pageDir: undefined });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      await app.close();
      await composition.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
