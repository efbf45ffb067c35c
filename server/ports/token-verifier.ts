/**
 * Who a token speaks for. A token is good when its issuer made it for this server, it has not run out, and the sign-in
 * that it belongs to was not revoked.
 *
 * `verify` rejects with a `KukuError`: `invalid_token` (401: no token of ours, wrong issuer, audience, signature or
 * algorithm), `token_expired` (401), `token_revoked` (401), or `issuer_away` (503, retryable: the issuer's keys can't be
 * had). What is wrong with a token is said in the log, not to whoever sent it.
 */
export interface TokenVerifier {
  verify(token: string): Promise<VerifiedToken>;
  /** Whether the sign-in still stands: false once it was revoked or has run out. */
  isActive(signInId: string): Promise<boolean>;
}

export interface VerifiedToken {
  /** Who vouches for the subject: an issuer's name as it stands in the archive. */
  issuer: string;
  subject: string;
  role: Role;
  /** Of a token that belongs to a sign-in at this server: it ends with it. */
  signInId?: string;
}

/** An operator sees metrics and the health of dependencies; nobody's role shows them what others said. */
export type Role = 'user' | 'operator';

/** `issuer` of the accounts that are kept here. */
export const OWN_ISSUER = 'account';
/** `issuer` of those who did not sign in. */
export const GUEST_ISSUER = 'guest';
