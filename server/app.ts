/** The Fastify instance: plugins, routes, one error handler. */
import cookies from '@fastify/cookie';
import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { PROTOCOL, TICKET_PREFIX } from '../protocol/messages.ts';
import type { Voice } from '../protocol/voices.ts';
import type { Config } from './config.ts';
import { KukuError } from './errors.ts';
import type { Accounts } from './ports/accounts.ts';
import type { Archive } from './ports/archive.ts';
import type { AudioStore } from './ports/audio-store.ts';
import type { Clock } from './ports/clock.ts';
import type { Metrics } from './ports/metrics.ts';
import type { RateLimits } from './ports/rate-limits.ts';
import type { Seats } from './ports/seats.ts';
import type { Recordings } from './ports/recordings.ts';
import type { SpokenFiles } from './ports/spoken-files.ts';
import type { TokenVerifier } from './ports/token-verifier.ts';
import { accountRoutes } from './routes/accounts.ts';
import { audioRoutes } from './routes/audio.ts';
import { type Callers, createCallers } from './routes/callers.ts';
import { limitConnections, releaseConnections } from './routes/connections.ts';
import { type ConsentOptions, consentRoutes } from './routes/consent.ts';
import { docsRoutes } from './routes/docs.ts';
import { refuseConnection, refuseOddities, sendError, socketFailed } from './routes/failures.ts';
import { createIsOperator, guardWrites, type IsAllowedOrigin, requireHost, requireLocalName } from './routes/guards.ts';
import { type Dependency, healthRoutes } from './routes/health.ts';
import { createFindSession } from './routes/known-session.ts';
import { meRoutes } from './routes/me.ts';
import { messageRoutes } from './routes/messages.ts';
import { collectRoutes } from './routes/openapi.ts';
import { pageRoutes } from './routes/page.ts';
import { ratingRoutes } from './routes/rating.ts';
import { createRateGate, limitRates, type RateGate } from './routes/rate-limits.ts';
import { recapRoutes } from './routes/recap.ts';
import { sessionSocketRoute } from './routes/session-socket.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { voiceRoutes } from './routes/voices.ts';
import { REFUSAL_HEADERS, secureAnswers } from './routes/security-headers.ts';
import { createSocketAccess } from './routes/socket-access.ts';
import { createSignInCookie, type SignInCookie } from './routes/sign-in-cookie.ts';
import { limitSlowBodies, UPLOAD_TIMEOUT_MS } from './routes/slow-bodies.ts';
import type { Hub } from './session/hub.ts';

export interface AppOptions {
  config: Config;
  hub: Hub;
  clock: Clock;
  rates: RateLimits;
  seats: Seats;
  logger: FastifyBaseLogger;
  dependencies: readonly Dependency[];
  metrics: Metrics;
  /** Who the coach can speak as. */
  voices: readonly Voice[];
  archive: Archive;
  audio: AudioStore;
  recordings: Recordings;
  /** Absent: nobody can sign in. */
  verifier: TokenVerifier | undefined;
  privacy: Pick<ConsentOptions, 'consent' | 'consents'>;
  /** Absent: nobody has an account here. */
  accounts: Accounts | undefined;
  /** Absent: answers over REST are read. */
  spokenFiles: SpokenFiles | undefined;
  /** Folder of the built page; absent: none is served. */
  pageDir: string | undefined;
}

