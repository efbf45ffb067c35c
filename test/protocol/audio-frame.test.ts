import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AudioFrame,
  decodeFrame,
  encodeFrame,
  FRAME_HEADER_BYTES,
  FrameKind,
  MAX_FRAME_BYTES,
} from '../../protocol/audio-frame.ts';

const frames: fc.Arbitrary<AudioFrame> = fc.record(
  {
    kind: fc.constantFrom(...Object.values(FrameKind)),
    first: fc.boolean(),
    last: fc.boolean(),
    gap: fc.boolean(),
    stream: fc.nat({ max: 2 ** 16 - 1 }),
    seq: fc.nat({ max: 2 ** 32 - 1 }),
    pts: fc.nat({ max: 2 ** 32 - 1 }),
    pcm: fc.int16Array({ maxLength: 480 }),
  },
  { noNullPrototype: true },
);

const frame: AudioFrame = {
  kind: FrameKind.microphone,
  first: true,
  last: false,
  gap: true,
  stream: 0x0102,
  seq: 0x03040506,
  pts: 0x0708090a,
  pcm: Int16Array.of(1, -2, 32_767, -32_768),
};

/** The same bytes in the middle of a larger buffer, as sockets hand them over. */
function shifted(bytes: Uint8Array, offset: number): Uint8Array {
  const larger = new Uint8Array(bytes.byteLength + offset + 3).fill(0xaa);
  larger.set(bytes, offset);
  return larger.subarray(offset, offset + bytes.byteLength);
}

function problemOf(bytes: Uint8Array): string | undefined {
  const result = decodeFrame(bytes);
  return result.ok ? undefined : result.problem;
}

describe('an audio frame', () => {
  it('has a 12-byte little-endian header and little-endian samples', () => {
    const bytes = [0x11, 0x05, 0x02, 0x01, 0x06, 0x05, 0x04, 0x03, 0x0a, 0x09, 0x08, 0x07];
    const samples = [0x01, 0x00, 0xfe, 0xff, 0xff, 0x7f, 0x00, 0x80];
    expect([...encodeFrame(frame)]).toEqual([...bytes, ...samples]);
  });

  it('takes 652 bytes for 20 ms at 16 kHz', () => {
    expect(encodeFrame({ ...frame, pcm: new Int16Array(320) }).byteLength).toBe(652);
  });

  it('is decoded to what was encoded, at any offset of a buffer', () => {
    fc.assert(
      fc.property(frames, fc.nat({ max: 7 }), (sent, offset) => {
        expect(decodeFrame(shifted(encodeFrame(sent), offset))).toEqual({ ok: true, frame: sent });
      }),
    );
  });

  it('is encoded to what was decoded, for any bytes that are a frame', () => {
    const header = fc.tuple(fc.constantFrom(0x11, 0x12), fc.nat({ max: 7 }));
    const rest = fc.uint8Array({ minLength: 10, maxLength: 200 });
    fc.assert(
      fc.property(header, rest, (start, end) => {
        const bytes = Uint8Array.from([...start, ...end.subarray(0, end.length & ~1)]);
        const result = decodeFrame(bytes);
        expect(result.ok && encodeFrame(result.frame)).toEqual(bytes);
      }),
    );
  });

  it('wraps stream at 2^16, seq and pts at 2^32', () => {
    const wrap = fc.nat({ max: 2 ** 20 });
    fc.assert(
      fc.property(wrap, wrap, wrap, (stream, seq, pts) => {
        const beyond = { ...frame, stream: 2 ** 16 + stream, seq: 2 ** 32 + seq, pts: 2 ** 32 + pts };
        const decoded = { ...frame, stream: stream % 2 ** 16, seq, pts };
        expect(decodeFrame(encodeFrame(beyond))).toEqual({ ok: true, frame: decoded });
      }),
    );
  });

  it('may be empty, and may be as large as the limit', () => {
    for (const samples of [0, (MAX_FRAME_BYTES - FRAME_HEADER_BYTES) / 2]) {
      const pcm = new Int16Array(samples);
      expect(decodeFrame(encodeFrame({ ...frame, pcm }))).toEqual({ ok: true, frame: { ...frame, pcm } });
    }
  });

  it('is viewed without a copy where its samples are aligned', () => {
    const bytes = encodeFrame(frame);
    const result = decodeFrame(bytes);
    expect(result.ok && result.frame.pcm.buffer).toBe(bytes.buffer);
  });

  it('carries only the samples that its view shows', () => {
    const larger = Int16Array.from({ length: 10 }, (_, i) => i);
    const result = decodeFrame(encodeFrame({ ...frame, pcm: larger.subarray(3, 5) }));
    expect(result.ok && [...result.frame.pcm]).toEqual([3, 4]);
  });
});

describe('bytes that are no frame', () => {
  const changed = (index: number, value: number) => encodeFrame(frame).fill(value, index, index + 1);

  it.each([
    ['nothing', new Uint8Array(0), 'too_short'],
    ['half a header', encodeFrame(frame).subarray(0, FRAME_HEADER_BYTES - 1), 'too_short'],
    ['more than 64 KB', new Uint8Array(MAX_FRAME_BYTES + 1), 'too_long'],
    ['another version', changed(0, 0x21), 'version'],
    ['kind 0', changed(0, 0x10), 'kind'],
    ['kind 3', changed(0, 0x13), 'kind'],
    ['another codec', changed(1, 0x10), 'codec'],
    ['an unknown flag', changed(1, 0x08), 'flags'],
    ['half a sample', encodeFrame(frame).subarray(0, FRAME_HEADER_BYTES + 3), 'odd_payload'],
  ])('are refused: %s', (_what, bytes, problem) => {
    expect(problemOf(bytes)).toBe(problem);
  });

  it('never make decoding throw', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.tuple(fc.constantFrom(0x10, 0x11, 0x12), fc.uint8Array({ maxLength: 64 })).map(([head, rest]) => {
        return Uint8Array.from([head, ...rest]);
      }),
    );
    fc.assert(
      fc.property(anyBytes, fc.nat({ max: 3 }), (bytes, offset) => {
        const result = decodeFrame(shifted(bytes, offset));
        const wholeLength = result.ok && result.frame.pcm.length * 2 + FRAME_HEADER_BYTES === bytes.byteLength;
        expect(wholeLength || (!result.ok && result.problem.length > 0)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
