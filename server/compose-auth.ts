/** Whose tokens are taken. */
import { createExternalIssuer } from './auth/external-issuer.ts';
import { createVerifier } from './auth/verifier.ts';
import type { Config } from './config.ts';
import type { TokenVerifier } from './ports/token-verifier.ts';
import type { Logger } from './telemetry/logger.ts';

/** Undefined when nobody can sign in. */
export function composeAuth({ config, log }: { config: Config; log: Logger }): TokenVerifier | undefined {
  const { jwksUrl, issuer, audience, operators } = config.auth;
  if (jwksUrl === undefined || issuer === undefined) return undefined;
  const external = { issuer, verify: createExternalIssuer({ jwksUrl, issuer, audience, log }) };
  return createVerifier({ own: undefined, external, operators });
}
