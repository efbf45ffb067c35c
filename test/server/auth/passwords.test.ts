import { describe, expect, it } from 'vitest';
import { createPasswordCheck } from '../../../server/auth/passwords.ts';

const check = createPasswordCheck();
const of = (password: string, email = 'ada@lovelace.example') => check(password, email);

describe('a password', () => {
  it.each([
    'correct horse battery staple',
    'ein kleiner Dachs im Gartenhaus',
    'tulpe-nebel-orgel',
    'пароль который никто не угадает',
    '朝ごはんに食べた魚の名前は秘密です',
    '🦊 under the seventh lamp post',
    '        many   spaces  in it          ',
    'x9$Lq2!vT7#mZ4@p',
    `a long one: ${'word by word '.repeat(8)}`,
  ])('may be made of anything: %s', (password) => {
    expect(of(password)).toBe(password.normalize('NFKC'));
  });

  it.each(['', 'short', '14 characters!', 'e\u0301'.repeat(14), 'zebra 𝕏 ochre 𝕐'.slice(0, -3)])(
    'has 15 characters or more, however they are stored: "%s"',
    (password) => {
      expect(() => of(password)).toThrow(/at least 15 characters/);
    },
  );

  it('has at most 128, which is more than the 64 that must be let through', () => {
    const long = 'zq3 Vw!8 pk2Lm. '.repeat(9).slice(0, 128);
    expect(of(long)).toBe(long);
    expect(() => of(`${long}x`)).toThrow(/at most 128/);
  });

  it.each([
    'passwordpassword',
    'P@ssw0rdP@ssw0rd',
    'aaaaaaaaaaaaaaaa',
    '123456789012345',
    'qwertyuiopasdfgh',
    'abcdefghijklmnop',
    'letmeinletmein1',
    'iloveyou1iloveyou1',
    'kukucoachkukucoach',
    'adalovelace2024',
    'ada@lovelace.example',
    '１２３４５６７８９０１２３４５',
  ])('is none that is common, or made of such, of the address, or of keys in a row: %s', (password) => {
    expect(() => of(password)).toThrow(/too easy to guess/);
  });

  it('is the same whichever way its letters are composed', () => {
    expect(of('Ma\u0308rchenwald im Mondlicht')).toBe(of('M\u00e4rchenwald im Mondlicht'));
    expect(of('ﬁeldmice under the eaves')).toBe('fieldmice under the eaves');
  });

  it('that is long and tricky does not keep the server busy', () => {
    for (const part of ['p4$$w0rd', '!@#$%^&*()', '1l!|7', '@4aA', 'aB3$']) {
      const before = performance.now();
      try {
        of(part.repeat(128).slice(0, 128));
      } catch {
        // Refused or not: this is about the time.
      }
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });
});
