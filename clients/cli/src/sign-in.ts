/** Who talks: a guest, the bearer of a token, or somebody who signs in for this run. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { signIn, signOut } from '@kuku-coach/core/account';
import type { TalkOptions } from './options.ts';
import type { Terminal } from './talk.ts';

export interface Identity {
  token: string | undefined;
  /** Ends the sign-in of this run, where there was one. Never rejects. */
  leave: () => Promise<void>;
}

/** What a terminal can't give: no password, and nobody to ask. */
export class NoPasswordError extends Error {}

/** Throws a `RestError` when address or password is wrong. */
export async function identify({ url, token, email }: TalkOptions, terminal: Terminal): Promise<Identity> {
  if (email === undefined) return { token: token ?? terminal.token, leave: async () => {} };
  const password = terminal.password ?? (await askForPassword(email, terminal));
  const signedIn = await signIn(url, { email, password, token: true });
  const mine = signedIn.token ?? '';
  const leave = () => signOut(url, { token: mine }).then(noted, noted);
  return { token: mine, leave };
}

// A sign-in that could not be ended is listed at the account, and runs out.
const noted = () => {};

/** What is typed is not shown. */
async function askForPassword(email: string, { input, errors }: Terminal): Promise<string> {
  if (input.isTTY !== true) {
    throw new NoPasswordError('Set KUKU_PASSWORD: there is nobody here to ask for the password.');
  }
  errors.write(`Password of ${email}: `);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silence, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('close', () => reject(new NoPasswordError('No password was given.')));
      lines.question('', resolve);
    });
  } finally {
    lines.close();
    errors.write('\n');
  }
}
