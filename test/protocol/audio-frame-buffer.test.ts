import { expect, test } from 'vitest';
import { decodeFrame, encodeFrame, FrameKind } from '../../protocol/audio-frame.ts';

test('decodes a frame at an odd place of a Buffer, as a socket gives them', () => {
  const pcm = Int16Array.of(1, -2, 32_767, -32_768);
  const bytes = encodeFrame({
    kind: FrameKind.microphone,
    first: true,
    last: false,
    gap: false,
    stream: 1,
    seq: 0,
    pts: 0,
    pcm,
  });
  const pool = Buffer.alloc(bytes.length + 2);
  pool.set(bytes, 1);
  const result = decodeFrame(pool.subarray(1, 1 + bytes.length));
  expect(result.ok && result.frame.pcm).toEqual(pcm);
});
