/** What a password must be, by NIST SP 800-63B-4, 3.1.1.2: long and not to be guessed; what it is made of is free. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { KukuError } from '../errors.ts';

/** "SHALL require passwords that are used as a single-factor authentication mechanism to be a minimum of 15 characters". */
const MIN_PASSWORD_CHARS = 15;
/** "SHOULD permit a maximum password length of at least 64 characters." */
export const MAX_PASSWORD_CHARS = 128;

/** Below, a password is on a list of common ones, or made of such, of the address, of keys in a row. */
const MIN_GUESSES = 1e10;
/** Guessing is tried on so much of it: the time that takes grows faster than the password. */
const GUESSED_CHARS = 64;

export type CheckPassword = (password: string, email: string) => string;

/** The password as it is to be hashed. Throws `weak_password` (400) with a sentence that says what to do. */
export function createPasswordCheck(): CheckPassword {
  const guesser = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return (given, email) => {
    const password = normalized(given);
    // "Each Unicode code point SHALL be counted as a single character."
    const { length } = Array.from(password);
    if (length < MIN_PASSWORD_CHARS) {
      throw weak(
        `A password has at least ${MIN_PASSWORD_CHARS} characters: a few words that only you would put together.`,
      );
    }
    if (length > MAX_PASSWORD_CHARS) throw weak(`A password has at most ${MAX_PASSWORD_CHARS} characters.`);
    const { guesses } = guesser.check(password.slice(0, GUESSED_CHARS), [
      ...wordsOf(email),
      'kuku',
      'coach',
      'coaching',
    ]);
    if (guesses < MIN_GUESSES)
      throw weak('This password is too easy to guess. Take a few words that only you would put together.');
    return password;
  };
}

/** The same password, however the keyboard composes its letters. */
export function normalized(password: string): string {
  return password.normalize('NFKC');
}

function wordsOf(email: string): string[] {
  return [email, ...email.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2)];
}

function weak(sentence: string): KukuError {
  return new KukuError(sentence, { code: 'weak_password', status: 400 });
}
