/** What a client of a session's socket may do, in any order: open it, well or not; send; close, drop, come back. */
import * as fc from 'fast-check';
import { encodeFrame, FrameKind } from '../../../protocol/audio-frame.ts';
import { ClientMessage, Hello, PROTOCOL } from '../../../protocol/messages.ts';
import { arbitraryOf } from '../wire-arbitraries.ts';
import { bodyText, nearValid, strangeText } from './near-valid.ts';

export type Step =
  | {
      do: 'open';
      ticket: 'fresh' | 'used' | 'made up' | 'none' | 'of another';
      protocols: readonly string[];
      origin?: string | undefined;
      id: string;
    }
  /** `resume`: with the token and the number that the socket before was given. */
  | { do: 'hello'; hello: unknown; resume: boolean }
  | { do: 'text'; text: string }
  | { do: 'textBytes' | 'binary' | 'raw'; bytes: Uint8Array }
  | { do: 'ping'; bytes: Uint8Array }
  | { do: 'close'; code: number | undefined }
  | { do: 'drop' | 'settle' };

const good = { do: 'open', ticket: 'fresh', protocols: [PROTOCOL], id: '{live}' } as const satisfies Step;
const open: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(good) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      ticket: fc.constantFrom('fresh', 'used', 'made up', 'none', 'of another'),
      protocols: fc.constantFrom<string[]>(
        [PROTOCOL],
        ['kuku.v9'],
        ['kuku.v9', PROTOCOL],
        [PROTOCOL, 'other'],
        ['constructor'],
      ),
      origin: fc.constantFrom(undefined, undefined, '{origin}', 'https://elsewhere.example', 'null', 'x'),
      id: fc.constantFrom('{live}', '{live}', '{ended}', '{mine}', 'unknown', '%00', '..%2f'),
    }),
  },
);

const client = { name: 'fuzz', version: '0' };
const plain = { type: 'hello', protocol: PROTOCOL, client, audio: { in: { rate: 16_000 }, out: { rate: 16_000 } } };
const anyHello = arbitraryOf(Hello).map(speaking);
function speaking(said: Hello): Hello {
  return { ...said, protocol: PROTOCOL };
}
const hello: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<unknown>(plain) },
      { weight: 3, arbitrary: anyHello },
      { weight: 1, arbitrary: arbitraryOf(Hello) },
      { weight: 1, arbitrary: nearValid(anyHello) },
    ),
    fc.boolean(),
  )
  .map(([said, resume]) => ({ do: 'hello', hello: said, resume }));

const meaningful = {
  text: fc.constantFrom(
    'I will call her on Monday.',
    'off the record',
    'back on the record',
    'stop',
    'yes',
    'no',
    'I want to die',
  ),
  proposalId: fc.constant('{proposal}'),
};
const messages = ClientMessage.options.filter((option) => option !== Hello);
const message = fc.oneof(...messages.map((option) => arbitraryOf<unknown>(option, { meaningful })));
const microphone = fc
  .record({
    first: fc.boolean(),
    last: fc.boolean(),
    gap: fc.boolean(),
    stream: fc.nat(3),
    seq: fc.oneof(fc.nat(9), fc.nat(0xffffffff)),
    pts: fc.oneof(fc.nat(9999), fc.nat(0xffffffff)),
    // Made of two numbers: hundreds of samples would take longer to invent than to send.
    samples: fc.tuple(fc.nat(640), fc.integer({ min: -32_768, max: 32_767 })),
  })
  .map(({ samples: [length, value], ...frame }) =>
    encodeFrame({ kind: FrameKind.microphone, ...frame, pcm: new Int16Array(length).fill(value) }),
  );
const spoiltFrame = fc
  .tuple(microphone, fc.array(fc.tuple(fc.nat(15), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(1300))
  .map(([bytes, changes, length]) => {
    const broken = bytes.slice(0, length);
    for (const [at, value] of changes) if (at < broken.length) broken[at] = value;
    return broken;
  });

const text = (from: fc.Arbitrary<string>) => from.map((value): Step => ({ do: 'text', text: value }));
const binary = (from: fc.Arbitrary<Uint8Array>) => from.map((bytes): Step => ({ do: 'binary', bytes }));

/** Most are good, some end the socket: on average two dozen are sent before that. */
const sending: fc.Arbitrary<Step> = fc.oneof(
  { weight: 150, arbitrary: binary(microphone) },
  { weight: 150, arbitrary: text(message.map((value) => JSON.stringify(value))) },
  { weight: 4, arbitrary: binary(spoiltFrame) },
  { weight: 8, arbitrary: text(bodyText(message)) },
  { weight: 1, arbitrary: text(strangeText) },
  { weight: 1, arbitrary: binary(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(70_000)))) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes): Step => ({ do: 'textBytes', bytes })),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes): Step => ({ do: 'raw', bytes })),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 125 }).map((bytes): Step => ({ do: 'ping', bytes })) },
  { weight: 2, arbitrary: hello },
);

const ending: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ do: 'drop' }, { do: 'settle' }, { do: 'close', code: undefined }),
  fc.oneof(fc.constant(1000), fc.integer({ min: 3000, max: 4999 })).map((code): Step => ({ do: 'close', code })),
);

const visit = fc
  .tuple(
    open,
    fc.option(hello, { nil: undefined, freq: 12 }),
    fc.array(sending, { maxLength: 60, size: 'max' }),
    fc.option(ending, { nil: undefined }),
  )
  .map(([first, greeting, frames, last]) => [first, greeting, ...frames, last].filter((step) => step !== undefined));

/** One session, one to three sockets, one after the other or the next while the one before is open. */
export const socketInputs: fc.Arbitrary<Step[]> = fc
  .array(visit, { minLength: 1, maxLength: 3 })
  .map((visits) => visits.flat());
