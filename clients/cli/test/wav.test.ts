import { encodeWaveFromFloat32Channels, SampleFormat, type BitDepth } from '@echogarden/wave-codec';
import { describe, expect, test } from 'vitest';
import { decodeWav, encodeWav, resampled, WavError } from '../src/wav.ts';

const tone = (samples: number, rate: number, hz: number) =>
  Float32Array.from({ length: samples }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));
const sine = tone(4410, 44_100, 440);

const PCM_HEADER_BYTES = 44;
const plain = () => encodeWav([new Int16Array(1000).fill(1234)], 16_000);
const message = (bytes: Uint8Array) => {
  try {
    decodeWav(bytes);
  } catch (error) {
    if (error instanceof WavError) return error.message;
    throw error;
  }
  return 'decoded';
};

describe('a WAV file', () => {
  test.each([
    [8, SampleFormat.PCM, 300],
    [16, SampleFormat.PCM, 2],
    [24, SampleFormat.PCM, 2],
    [32, SampleFormat.PCM, 2],
    [32, SampleFormat.Float, 2],
    [64, SampleFormat.Float, 2],
    [8, SampleFormat.Mulaw, 700],
    [8, SampleFormat.Alaw, 700],
  ])('of %i bits, format %i, gives its samples to within %i of 32,768', (bits, format, error) => {
    const { rate, pcm } = decodeWav(encodeWaveFromFloat32Channels([sine], 44_100, bits as BitDepth, format));
    expect(rate).toBe(44_100);
    expect(pcm).toHaveLength(sine.length);
    const worst = Math.max(...pcm.map((sample, i) => Math.abs(sample - (sine[i] ?? 0) * 32_768)));
    expect(worst).toBeLessThanOrEqual(error);
  });

  test('in stereo is mixed to one channel', () => {
    const left = new Int16Array(100).fill(1000);
    const right = new Int16Array(100).fill(3000);
    expect(decodeWav(encodeWav([left, right], 48_000))).toEqual({ rate: 48_000, pcm: new Int16Array(100).fill(2000) });
  });

  test('at 44.1 kHz becomes 16 kHz of the same length and pitch', () => {
    const pcm = resampled(decodeWav(encodeWaveFromFloat32Channels([sine], 44_100)), 16_000);
    expect(pcm).toHaveLength(1600);
    const expected = tone(1600, 16_000, 440);
    // Away from the ends, where the filter sees the silence around the file.
    for (let i = 200; i < 1400; i++) expect(Math.abs((pcm[i] ?? 0) - (expected[i] ?? 0) * 32_768)).toBeLessThan(40);
  });

  test('is read past other parts, also of odd length, and whatever follows', () => {
    const file = plain();
    const list = new TextEncoder().encode('LIST\x05\0\0\0abcde\0');
    const bytes = new Uint8Array([...file.subarray(0, 36), ...list, ...file.subarray(36), 0, 7, 7]);
    expect(decodeWav(bytes).pcm).toEqual(new Int16Array(1000).fill(1234));
  });

  test('from a pipe, whose length was not known, is read to its end', () => {
    const bytes = plain();
    new DataView(bytes.buffer).setUint32(40, 0xffffffff, true);
    expect(decodeWav(bytes).pcm).toHaveLength(1000);
  });

  test('survives a round trip', () => {
    const left = Int16Array.from({ length: 50 }, (_, i) => i * 600 - 15_000);
    expect(decodeWav(encodeWav([left], 24_000))).toEqual({ rate: 24_000, pcm: left });
  });
});

describe('a file that can’t be used', () => {
  test('is named for what it is', () => {
    expect(message(new Uint8Array(0))).toBe('is not a WAV file');
    expect(message(new TextEncoder().encode('ID3 and the rest of an mp3 file'))).toBe('is not a WAV file');
    expect(message(plain().subarray(0, 20))).toBe('is cut off: 16 bytes should follow in its "fmt " part, 0 do');
    expect(message(plain().subarray(0, 36))).toBe('is cut off: it holds no audio');
    expect(message(plain().subarray(0, PCM_HEADER_BYTES + 500))).toBe(
      'is cut off: 2000 bytes should follow in its "data" part, 500 do',
    );
    expect(message(encodeWav([new Int16Array(0)], 16_000))).toBe('holds no audio');
  });

  test('in a format of another codec says which', () => {
    const bytes = plain();
    bytes[20] = 85;
    expect(message(bytes)).toMatch(/85 is not supported/);
  });

  test('never fails otherwise, wherever a byte is changed or the file ends', () => {
    const file = plain();
    for (let at = 0; at < PCM_HEADER_BYTES; at++) {
      for (const value of [0, 1, 127, 255]) {
        const bytes = file.slice();
        bytes[at] = value;
        expect(typeof message(bytes)).toBe('string');
      }
      expect(message(file.subarray(0, at))).not.toBe('decoded');
    }
  });
});
