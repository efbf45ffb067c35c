/** Uploaded recordings to text: decoding and transcription, a few at a time, with an end to what may wait. */
import PQueue from 'p-queue';
import { isAbort, KukuError } from '../errors.ts';
import { type AudioCodec, MAX_UPLOAD_BYTES } from '../ports/audio-codec.ts';
import type { Log } from '../ports/log.ts';
import type { Recordings } from '../ports/recordings.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import { transcribe } from './transcribe.ts';

export interface RecordingsOptions {
  codec: AudioCodec;
  /** Absent: nobody understands recordings here. */
  stt: SpeechToText | undefined;
  log: Log;
  /** Recordings worked on at once; each keeps a worker busy. Default 4. */
  lanes?: number;
  /** Recordings that may wait for that. Default 128. */
  maxWaiting?: number;
  /** Bytes of all recordings that are being received, wait or are worked on. Default 256 MB. */
  maxBytes?: number;
}

const RETRY_AFTER_MS = 2000;

export function createRecordings(options: RecordingsOptions): Recordings {
  const { codec, stt, log, lanes = 4, maxWaiting = 128, maxBytes = 256 * 1024 * 1024 } = options;
  const queue = new PQueue({ concurrency: lanes });
  let reservedBytes = 0;

  const understand = async (file: Uint8Array, options: Parameters<Recordings['understand']>[1]): Promise<string> => {
    const { signal } = options;
    if (!stt) throw noRecogniser();
    const pcm = await codec.decode(file, { signal });
    try {
      return await transcribe(stt, pcm, options);
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      log.error({ err: error }, 'a recording could not be transcribed');
      throw transcriptionFailed(error);
    }
  };

  return {
    reserve(bytes) {
      if (!stt) throw noRecogniser();
      const wanted = Math.min(bytes ?? MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES);
      if (reservedBytes + wanted > maxBytes) throw tooMany();
      reservedBytes += wanted;
      let held = true;
      return () => {
        if (held) reservedBytes -= wanted;
        held = false;
      };
    },
    async understand(file, work) {
      if (queue.size >= maxWaiting) throw tooMany();
      const text = await queue.add(() => understand(file, work), { signal: work.signal });
      if (text) return text;
      throw new KukuError('I could not hear any words in the recording. Please try again.', {
        code: 'no_words_heard',
        status: 422,
      });
    },
  };
}

function noRecogniser(): KukuError {
  return new KukuError('This server has no speech recogniser at the moment. Please send text instead.', {
    code: 'no_recogniser',
    status: 503,
  });
}

function tooMany(): KukuError {
  return new KukuError('Too many recordings are being worked on. Please try again in a moment.', {
    code: 'too_many_recordings',
    status: 429,
    retryable: true,
    retryAfterMs: RETRY_AFTER_MS,
  });
}

function transcriptionFailed(cause: unknown): KukuError {
  return new KukuError('The recording could not be transcribed. Please try again.', {
    code: 'transcription_failed',
    status: 503,
    retryable: true,
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });
}
