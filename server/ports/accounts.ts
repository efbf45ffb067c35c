/**
 * Accounts that are kept here, with an email address and a password. What is wrong is said with a `KukuError`:
 * `wrong_credentials` (401), `weak_password` (400), `too_many_attempts` (429, with `retryAfterMs`), `database_away` and the
 * like (retryable).
 *
 * Nothing here tells whether an address has an account, neither in words nor in time.
 */
export interface Accounts {
  /** How long a sign-in lasts that is not used. */
  readonly signInMs: number;
  /** Makes the account, or does nothing when the address has one; both are the same to whoever asks. */
  signUp(credentials: Credentials, from: Origin): Promise<void>;
  /** A new sign-in, with a token that was never used before. */
  signIn(credentials: Credentials, from: Origin): Promise<SignedIn>;
  /** All sign-ins but the one that comes with it end. `token` is that of a sign-in. */
  changePassword(change: PasswordChange, from: Origin): Promise<SignedIn>;
  /** Where the account is signed in, the newest first. */
  signIns(subject: string): Promise<readonly SignIn[]>;
  /** The sign-in ends, and with it its tokens. False when the account has none of that id. */
  endSignIn(subject: string, id: string): Promise<boolean>;
  /** All but one end. */
  endOtherSignIns(subject: string, id: string | undefined): Promise<void>;
  profile(subject: string): Promise<Profile | undefined>;
  /**
   * A short-lived token of a sign-in, which others can check by the published keys. Throws `sign_in_required` (401) when
   * `token` is no sign-in's that stands: minted tokens mint none.
   */
  mint(token: string): Promise<string>;
  /** The public keys, as a JSON Web Key Set. */
  keys(): Promise<{ keys: readonly object[] }>;
  /** The account is gone: its address, password and sign-ins. What it said is the archive's to delete. */
  remove(subject: string): Promise<void>;
}

export interface Credentials {
  email: string;
  password: string;
}

export interface PasswordChange {
  token: string;
  email: string;
  current: string;
  next: string;
}

/** Who asks, for counting attempts and for the list of sign-ins. */
export interface Origin {
  address: string;
  userAgent: string;
}

export interface SignedIn {
  /** To be kept where no page's script reads it, or by a program. */
  token: string;
  subject: string;
}

export interface SignIn {
  id: string;
  /** ms since 1970. */
  createdAt: number;
  lastUsedAt: number;
  address: string | null;
  userAgent: string | null;
}

export interface Profile {
  email: string;
  createdAt: number;
}
