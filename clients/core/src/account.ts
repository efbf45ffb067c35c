/** Accounts that a server keeps: who one is there, signing up, in and out, where one is signed in. */
import type {
  MeBody,
  PasswordRequest,
  SignedInBody,
  SignedOutBody,
  SignedUpBody,
  SignInRequest,
  SignInsBody,
  SignUpRequest,
} from '../../../protocol/accounts.ts';
import { call, type RestOptions } from './rest.ts';

export type { MeBody, PersonBody, SignInsBody } from '../../../protocol/accounts.ts';

/** Whether one is signed in, and whether one can be. */
export function getMe(url: string, options: RestOptions = {}): Promise<MeBody> {
  return call(url, '/api/auth/me', options);
}

/** The same answer whether the address had an account or not; signing in tells. */
export function signUp(url: string, body: SignUpRequest, options: RestOptions = {}): Promise<SignedUpBody> {
  return call(url, '/api/auth/sign-up', options, { method: 'POST', body });
}

/** In a browser, by a cookie; with `token: true`, by the token of the answer. */
export function signIn(url: string, body: SignInRequest, options: RestOptions = {}): Promise<SignedInBody> {
  return call(url, '/api/auth/sign-in', options, { method: 'POST', body });
}

export function signOut(url: string, options: RestOptions = {}): Promise<SignedOutBody> {
  return call(url, '/api/auth/sign-out', options, { method: 'POST' });
}

/** All other sign-ins end. */
export function changePassword(url: string, body: PasswordRequest, options: RestOptions = {}): Promise<SignedInBody> {
  return call(url, '/api/auth/password', options, { method: 'POST', body });
}

export function listSignIns(url: string, options: RestOptions = {}): Promise<SignInsBody> {
  return call(url, '/api/auth/sign-ins', options);
}

export function endSignIn(url: string, id: string, options: RestOptions = {}): Promise<SignedOutBody> {
  return call(url, `/api/auth/sign-ins/${encodeURIComponent(id)}`, options, { method: 'DELETE' });
}

/** Signs out everywhere else. */
export function endOtherSignIns(url: string, options: RestOptions = {}): Promise<SignedOutBody> {
  return call(url, '/api/auth/sign-ins', options, { method: 'DELETE' });
}
