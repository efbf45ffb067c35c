/** REST shapes of accounts: signing up and in, where one is signed in, who one is. */
import { z } from 'zod';

const Email = z.string().trim().max(254).pipe(z.email());

/** What it must be like is said by whoever refuses it; this only keeps a novel out. */
const Password = z.string().min(1).max(1024);

export const SignUpRequest = z.object({ email: Email, password: Password });
export type SignUpRequest = z.infer<typeof SignUpRequest>;

export const SignInRequest = SignUpRequest.extend({
  /** For programs: the answer has the token, and no cookie is set. */
  token: z.boolean().optional(),
});
export type SignInRequest = z.infer<typeof SignInRequest>;

export const PasswordRequest = z.object({ current: Password, next: Password });
export type PasswordRequest = z.infer<typeof PasswordRequest>;

/** The same whether the address had an account or not. */
export const SignedUpBody = z.object({ email: z.string() });
export type SignedUpBody = z.infer<typeof SignedUpBody>;

export const PersonBody = z.object({
  /** By which an operator is named in AUTH_OPERATORS. */
  id: z.string(),
  /** Of an account here. */
  email: z.string().nullable(),
  role: z.enum(['user', 'operator']),
});
export type PersonBody = z.infer<typeof PersonBody>;

export const SignedInBody = z.object({ user: PersonBody, token: z.string().optional() });
export type SignedInBody = z.infer<typeof SignedInBody>;

export const MeBody = z.object({
  /** Null for who is not signed in. */
  user: PersonBody.nullable(),
  /** Whether one can sign up and in here. */
  accounts: z.boolean(),
  /** Whether one can talk without. */
  guests: z.boolean(),
});
export type MeBody = z.infer<typeof MeBody>;

export const SignInsBody = z.object({
  signIns: z.array(
    z.object({
      id: z.string(),
      createdAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime(),
      address: z.string().nullable(),
      userAgent: z.string().nullable(),
      /** The one that asks. */
      current: z.boolean(),
    }),
  ),
});
export type SignInsBody = z.infer<typeof SignInsBody>;

export const MintedBody = z.object({ token: z.string() });
export type MintedBody = z.infer<typeof MintedBody>;

/** What is over: sign-ins, or the sign-in of that id. */
export const SignedOutBody = z.object({ id: z.string().optional() });
export type SignedOutBody = z.infer<typeof SignedOutBody>;

export const KeysBody = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });
