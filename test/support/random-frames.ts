/** Frames that a hostile or broken client might send, the same for the same seed. */
import * as fc from 'fast-check';
import { encodeFrame, FrameKind } from '../../protocol/audio-frame.ts';
import { ClientMessage } from '../../protocol/messages.ts';
import { arbitraryOf } from './wire-arbitraries.ts';

/** A text frame as a string, or as bytes when they are no valid UTF-8; else a binary frame. */
export type RandomFrame = { text: string } | { textBytes: Uint8Array } | { binary: Uint8Array };

const microphone = fc
  .record({
    first: fc.boolean(),
    last: fc.boolean(),
    gap: fc.boolean(),
    stream: fc.integer({ min: 0, max: 0xffff }),
    seq: fc.integer({ min: 0, max: 0xffffffff }),
    pts: fc.integer({ min: 0, max: 0xffffffff }),
    pcm: fc.int16Array({ minLength: 1, maxLength: 640 }),
  })
  .map((frame) => encodeFrame({ kind: FrameKind.microphone, ...frame }));

/** Some bytes of a good frame are others, and it may end early. */
const brokenMicrophone = fc
  .tuple(microphone, fc.array(fc.tuple(fc.nat(15), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(1300))
  .map(([bytes, changes, length]) => {
    const broken = bytes.slice(0, length);
    for (const [at, value] of changes) if (at < broken.length) broken[at] = value;
    return broken;
  });

const message = fc
  .oneof(...ClientMessage.options.map((option) => arbitraryOf<unknown>(option)))
  .map((value) => JSON.stringify(value));
const brokenMessage = fc
  .tuple(message, fc.nat(), fc.string({ maxLength: 3, unit: 'binary' }))
  .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1));

const text = (from: fc.Arbitrary<string>) => from.map((value) => ({ text: value }));
const binary = (from: fc.Arbitrary<Uint8Array>) => from.map((value) => ({ binary: value }));

const frame: fc.Arbitrary<RandomFrame> = fc.oneof(
  { weight: 45, arbitrary: binary(microphone) },
  { weight: 30, arbitrary: text(message) },
  { weight: 10, arbitrary: binary(brokenMicrophone) },
  { weight: 10, arbitrary: text(brokenMessage) },
  { weight: 5, arbitrary: binary(fc.uint8Array({ maxLength: 2000 })) },
  { weight: 5, arbitrary: text(fc.string({ maxLength: 400, unit: 'binary' })) },
  { weight: 5, arbitrary: text(fc.json()) },
  { weight: 5, arbitrary: text(fc.integer({ min: 1, max: 9000 }).map((depth) => '[{"a":'.repeat(depth))) },
  { weight: 5, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => ({ textBytes: bytes })) },
  // Seldom, as they are slow to make: over the limit of a text message, and over that of any frame.
  { weight: 1, arbitrary: text(fc.constantFrom('x'.repeat(17_000), JSON.stringify({ type: 'x'.repeat(60_000) }))) },
  { weight: 1, arbitrary: binary(fc.constant(new Uint8Array(70_000))) },
);

export function randomFrames(count: number, seed: number): RandomFrame[] {
  return fc.sample(frame, { numRuns: count, seed });
}
