/** How a request fails: one envelope for every refusal, whoever refuses; nothing of the inside gets out. */
import '@fastify/websocket';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { ErrorBody } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import { REFUSAL_HEADERS } from './security-headers.ts';

/** May have been set before it failed, and is not true of the failure. */
const OF_WHAT_FAILED = ['content-range', 'etag', 'cache-control', 'content-disposition'];

/** Fastify's `setErrorHandler` and `frameworkErrors`. */
export function sendError(error: FastifyError | KukuError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = error instanceof KukuError ? error : fromFastify(error);
  if (known.status >= 500) {
    request.log.error({ err: error, url: request.url }, 'a request failed');
    for (const name of OF_WHAT_FAILED) reply.removeHeader(name);
  }
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
  refuse(socket, status, sentence ?? 'This is no HTTP request.');
}

/** What Node and ws would refuse by themselves, in words of their own: a broken handshake, an `Expect` that is unknown. */
export function refuseOddities({ server, websocketServer }: Pick<FastifyInstance, 'server' | 'websocketServer'>): void {
  websocketServer.on('wsClientError', (_error, socket) => refuse(socket, 400, 'This is no handshake of a WebSocket.'));
  server.on('checkExpectation', ({ socket }: IncomingMessage) => {
    refuse(socket, 417, 'What the Expect header asks for is not done here.');
  });
}

function refuse(socket: Duplex, status: number, sentence: string): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(errorBody(sentence, 'bad_request'));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries(REFUSAL_HEADERS).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * `@fastify/websocket`'s `errorHandler`. Of frames that are none, ws is closing the socket already, with a code of its own
 * (1002, 1007, 1009): what a client sends is no error of the server's, and no client fills its log.
 */
export function socketFailed(error: Error, socket: WebSocket, { log }: FastifyRequest): void {
  if (socket.readyState !== socket.OPEN) return log.debug({ err: error }, 'socket error');
  log.error({ err: error }, 'a socket failed');
  socket.terminate();
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
