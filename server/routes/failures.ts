/** How a request fails: one envelope for every refusal, whoever refuses; nothing of the inside gets out. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';

/** Fastify's `setErrorHandler` and `frameworkErrors`. */
export function sendError(error: FastifyError | KukuError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = error instanceof KukuError ? error : fromFastify(error);
  if (known.status >= 500) request.log.error({ err: error, url: request.url }, 'a request failed');
  if (known.retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(known.retryAfterMs / 1000)));
  if (known.status === 401) reply.header('www-authenticate', 'Bearer');
  reply.removeHeader('content-length').type('application/json; charset=utf-8');
  return reply.code(known.status).send(errorBody(known.message, known.code));
}

/** For what is no HTTP request at all, or comes too slowly: there is no reply to send it with. */
export function refuseConnection(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400;
  const sentence = { 408: 'The request came too slowly.', 431: 'The headers are too large.' }[status];
  const body = JSON.stringify(errorBody(sentence ?? 'This is no HTTP request.', 'bad_request'));
  if (!socket.writable) return void socket.destroy();
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'This content type is not taken here: send JSON or a multipart form.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
  FST_ERR_BAD_URL: 'The address can’t be read.',
  FST_ERR_INVALID_MULTIPART_CONTENT_TYPE: 'The body is no multipart form.',
};

/** Fastify's own refusals (too large, not JSON, unknown content type) are the client's to know; the rest is not. */
function fromFastify(error: FastifyError): KukuError {
  const status = error.statusCode ?? 500;
  if (status >= 500 || status < 400) {
    return new KukuError('Something went wrong here.', { code: 'internal', status: 500, cause: error });
  }
  const code = error.code?.startsWith('FST_') ? error.code.replace(/^FST_(ERR_)?/, '').toLowerCase() : 'bad_request';
  // Messages of parsers quote what was sent, and where they stopped.
  const sentence = SENTENCES[error.code ?? ''] ?? STATUS_CODES[status] ?? 'Bad Request';
  return new KukuError(sentence, { code, status, cause: error });
}

function errorBody(error: string, code: string): ErrorBody {
  return { success: false, error, code };
}
