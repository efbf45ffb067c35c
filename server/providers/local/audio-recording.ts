import { createResampler, type Resampler } from '../../../protocol/resample.ts';
import { KukuError } from '../../errors.ts';
import { DECODED_SAMPLE_RATE, MAX_UPLOAD_SECONDS } from '../../ports/audio-codec.ts';

/** Collects decoded audio as 16 kHz mono, and refuses it once it is too long: before it is all decoded. */
export interface Recording {
  /** Samples of each channel, -1 to 1, in order; the mean of the channels is kept. */
  push(channels: readonly Float32Array[], sampleRate: number): void;
  /** All of it. */
  finish(): Int16Array<ArrayBuffer>;
}

/** Rates outside are a broken header; a filter for them would take the memory that a bomb wants. */
const MIN_RATE = 4000;
const MAX_RATE = 192_000;

/** Throws `audio_too_long` past `MAX_UPLOAD_SECONDS`, `invalid_audio` for a rate that no recorder has. */
export function createRecording(): Recording {
  const chunks: Int16Array[] = [];
  let length = 0;
  let rate = 0;
  let resampler: Resampler | undefined;

  const keep = (samples: Int16Array | undefined): void => {
    if (samples === undefined || samples.length === 0) return;
    length += samples.length;
    if (length > MAX_UPLOAD_SECONDS * DECODED_SAMPLE_RATE) throw tooLong();
    chunks.push(samples);
  };

  return {
    push(channels, sampleRate) {
      if (channels.length === 0) return;
      if (sampleRate !== rate) {
        if (!Number.isInteger(sampleRate) || sampleRate < MIN_RATE || sampleRate > MAX_RATE) throw invalidAudio();
        keep(resampler?.flush());
        rate = sampleRate;
        resampler = createResampler(rate, DECODED_SAMPLE_RATE);
      }
      keep(resampler?.push(mixDown(channels)));
    },
    finish() {
      keep(resampler?.flush());
      const all = new Int16Array(length);
      let at = 0;
      for (const chunk of chunks) {
        all.set(chunk, at);
        at += chunk.length;
      }
      return all;
    },
  };
}

export function invalidAudio(cause?: unknown): KukuError {
  return new KukuError('Invalid audio format', { code: 'invalid_audio', status: 400, cause });
}

export function tooLong(): KukuError {
  return new KukuError(`The recording is longer than ${MAX_UPLOAD_SECONDS / 60} minutes`, {
    code: 'audio_too_long',
    status: 413,
  });
}

function mixDown(channels: readonly Float32Array[]): Int16Array {
  const length = channels[0]?.length ?? 0;
  const mono = new Int16Array(length);
  // 32,768 gives 16-bit PCM back bit by bit.
  const scale = 32_768 / channels.length;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i] ?? 0;
    mono[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum * scale)));
  }
  return mono;
}