/** A REST body other than an upload is a few words of JSON. */
const MAX_BODY_BYTES = 64 * 1024;

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, hub, clock, logger, dependencies, pageDir } = options;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustedProxies ?? false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: UPLOAD_TIMEOUT_MS,
    // A header that arrives byte by byte would otherwise hold its socket for a minute.
    // And Node would refuse what names no host without a word of why.
    http: { headersTimeout: 5000, connectionsCheckingInterval: 500, requireHostHeader: false },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply.headers(REFUSAL_HEADERS)),
  });
  let accepting = true;
  app.addHook('preClose', async () => {
    accepting = false;
    await hub.close();
  });
  releaseConnections(app, clock);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(() => {
    throw new KukuError('There is nothing at this address.', { code: 'not_found', status: 404 });
  });
  // Before whatever refuses: an upgrade that is refused is closed by a hook of its own, which must know of it.
  await app.register(websocket, {
    errorHandler: socketFailed,
    options: {
      maxPayload: config.limits.frameBytes,
      perMessageDeflate: false,
      handleProtocols: chooseProtocol,
    },
  });
  refuseOddities(app);
  requireHost(app);
  allowEmptyJson(app);
  await secureAnswers(app, config);
  limitConnections(app.server, config.limits.connectionsPerAddress);
  if (config.isLocal) requireLocalName(app);
  const gate = createRateGate(options.rates, config.limits.rates);
  limitRates(app, gate);
  limitSlowBodies(app, clock);
  const routes = collectRoutes(app);
  await app.register(cookies);
  // Pages of other origins, as an older front end is: only those that are named.
  if (config.allowedOrigins)
    await app.register(cors, {
      origin: [...config.allowedOrigins],
      credentials: true,
      methods: METHODS,
      exposedHeaders: ['retry-after'],
    });
  const isAllowedOrigin = allowedOrigin(config);
  const { verifier, accounts, archive } = options;
  const { publicUrl } = config;
  const guests = config.auth.mode === 'guest';
  const cookie = createSignInCookie(publicUrl);
  const callers = createCallers({ archive, clock, publicUrl, cookie, verifier, guests });
  guardWrites(app, cookie, isAllowedOrigin);
  const isOperator = createIsOperator({ callers, ...config.operators });
  await app.register(
    healthRoutes({
      clock,
      dependencies,
      isOperator,
      metrics: options.metrics,
      accepting: () => accepting && !hub.isDraining,
    }),
  );
  await app.register(accountRoutes({ accounts, callers, cookie, guests, isAllowedOrigin, gate }));
  await addRest(app, options, { callers, cookie, gate });
  await app.register(
    sessionSocketRoute({
      hub,
      clock,
      metrics: options.metrics,
      limits: config.limits,
      gate,
      seats: options.seats,
      isAllowedOrigin,
      access: createSocketAccess({ hub, callers, verifier, clock }),
    }),
  );
  await app.register(docsRoutes({ routes, publicUrl: config.publicUrl }));
  if (pageDir) await app.register(pageRoutes({ distDir: pageDir, publicUrl: config.publicUrl }));
  return app;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];

interface Doors {
  callers: Callers;
  cookie: SignInCookie;
  gate: RateGate;
}

async function addRest(app: FastifyInstance, options: AppOptions, { callers, cookie, gate }: Doors): Promise<void> {
  const { config, hub, clock, archive, audio, recordings, spokenFiles, privacy, accounts } = options;
  const { publicUrl } = config;
  const findSession = createFindSession({ hub, archive, clock, callers, gate });
  await app.register(sessionRoutes({ hub, gate, archive, findSession, audio, callers, clock, publicUrl, ...privacy }));
  await app.register(messageRoutes({ hub, archive, findSession, recordings, spokenFiles, publicUrl }));
  await app.register(meRoutes({ hub, archive, audio, accounts, callers, cookie, clock, consents: privacy.consents }));
  await app.register(consentRoutes({ ...privacy, callers, clock }));
  await app.register(recapRoutes({ findSession, archive }));
  await app.register(ratingRoutes({ findSession, archive, clock }));
  await app.register(voiceRoutes({ voices: options.voices }));
  await app.register(audioRoutes({ audio, archive, callers, forOtherPages: config.allowedOrigins !== undefined }));
}

/** Ours; else any other, so that the client can be told why it is closed. Never the ticket, which travels as one too. */
function chooseProtocol(offered: Set<string>): string | false {
  if (offered.has(PROTOCOL)) return PROTOCOL;
  return [...offered].find((name) => !name.startsWith(TICKET_PREFIX)) ?? false;
}

/** Exact list, or, without one, pages that came from here. */
function allowedOrigin({ allowedOrigins, publicUrl }: Config): IsAllowedOrigin {
  return (origin, request) => {
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
