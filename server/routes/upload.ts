/** A recording in a multipart form, received and understood. */
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AUDIO_FIELD } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import { MAX_UPLOAD_BYTES } from '../ports/audio-codec.ts';
import type { Recordings } from '../ports/recordings.ts';

/** The words of the file in the field `audio`. Throws `no_audio`, `audio_too_large`, and what `Recordings` throws. */
export async function readRecording(
  request: FastifyRequest,
  recordings: Recordings,
  options: Parameters<Recordings['understand']>[1],
): Promise<string> {
  const release = recordings.reserve(lengthOf(request));
  try {
    const file = await receive(request);
    if (!file || file.byteLength === 0)
      throw new KukuError('No audio file provided', { code: 'no_audio', status: 400 });
    return await recordings.understand(file, options);
  } finally {
    release();
  }
}

/** All parts are read to their end, or the connection could not be used again. */
async function receive(request: FastifyRequest): Promise<Uint8Array | undefined> {
  let file: Uint8Array | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') continue;
      if (part.fieldname === AUDIO_FIELD && file === undefined) file = await bytesOf(part);
      else part.file.resume();
    }
  } catch (error) {
    throw malformed(error);
  }
  return file;
}

async function bytesOf(part: MultipartFile): Promise<Uint8Array> {
  const bytes = await part.toBuffer();
  if (bytes.byteLength > MAX_UPLOAD_BYTES) throw tooLarge();
  return bytes;
}

/** The form parser's own errors are plain ones; each of them is the sender's. */
function malformed(error: unknown): KukuError {
  if (error instanceof KukuError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(error);
  if (typeof code === 'string' && code.endsWith('_LIMIT')) {
    return new KukuError('The form has too many parts.', { code: 'too_many_parts', status: 413, cause: error });
  }
  return new KukuError('The form can’t be read.', { code: 'malformed_form', status: 400, cause: error });
}

function tooLarge(cause?: unknown): KukuError {
  const sentence = `The recording is larger than ${MAX_UPLOAD_BYTES / 1024 / 1024} MB`;
  return new KukuError(sentence, { code: 'audio_too_large', status: 413, cause });
}

/** Undefined when the sender doesn't say (chunked). */
function lengthOf({ headers }: FastifyRequest): number | undefined {
  const length = Number(headers['content-length'] ?? NaN);
  return Number.isSafeInteger(length) ? length : undefined;
}
