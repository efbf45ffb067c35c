/** What the routes of accounts say of themselves. */
import type { z } from 'zod';
import {
  KeysBody,
  MeBody,
  MintedBody,
  PasswordRequest,
  SignedInBody,
  SignedOutBody,
  SignedUpBody,
  SignInRequest,
  SignInsBody,
  SignUpRequest,
} from '../../protocol/accounts.ts';
import type { RouteDoc } from './route-doc.ts';

const json = (schema: z.ZodType) => ({ 'application/json': schema });

const TRIED = {
  403: 'A page of a foreign origin',
  429: 'Too many attempts; Retry-After says when to try again',
} as const;
const SIGNED_IN = { 401: 'Not signed in to an account here' } as const;

export const DOCS = {
  me: {
    summary: 'Who one is, and whether one can sign in here.',
    tag: 'accounts',
    data: MeBody,
    refusals: { 401: 'The token is not good' },
  },
  signUp: {
    summary: 'Makes an account. The answer is the same when the address has one already, which is left as it is.',
    tag: 'accounts',
    bodies: json(SignUpRequest),
    data: SignedUpBody,
    refusals: { ...TRIED, 400: 'No address, or a password that is too short or too easy to guess' },
  },
  signIn: {
    summary:
      'Signs in: a cookie for a browser, or, with `token`, a bearer token for a program. A guest whose account is new ' +
      'keeps what was said.',
    tag: 'accounts',
    bodies: json(SignInRequest),
    data: SignedInBody,
    refusals: { ...TRIED, 400: 'No address or no password', 401: 'The address or the password is wrong' },
  },
  signOut: { summary: 'Ends this sign-in.', tag: 'accounts', data: SignedOutBody, refusals: { 403: TRIED[403] } },
  password: {
    summary: 'A new password. All other sign-ins end.',
    tag: 'accounts',
    bodies: json(PasswordRequest),
    data: SignedInBody,
    refusals: { ...TRIED, 400: 'The new one is too short or too easy to guess', 401: 'The current one is wrong' },
  },
  signIns: {
    summary: 'Where one is signed in, the newest first.',
    tag: 'accounts',
    data: SignInsBody,
    refusals: SIGNED_IN,
  },
  endOthers: { summary: 'Signs out everywhere else.', tag: 'accounts', data: SignedOutBody, refusals: SIGNED_IN },
  endOne: {
    summary: 'Ends one sign-in; its tokens and tickets are refused from then on.',
    tag: 'accounts',
    data: SignedOutBody,
    refusals: { ...SIGNED_IN, 404: 'No such sign-in' },
  },
  token: {
    summary:
      'A token for a quarter of an hour, which ends with its sign-in, and which others can check by `/api/auth/jwks`.',
    tag: 'accounts',
    data: MintedBody,
    refusals: SIGNED_IN,
  },
  keys: { summary: 'The public keys of those tokens.', tag: 'accounts', bare: json(KeysBody) },
} as const satisfies Record<string, RouteDoc>;
