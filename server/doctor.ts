/** `npm run doctor`: is everything there that this configuration needs? Exit code 1 when something is not. */
import { ConfigError, loadConfig, readEnvironment } from './config.ts';
import { checksFor, runChecks } from './doctor-checks.ts';
import { ok, reportTable, type Result, warning } from './doctor-report.ts';
import { systemClock } from './ports/clock.ts';

async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const { warnings } = config;
  const configuration = warnings.length > 0 ? warning(warnings.join('\n')) : ok('can be used');
  const results: Result[] = [
    { name: 'configuration', ...configuration },
    ...(await runChecks(checksFor(config, systemClock), systemClock)),
  ];
  console.log(reportTable(results));
  if (results.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
