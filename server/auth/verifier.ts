/** One verifier for all issuers whose tokens are taken. */
import { decodeJwt } from 'jose';
import type { TokenVerifier, VerifiedToken } from '../ports/token-verifier.ts';
import { invalidToken, type VerifyJwt } from './external-issuer.ts';

export interface VerifierOptions {
  /** Accounts that are kept here: their tokens, and the cookies of their sign-ins. */
  own: OwnTokens | undefined;
  external: { issuer: string; verify: VerifyJwt } | undefined;
  /** Subjects of those who are operators. */
  operators: readonly string[];
}

export interface OwnTokens {
  verify(token: string): Promise<Pick<VerifiedToken, 'issuer' | 'subject' | 'signInId'>>;
  isActive(signInId: string): Promise<boolean>;
}

export function createVerifier({ own, external, operators }: VerifierOptions): TokenVerifier {
  return {
    async verify(token) {
      const isExternal = external !== undefined && issuerOf(token) === external.issuer;
      const checked = isExternal ? await external.verify(token) : await (own?.verify(token) ?? refuse());
      return { ...checked, role: operators.includes(checked.subject) ? 'operator' : 'user' };
    },
    isActive: async (signInId) => (await own?.isActive(signInId)) ?? false,
  };
}

/** Read before the signature is checked: it only says who is to check it. Undefined for what is no JWT. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function refuse(): Promise<never> {
  return Promise.reject(invalidToken());
}
