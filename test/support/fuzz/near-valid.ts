/** What is almost right: a good value with one thing wrong, texts that have broken servers before, and plain rubbish. */
import * as fc from 'fast-check';

const long = fc.integer({ min: 1, max: 4 }).map((power) => 'long '.repeat(10 ** power));

export const strangeText = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '\0',
      'a\0b',
      '\ud800',
      '\udc00x',
      '\ufeff',
      '\u202e\u2066',
      'é\u0301\u0301',
      '👩‍👩‍👧‍👦',
      'ﷺ'.repeat(40),
      "' or 1=1 --",
      '"; drop table users; --',
      '$1',
      '%00',
      '%s%n',
      '../../../etc/passwd',
      '\r\nset-cookie: a=b',
      '__proto__',
      'constructor',
      'toString',
      'NaN',
      'Infinity',
      '1e999',
      '-0',
      '0x10',
      'null',
      '[object Object]',
      '<script>alert(1)</script>',
      '${7*7}',
      '{{7*7}}',
      '\u001b[31m',
      '\\',
      '"',
      '\n'.repeat(100),
    ),
  },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: long },
);

const extremes = [0, -1, 1.5, 0.1 + 0.2, 5e-324, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, -(2 ** 63)];
export const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  strangeText,
  fc.constantFrom<unknown>(null, true, false, [], {}, ...extremes),
  fc.jsonValue({ maxDepth: 2 }),
);

type Change =
  | { kind: 'drop' | 'wrap' }
  | { kind: 'put'; value: unknown }
  | { kind: 'add'; name: string; value: unknown };
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom<Change>({ kind: 'drop' }, { kind: 'wrap' }),
  fc.record({ kind: fc.constant('put' as const), value: strangeValue }),
  fc.record({ kind: fc.constant('add' as const), name: strangeText, value: strangeValue }),
);

/** A value of `valid` in which one or two fields are gone, others, wrapped, or new. */
export function nearValid(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(40), change), { minLength: 1, maxLength: 2 }))
    .map(([value, changes]) => changes.reduce<unknown>((so, [at, one]) => changed(so, at, one), value));
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
}

function changed(value: unknown, at: number, { kind, ...what }: Change): unknown {
  const root: Record<string, unknown> = { value: structuredClone(value) };
  const places = placesIn(root);
  const { holder, key } = places[at % places.length] ?? { holder: root, key: 'value' };
  if (kind === 'drop') delete holder[key];
  if (kind === 'wrap') holder[key] = [holder[key]];
  if (kind === 'put' && 'value' in what) holder[key] = what.value;
  if (kind === 'add' && 'name' in what) define(holder[key], what.name, what.value);
  return root['value'];
}

/** The fields first, the whole value last. */
function placesIn(holder: Record<string, unknown>): Place[] {
  const places: Place[] = [];
  for (const [key, inside] of Object.entries(holder)) {
    if (typeof inside === 'object' && inside !== null) places.push(...placesIn(inside as Record<string, unknown>));
    places.push({ holder, key });
  }
  return places;
}

/** Also `__proto__` as a field of its own. */
function define(target: unknown, name: string, value: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Text of JSON with a character gone or put in, or cut. */
function brokenText(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const put = fc.oneof(fc.constantFrom('', '"', '\\', '}', ',', '\0', '\ud800'), fc.string({ maxLength: 2 }));
  return fc.tuple(text, fc.nat(), put, fc.boolean()).map(([whole, at, instead, cut]) => {
    const place = at % Math.max(1, whole.length);
    return whole.slice(0, place) + instead + (cut ? '' : whole.slice(place + 1));
  });
}

const depth = fc.integer({ min: 1, max: 5000 });

/** The text of a body, from good to rubbish; `undefined` in place of a value is no text at all. */
export function bodyText(valid: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const good = valid.map((value) => JSON.stringify(value) ?? '');
  return fc.oneof(
    { weight: 8, arbitrary: good },
    { weight: 10, arbitrary: nearValid(valid).map((value) => JSON.stringify(value) ?? '') },
    { weight: 3, arbitrary: brokenText(good) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: depth.map((deep) => '{"a":['.repeat(deep)) },
    { weight: 1, arbitrary: fc.constantFrom('', '{"a":1,"a":2}', '{"__proto__":{"text":"x"}}', '\ufeff{}', '1e999') },
  );
}
