/**
 * A body other than an upload is a few words, and has 5 s to come. The server's own limit on a request's time holds for
 * recordings too, which a phone on a bad line may take a minute to send.
 */
import { PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** 25 MB at 2 Mbit/s. */
export const UPLOAD_TIMEOUT_MS = 120_000;
const BODY_TIMEOUT_MS = 5000;

export function limitSlowBodies(app: FastifyInstance, clock: Clock): void {
  app.addHook('preParsing', async (request, reply, payload) => {
    if (!bringsWords(request)) return payload;
    const body = new PassThrough();
    const cancel = clock.after(BODY_TIMEOUT_MS, () => {
      reply.header('connection', 'close');
      body.destroy(new KukuError('The request came too slowly.', { code: 'too_slow', status: 408 }));
    });
    payload.once('end', cancel);
    // Also where nobody reads the body, as for a GET.
    body.once('error', cancel).once('close', cancel);
    payload.once('error', (error: Error) => body.destroy(error));
    return payload.pipe(body);
  });
}

/** Whether there is a body other than an upload. */
function bringsWords({ headers }: FastifyRequest): boolean {
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  return !isEmpty && !headers['content-type']?.startsWith('multipart/form-data');
}
