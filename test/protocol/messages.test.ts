import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ClientMessage,
  isStored,
  MAX_TEXT_CHARS,
  parseClientMessage,
  parseServerMessage,
  ServerMessage,
} from '../../protocol/messages.ts';
import { MAX_JSON_DEPTH } from '../../protocol/parse.ts';
import { arbitraryOf } from '../support/wire-arbitraries.ts';

const directions = [
  { from: 'client', parse: parseClientMessage, union: ClientMessage },
  { from: 'server', parse: parseServerMessage, union: ServerMessage },
] as const;

/** One row a message type: its name, its arbitrary, what parses it, and the fields it can't do without. */
const members = directions.flatMap(({ from, parse, union }) =>
  union.options.map((member) => ({
    from,
    parse,
    type: member.shape.type.value,
    messages: arbitraryOf<object>(member),
    required: Object.entries(member.shape).flatMap(([name, field]) => (field.safeParse(undefined).success ? [] : name)),
  })),
);

const messagesOf = (type: string) => {
  const member = members.find((each) => each.type === type);
  if (!member) throw new Error(`no message ${type}`);
  return member.messages as fc.Arbitrary<ServerMessage>;
};

const CLIENT_TYPES: Readonly<Record<ClientMessage['type'], true>> = {
  hello: true,
  'input.mute': true,
  'input.start': true,
  'input.end': true,
  text: true,
  'wrap_up.request': true,
  'wrap_up.answer': true,
  'record.set': true,
  'turn.cancel': true,
  playback: true,
  'playback.cleared': true,
  'voice.choose': true,
  ack: true,
  ping: true,
};
/** Whether it is stored and replayed; of `transcript.user` only the final one. */
const SERVER_TYPES: Readonly<Record<ServerMessage['type'], boolean>> = {
  ready: false,
  resumed: false,
  'session.state': true,
  'session.warning': true,
  'session.ended': true,
  'session.go_away': false,
  'speech.started': false,
  'speech.stopped': false,
  'transcript.user': true,
  'turn.started': true,
  'transcript.coach': true,
  'audio.end': false,
  'audio.clear': false,
  'turn.done': true,
  recap: true,
  care: false,
  notice: false,
  error: true,
  pong: false,
};

describe('the two unions', () => {
  it('are the messages of kuku.v1 and no others', () => {
    const types = (from: string) => members.filter((each) => each.from === from).map((each) => each.type);
    expect(types('client').sort()).toEqual(Object.keys(CLIENT_TYPES).sort());
    expect(types('server').sort()).toEqual(Object.keys(SERVER_TYPES).sort());
  });

  it('have a number on everything that the server sends, but for pong', () => {
    const withoutSeq = members.filter((each) => each.from === 'server' && !each.required.includes('seq'));
    expect(withoutSeq.map((each) => each.type)).toEqual(['pong']);
  });
});

describe.each(members)('$from: $type', ({ parse, messages, required }) => {
  it('survives the way through JSON unchanged', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(parse(JSON.stringify(message))).toEqual({ ok: true, message });
      }),
    );
  });

  it('is refused with a problem when a field is missing', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom(...required), (message, missing) => {
        const result = parse(JSON.stringify({ ...message, [missing]: undefined }));
        expect(result).toEqual({ ok: false, problem: expect.stringContaining(missing) });
      }),
    );
  });

  it('loses what it should not have: unknown fields are dropped, also __proto__', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const text = `{"__proto__":{"evil":true},"constructor":{"prototype":{}},${JSON.stringify(message).slice(1)}`;
        const result = parse(text);
        expect(result).toEqual({ ok: true, message });
        const polluted = result.ok && (Object.hasOwn(result.message, '__proto__') || 'evil' in result.message);
        expect(polluted).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});

describe.each(directions)('parsing what a $from sent', ({ parse }) => {
  const answers = (text: string) => {
    const result = parse(text);
    return result.ok ? typeof result.message.type : typeof result.problem;
  };

  it('answers any text with a result', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.json({ noUnicodeString: false }));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(answers(text)).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });

  it('answers any object of a known type with a result', () => {
    const types = fc.constantFrom(...members.map((each) => each.type), '__proto__', 'constructor', 'toString', '');
    const keys = fc.oneof(
      fc.constantFrom('__proto__', 'constructor', ...members.flatMap((each) => each.required)),
      fc.string(),
    );
    fc.assert(
      fc.property(types, fc.dictionary(keys, fc.jsonValue()), (type, fields) => {
        expect(answers(JSON.stringify({ ...fields, type }))).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['half a message', '{"type":"ping","t":'],
    ['a null', 'null'],
    ['an array', '[{"type":"ping","t":1}]'],
    ['an unknown type', '{"type":"pung"}'],
    ['no type', '{"t":1}'],
    ['a type that every object has', '{"type":"__proto__"}'],
    ['a number beyond what a double holds', '{"type":"ping","t":1e999}'],
    ['a number beyond what a double holds, for the server', '{"type":"pong","t":-1e999}'],
    ['a lone surrogate for a type', '{"type":"\\ud800"}'],
  ])('refuses %s', (_what, text) => {
    expect(parse(text)).toEqual({ ok: false, problem: expect.stringMatching(/./) });
  });

  it('refuses what is nested too deep before it parses it', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parse(nested(MAX_JSON_DEPTH + 1))).toEqual({ ok: false, problem: 'nested deeper than 32' });
    expect(parse(nested(MAX_JSON_DEPTH))).not.toEqual({ ok: false, problem: 'nested deeper than 32' });
    expect(parse('{"a":'.repeat(100_000))).toEqual({ ok: false, problem: 'nested deeper than 32' });
  });

  it('does not take brackets in strings for nesting', () => {
    const brackets = `\\"${'[{'.repeat(50)}`;
    expect(parse(`{"type":"nothing","x":"${brackets}"}`)).not.toMatchObject({ problem: 'nested deeper than 32' });
  });
});

describe('a text', () => {
  it('has at least one and at most 4,000 characters', () => {
    const ofLength = (length: number) =>
      parseClientMessage(JSON.stringify({ type: 'text', id: '1', text: 'é'.repeat(length) }));
    expect([0, 1, MAX_TEXT_CHARS, MAX_TEXT_CHARS + 1].map((length) => ofLength(length).ok)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('what is stored', () => {
  it.each(Object.entries(SERVER_TYPES))('%s: %s', (type, stored) => {
    fc.assert(
      fc.property(messagesOf(type), (message) => {
        const expected = message.type === 'transcript.user' ? message.final : stored;
        expect(isStored(message)).toBe(expected);
      }),
    );
  });
});
