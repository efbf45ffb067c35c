import { decodeWaveToFloat32Channels, encodeWaveFromBuffer, SampleFormat } from '@echogarden/wave-codec';
import { createResampler } from '../../../protocol/resample.ts';
import { joined } from './pcm.ts';

/** A file that can't be used; the message is a sentence that names what is wrong with it. */
export class WavError extends Error {}

/** Mono samples at `rate`. */
export interface Clip {
  rate: number;
  pcm: Int16Array;
}

/**
 * Decodes a WAV file: 8 to 32-bit integers, 32 and 64-bit floats, A-law and µ-law, any rate; several channels are mixed
 * to one. Throws a `WavError` for anything else, and for a file that ends before its audio does.
 */
export function decodeWav(bytes: Uint8Array): Clip {
  const plain = plainWav(bytes);
  let decoded: ReturnType<typeof decodeWaveToFloat32Channels>;
  try {
    decoded = decodeWaveToFloat32Channels(plain);
  } catch (error) {
    throw new WavError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const { audioChannels, sampleRate } = decoded;
  if (sampleRate < 1000) throw new WavError(`has a sample rate of ${sampleRate}, which no speech has`);
  const samples = audioChannels[0]?.length ?? 0;
  if (samples === 0) throw new WavError('holds no audio');
  const pcm = Int16Array.from({ length: samples }, (_, i) => {
    const sum = audioChannels.reduce((total, channel) => total + (channel[i] ?? 0), 0);
    return Math.max(-32_768, Math.min(32_767, Math.round((sum / audioChannels.length) * 32_768)));
  });
  return { rate: sampleRate, pcm };
}

/** The clip at another rate, to its last sample. */
export function resampled({ rate, pcm }: Clip, toRate: number): Int16Array {
  const resampler = createResampler(rate, toRate);
  return joined([resampler.push(pcm), resampler.flush()]);
}

/** A 16-bit WAV file of equally long channels. */
export function encodeWav(channels: readonly Int16Array[], rate: number): Uint8Array {
  const frames = Math.max(0, ...channels.map((channel) => channel.length));
  const interleaved = new DataView(new ArrayBuffer(frames * channels.length * 2));
  channels.forEach((channel, c) => {
    channel.forEach((sample, i) => interleaved.setInt16((i * channels.length + c) * 2, sample, true));
  });
  return encodeWaveFromBuffer(new Uint8Array(interleaved.buffer), rate, channels.length, 16, SampleFormat.PCM);
}

/** Length of a stream whose writer could not know it: `sox` and `ffmpeg` write this into a pipe. */
const UNKNOWN_LENGTH = 0xffffffff;

/**
 * The same audio with nothing but its format and its samples. The codec takes no odd chunk (they are padded) and nothing
 * after the end, and passes over a file that was cut off: all three are met in real files.
 */
function plainWav(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => (at + 4 <= bytes.length ? String.fromCharCode(...bytes.subarray(at, at + 4)) : '');
  if (name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new WavError('is not a WAV file');
  const chunks = new Map<string, Uint8Array>();
  for (let at = 12; at + 8 <= bytes.length && !chunks.has('data');) {
    const written = view.getUint32(at + 4, true);
    const size = written === UNKNOWN_LENGTH ? bytes.length - at - 8 : written;
    if (size > bytes.length - at - 8) {
      throw new WavError(
        `is cut off: ${size} bytes should follow in its "${name(at)}" part, ${bytes.length - at - 8} do`,
      );
    }
    chunks.set(name(at), bytes.subarray(at, at + 8 + size));
    at += 8 + size + (size % 2);
  }
  const format = chunks.get('fmt ');
  const data = chunks.get('data');
  if (!format || format.length < 24) throw new WavError('is cut off: it does not say its format');
  if (!data) throw new WavError('is cut off: it holds no audio');
  const plain = new Uint8Array(12 + format.length + data.length);
  plain.set(bytes.subarray(0, 12));
  plain.set(format, 12);
  plain.set(data, 12 + format.length);
  const lengths = new DataView(plain.buffer);
  lengths.setUint32(4, plain.length - 8, true);
  lengths.setUint32(12 + format.length + 4, data.length - 8, true);
  return plain;
}
