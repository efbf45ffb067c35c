/** The Fastify instance: plugins, routes, one error handler. */
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { PROTOCOL, TICKET_PREFIX } from '../protocol/messages.ts';
import type { ErrorBody } from '../protocol/rest.ts';
import type { Config } from './config.ts';
import { KukuError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import { type Dependency, healthRoutes } from './routes/health.ts';
import { pageRoutes } from './routes/page.ts';
import { sessionSocketRoute } from './routes/session-socket.ts';
import { sessionRoutes } from './routes/sessions.ts';
import type { Hub } from './session/hub.ts';

export interface AppOptions {
  config: Config;
  hub: Hub;
  clock: Clock;
  logger: FastifyBaseLogger;
  dependencies: readonly Dependency[];
  /** Folder of the built page; absent: none is served. */
  pageDir: string | undefined;
}

/** A REST body other than an upload is a few words of JSON. */
const MAX_BODY_BYTES = 64 * 1024;

export async function buildApp({
  config,
  hub,
  clock,
  logger,
  dependencies,
  pageDir,
}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 5000,
    // A header that arrives byte by byte would otherwise hold its socket for a minute.
    http: { headersTimeout: 5000, connectionsCheckingInterval: 500 },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  });
  let accepting = true;
  app.addHook('preClose', async () => {
    accepting = false;
    await hub.close();
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(() => {
    throw new KukuError('There is nothing at this address.', { code: 'not_found', status: 404 });
  });
  allowEmptyJson(app);
  await app.register(websocket, {
    options: {
      maxPayload: config.limits.frameBytes,
      perMessageDeflate: false,
      handleProtocols: chooseProtocol,
    },
  });
  await app.register(healthRoutes({ clock, dependencies, accepting: () => accepting }));
  await app.register(sessionRoutes({ hub, clock, publicUrl: config.publicUrl }));
  await app.register(sessionSocketRoute({ hub, clock, limits: config.limits, isAllowedOrigin: allowedOrigin(config) }));
  if (pageDir) await app.register(pageRoutes({ distDir: pageDir }));
  return app;
}

/** Ours; else any other, so that the client can be told why it is closed. Never the ticket, which travels as one too. */
function chooseProtocol(offered: Set<string>): string | false {
  if (offered.has(PROTOCOL)) return PROTOCOL;
  return [...offered].find((name) => !name.startsWith(TICKET_PREFIX)) ?? false;
}

/** Exact list, or, without one, pages that came from here. */
function allowedOrigin({ allowedOrigins, publicUrl }: Config) {
  return (origin: string, request: FastifyRequest) => {
    if (allowedOrigins) return allowedOrigins.includes(origin);
    return origin === (publicUrl ? new URL(publicUrl).origin : `${request.protocol}://${request.host}`);
  };
}

function allowEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body as string, done);
  });
}

function sendError(
  error: FastifyError | KukuError,
  request: FastifyRequest,
  reply: { code(status: number): { send(body: ErrorBody): unknown }; header(name: string, value: string): unknown },
) {
  const known = error instanceof KukuError ? error : fromFastify(error);
  if (known.status >= 500) request.log.error({ err: error, url: request.url }, 'a request failed');
  if (known.retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(known.retryAfterMs / 1000)));
  return reply.code(known.status).send({ success: false, error: known.message, code: known.code });
}

/** Fastify's own refusals (too large, not JSON, unknown content type) are the client's to know; the rest is not. */
function fromFastify(error: FastifyError): KukuError {
  const status = error.statusCode ?? 500;
  if (status >= 500)
    return new KukuError('Something went wrong here.', { code: 'internal', status: 500, cause: error });
  const code = error.code?.startsWith('FST_') ? error.code.replace(/^FST_(ERR_)?/, '').toLowerCase() : 'bad_request';
  return new KukuError(error.message, { code, status, cause: error });
}
