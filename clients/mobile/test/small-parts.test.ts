import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SocketLike } from '../../core/src/connection.ts';
import { createMeter } from '../src/device/meter.ts';
import { sessionOfLink } from '../src/links.ts';
import { DEFAULTS, readPreferences, serverAddress } from '../src/preferences.ts';
import { DARK, LIGHT, ORB } from '../src/ui/theme.ts';
import { CATALOGUES, pickLanguage } from '../src/words/catalogues.ts';
import { createFakeClock } from './support/scene.ts';

test.each([
  ['kukucoach://session/abc-123_X', 'abc-123_X'],
  ['kukucoach://session/abc/', 'abc'],
  ['https://coach.example.org/?session=abc', 'abc'],
  ['kukucoach://session/abc?server=https://evil.example', 'abc'],
  ['kukucoach://session/a/b', undefined],
  ['kukucoach://session/', undefined],
  ['kukucoach://settings', undefined],
  ['https://coach.example.org/', undefined],
  ['not a link', undefined],
])('the link %s leads to the session %s', (link, sessionId) => {
  expect(sessionOfLink(link)).toBe(sessionId);
});

test.each([
  ['coach.example.org', 'https://coach.example.org'],
  [' https://coach.example.org/somewhere ', 'https://coach.example.org'],
  ['localhost:3000', 'http://localhost:3000'],
  ['192.168.1.20:3000', 'http://192.168.1.20:3000'],
  ['kuku.local:3000', 'http://kuku.local:3000'],
  ['https://', undefined],
  ['my coach', undefined],
])('the typed address %s is the server %s', (typed, address) => {
  expect(serverAddress(typed)).toBe(address);
});

test('of stored preferences, what is not understood any more is left out', () => {
  expect(readPreferences(undefined)).toEqual(DEFAULTS);
  expect(readPreferences('nonsense')).toEqual(DEFAULTS);
  const stored = JSON.stringify({ theme: 'pink', language: 'de', captions: false, voice: 'loud', other: 1 });
  expect(readPreferences(stored)).toEqual({ ...DEFAULTS, language: 'de', captions: false });
});

test('the first language that there is, is taken', () => {
  expect(pickLanguage(['', 'fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(pickLanguage(['fr'])).toBe('en');
});

test('no catalogue lacks a word, or has an empty one', () => {
  const wordsIn = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => wordsIn(inner, `${path}/${name}`))
      : [value === '' ? `${path} is empty` : path];
  expect(wordsIn(CATALOGUES.de)).toEqual(wordsIn(CATALOGUES.en));
});

test('a meter counts what goes up and down over the last 5 s, and in all', () => {
  const clock = createFakeClock();
  let receive: (event: { data: unknown }) => void = () => {};
  class FakeSocket {
    binaryType = '';
    readyState = 1;
    bufferedAmount = 0;
    sent: unknown[] = [];
    addEventListener(type: string, fn: (event: { data: unknown }) => void) {
      if (type === 'message') receive = fn;
    }
    send(data: unknown) {
      this.sent.push(data);
    }
    close() {}
  }
  const meter = createMeter(clock);
  const Counted = meter.count(FakeSocket as unknown as new (url: string, protocols: string[]) => SocketLike);
  const socket = new Counted('ws://x', []) as SocketLike & { sent: unknown[] };
  socket.send('{"a":1}');
  socket.send(new Uint8Array(652));
  receive({ data: new ArrayBuffer(6250) });
  expect(socket.sent).toHaveLength(2);
  expect(meter.read()).toEqual({ upKbps: 1, downKbps: 10, totalBytes: 659 + 6250 });
  clock.pass(5001);
  expect(meter.read()).toEqual({ upKbps: 0, downKbps: 0, totalBytes: 659 + 6250 });
});

test('colours are those of the page', () => {
  const css = readFileSync(resolve(__dirname, '../../browser/src/styles/base.css'), 'utf8');
  const names = { onAccent: 'on-accent', warmWash: 'warm-wash' } as Record<string, string>;
  for (const name of Object.keys(LIGHT) as (keyof typeof LIGHT)[]) {
    const found = new RegExp(`--_${names[name] ?? name}:[^;]*light-dark\\((#\\w+), (#\\w+)\\)`).exec(css);
    expect([name, found?.[1], found?.[2]]).toEqual([name, LIGHT[name], DARK[name]]);
  }
  for (const [kind, colors] of Object.entries(ORB)) {
    colors.forEach((color, i) =>
      expect(css).toContain(
        `--orb-${kind}-${i + 1}: var(--kuku-orb-${kind === 'warm' ? 'coach' : 'you'}-${i + 1}, ${color})`,
      ),
    );
  }
});
