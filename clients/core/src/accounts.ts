/** Who one is to a server: signing up, in and out. For programs, which keep a token; browsers have cookies. */
import { call, RestError, type RestOptions } from './rest.ts';

export interface Person {
  id: string;
  email: string | null;
}

export interface Me {
  /** Null for who is not signed in. */
  user: Person | null;
  /** Whether one can sign up and in there. */
  accounts: boolean;
  /** Whether one can talk without. */
  guests: boolean;
}

export interface Credentials {
  email: string;
  password: string;
}

export function getMe(url: string, options: RestOptions = {}): Promise<Me> {
  return call<Me>(url, '/api/auth/me', options).catch((error: unknown) => {
    // A coach's server that knows no accounts says so in its own way; what is no coach at all does not.
    const isOurs = error instanceof RestError && error.status === 404 && error.code !== 'http_404';
    if (isOurs) return { user: null, accounts: false, guests: true };
    throw error;
  });
}

/** The answer is the same whether the address had an account or not: sign in to find out. */
export async function signUp(url: string, credentials: Credentials, options: RestOptions = {}): Promise<void> {
  await call(url, '/api/auth/sign-up', options, { method: 'POST', body: credentials });
}

/** The token is sent as `RestOptions.token` from then on. */
export function signIn(
  url: string,
  credentials: Credentials,
  options: RestOptions = {},
): Promise<{ user: Person; token: string }> {
  return call(url, '/api/auth/sign-in', options, { method: 'POST', body: { ...credentials, token: true } });
}

/** The token is good for nothing any more. */
export async function signOut(url: string, options: RestOptions = {}): Promise<void> {
  await call(url, '/api/auth/sign-out', options, { method: 'POST' });
}
