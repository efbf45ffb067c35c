/**
 * `GET /audio/:file`: a spoken reply, whole or in part, for whom its session is open to. Of a session of nobody's, the
 * unguessable name is the key to it.
 */
import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';
import { KukuError } from '../errors.ts';
import type { Archive } from '../ports/archive.ts';
import { AUDIO_EXTENSIONS, type AudioStore, type ByteRange, type StoredAudio } from '../ports/audio-store.ts';
import type { Callers } from './callers.ts';
import { untilGone } from './rest.ts';
import type { RouteDoc } from './route-doc.ts';
import { FOR_ANY_PAGE } from './security-headers.ts';

export interface AudioRoutesOptions {
  audio: AudioStore;
  archive: Pick<Archive, 'audioOwner'>;
  callers: Pick<Callers, 'of' | 'mustOwn'>;
  /** Whether the element is let in from pages of other origins, which play what is in its history. */
  forOtherPages: boolean;
}

export function audioRoutes({ audio, archive, callers, forOtherPages }: AudioRoutesOptions): FastifyPluginAsync {
  const mustOwn = async (request: FastifyRequest, file: string) => {
    const owner = await archive.audioOwner(file);
    await callers.mustOwn(request, owner?.userId ?? null).catch((error: unknown) => {
      throw error instanceof KukuError && error.status === 404 ? audioNotFound() : error;
    });
  };
  return async (app) => {
    app.get<{ Params: { file: string } }>('/audio/:file', { config: { doc: DOC } }, async (request, reply) => {
      await callers.of(request);
      const { file } = request.params;
      // The store takes its own names only; this keeps everything else from it.
      const found = /^[\w.-]{1,128}$/.test(file) ? await audio.find(file) : undefined;
      if (!found) throw audioNotFound();
      await mustOwn(request, file);
      if (forOtherPages) reply.headers(FOR_ANY_PAGE);
      return send(audio, { ...found, file }, request, reply);
    });
  };
}

function audioNotFound(): KukuError {
  return new KukuError('Audio not found', { code: 'audio_not_found', status: 404 });
}

async function send(
  audio: AudioStore,
  { file, sizeBytes, contentType }: StoredAudio & { file: string },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  // What stands under a name never changes.
  const etag = `"${file}"`;
  reply.headers({
    'content-type': contentType,
    'accept-ranges': 'bytes',
    etag,
    'cache-control': 'private, max-age=86400, immutable',
    'content-disposition': 'inline',
  });
  const ifRange = request.headers['if-range'];
  const range =
    ifRange === undefined || ifRange === etag ? rangeOf(request.headers.range, sizeBytes, reply) : undefined;
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  reply.header('content-length', Math.max(0, end - start + 1));
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${sizeBytes}`);
  const signal = untilGone(reply);
  return reply.send(Readable.from(audio.read(file, { ...(range ? { range } : {}), signal }), { objectMode: false }));
}

/** Undefined: all of it. A header that makes no sense is ignored, as HTTP says; so are several ranges at once. */
function rangeOf(header: string | undefined, sizeBytes: number, reply: FastifyReply): ByteRange | undefined {
  if (header === undefined) return undefined;
  // More of the end than there is: all of it. The parser takes that for unsatisfiable.
  if (sizeBytes > 0 && lastBytes(header) >= sizeBytes) return { start: 0, end: sizeBytes - 1 };
  const ranges = parseRange(sizeBytes, header);
  if (ranges === -1) {
    reply.header('content-range', `bytes */${sizeBytes}`).removeHeader('etag').removeHeader('cache-control');
    throw new KukuError('The range lies outside the audio', { code: 'range_not_satisfiable', status: 416 });
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length > 1) return undefined;
  return ranges[0];
}

function lastBytes(header: string): number {
  return Number(/^bytes=-(\d+)$/.exec(header)?.[1] ?? 0);
}

const DOC: RouteDoc = {
  summary: "The coach's message as audio, whole or the part that a Range header names.",
  tag: 'audio',
  bare: Object.fromEntries(Object.keys(AUDIO_EXTENSIONS).map((type) => [type, undefined])),
  also: { 206: 'The part that was asked for' },
  refusals: { 404: 'Audio not found', 416: 'The range lies outside the audio' },
};
