import { describe, expect, test } from 'vitest';
import { HELP, parseOptions } from '../src/options.ts';

const problem = (...args: string[]) => {
  const parsed = parseOptions(args);
  return parsed.ok === false ? parsed.problem : undefined;
};

describe('the command line', () => {
  test('takes files, and has defaults for the rest', () => {
    expect(parseOptions(['a.wav', 'b.wav', '--barge-in', '700'])).toEqual({
      ok: true,
      options: {
        mode: 'files',
        files: ['a.wav', 'b.wav'],
        url: 'http://127.0.0.1:3000',
        session: undefined,
        token: undefined,
        email: undefined,
        out: undefined,
        stereo: false,
        json: false,
        fast: false,
        end: false,
        isPrivate: false,
        offRecord: false,
        agree: undefined,
        exportTo: undefined,
        rename: undefined,
        remove: false,
        yes: false,
        bargeInMs: 700,
        waitMs: 30_000,
      },
    });
  });

  test('uses the devices without files, and types when asked', () => {
    expect(parseOptions([])).toMatchObject({ options: { mode: 'devices' } });
    expect(parseOptions(['--text', '--session', 's1'])).toMatchObject({ options: { mode: 'text', session: 's1' } });
  });

  test('does one thing at a time', () => {
    expect(problem('--export', 'a.zip', '--delete')).toContain('each go alone');
    expect(problem('--delete', '--text')).toContain('each go alone');
    expect(problem('--rename', 'Work')).toBe('--rename needs a --session.');
    expect(problem('--yes')).toContain('--delete');
    expect(problem('--private', '--session', 's1')).toContain('new session');
    expect(parseOptions(['--session', 's1', '--rename', ''])).toMatchObject({ options: { rename: '', session: 's1' } });
  });

  test('says what is wrong with a wish', () => {
    expect(problem('--loud')).toContain("Unknown option '--loud'");
    expect(problem('--url', 'localhost')).toBe(
      '--url takes an address such as http://127.0.0.1:3000, not "localhost".',
    );
    expect(problem('--email', 'a@b.example', '--token', 't')).toBe('--email signs in: it takes no --token.');
    expect(problem('--text', 'a.wav')).toBe('--text types: it takes no files.');
    expect(problem('a.wav', '--stereo')).toBe('--stereo says how --out is written: name a file.');
    expect(problem('a.wav', '--wait', 'soon')).toBe('--wait takes milliseconds, not "soon".');
    expect(problem('a.wav', '--barge-in', '500')).toBe(
      '--barge-in needs two files: one breaks into the answer to the other.',
    );
  });

  test('explains every option that it takes', () => {
    expect(parseOptions(['--help', '--text'])).toEqual({ ok: 'help' });
    for (const name of [
      'url',
      'session',
      'token',
      'out',
      'stereo',
      'barge-in',
      'fast',
      'wait',
      'end',
      'text',
      'json',
    ]) {
      expect(problem(`--${name}`, 'http://x') ?? '').not.toContain('Unknown option');
      expect(HELP).toContain(`--${name} `);
    }
  });
});
