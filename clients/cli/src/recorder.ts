import { closeSync, openSync, writeSync } from 'node:fs';
import { createResampler } from '../../../protocol/resample.ts';
import { encodeWav } from './wav.ts';

/** Writes a WAV file while it is recorded, so that half an hour needs no memory, and a crash loses no sound. */
export interface Recorder {
  /** The same stretch of time from both sides. */
  write(mic: Int16Array, speech: Int16Array): void;
  /** Completes the file; twice does nothing. */
  close(): void;
}

export interface RecorderOptions {
  path: string;
  speechRate: number;
  micRate: number;
  /** Microphone left, coach right. Else the coach alone. */
  stereo: boolean;
}

const HEADER_BYTES = 44;
/** Until the file is complete, players read to its end. */
const UNKNOWN_BYTES = 0xffffffff;

/** Throws what the file system throws when the file can't be written. */
export function createRecorder({ path, speechRate, micRate, stereo }: RecorderOptions): Recorder {
  const file = openSync(path, 'w');
  const resampler = createResampler(micRate, speechRate);
  const channels = stereo ? 2 : 1;
  let open = true;
  let dataBytes = 0;
  let left = new Int16Array(0);
  writeSync(file, headerOf(channels, speechRate, UNKNOWN_BYTES));

  const writeFrames = (bytes: Uint8Array) => {
    writeSync(file, bytes, 0, bytes.length, HEADER_BYTES + dataBytes);
    dataBytes += bytes.length;
  };
  const body = (parts: Int16Array[]) => encodeWav(parts, speechRate).subarray(HEADER_BYTES);

  return {
    write(mic, speech) {
      if (!open || speech.length === 0) return;
      if (!stereo) return writeFrames(body([speech]));
      // The resampler is some samples behind: the left side is padded at its start, and stays 1.5 ms late.
      const ahead = Int16Array.from([...left, ...resampler.push(mic)]);
      const taken = new Int16Array(speech.length);
      const padding = Math.max(0, speech.length - ahead.length);
      taken.set(ahead.subarray(0, speech.length - padding), padding);
      left = ahead.slice(speech.length);
      writeFrames(body([taken, speech]));
    },
    close() {
      if (!open) return;
      open = false;
      writeSync(file, headerOf(channels, speechRate, dataBytes), 0, HEADER_BYTES, 0);
      closeSync(file);
    },
  };
}

/** The header of a 16-bit PCM file, with the lengths set to what was really written. */
function headerOf(channels: number, rate: number, dataBytes: number): Uint8Array {
  const header = encodeWav(
    Array.from({ length: channels }, () => new Int16Array(0)),
    rate,
  );
  const view = new DataView(header.buffer, header.byteOffset);
  view.setUint32(4, Math.min(HEADER_BYTES - 8 + dataBytes, UNKNOWN_BYTES), true);
  view.setUint32(HEADER_BYTES - 4, dataBytes, true);
  return header.subarray(0, HEADER_BYTES);
}
