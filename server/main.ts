/** Configuration → composition → listening → a graceful end. */
import { buildApp } from './app.ts';
import { compose } from './compose.ts';
import { forgetSecrets, loadConfig, readEnvironment } from './config.ts';
import { tellOfProviders } from './doctor-at-start.ts';
import { KukuError } from './errors.ts';
import { createLogger } from './telemetry/logger.ts';
import { ensureBuilt } from '../clients/browser/build.ts';

async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  forgetSecrets();
  const log = createLogger(config.logLevel);
  for (const warning of config.warnings) log.warn(warning);
  const [composition, pageDir] = await Promise.all([compose(config, log), ensureBuilt()]);
  const app = await buildApp({ config, ...composition, logger: log, pageDir });

  let closing = false;
  const close = async (signal: string) => {
    if (closing) return;
    closing = true;
    log.info({ signal }, 'closing');
    await composition.hub.drain();
    await app.close();
    await composition.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      close(signal).catch((error: unknown) => {
        log.error({ err: error }, 'closing failed');
        process.exitCode = 1;
      });
    });
  }
  const address = await app.listen({ host: config.host, port: config.port });
  log.info(
    { address, dependencies: composition.dependencies.map(({ name, detail }) => `${name}: ${detail}`) },
    'ready',
  );
  await tellOfProviders(config, { clock: composition.clock, log });
}

try {
  await main();
} catch (error) {
  // Ours say what to do; of the rest somebody must see where it came from.
  console.error(error instanceof KukuError ? error.message : error);
  process.exitCode = 1;
}
