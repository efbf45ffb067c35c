/** At the start: keys that are refused, models that are unknown or retired. The server goes on, by its fallbacks. */
import type { Config } from './config.ts';
import { runChecks } from './doctor-checks.ts';
import { providerChecks } from './doctor-providers.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

/** Says in the log what is wrong with the clouds that are configured. Never rejects. */
export async function tellOfProviders(config: Config, { clock, log }: { clock: Clock; log: Log }): Promise<void> {
  for (const { name, state, detail } of await runChecks(providerChecks(config, clock), clock)) {
    if (state !== 'ok') log.warn({ check: name, detail }, 'a provider will not do as configured; see `npm run doctor`');
  }
}
