import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import packageJson from '../../package.json' with { type: 'json' };
import { WelcomeBody } from '../../protocol/rest.ts';
import type { RouteDoc } from './route-doc.ts';
import { allowInPage, FOR_ANY_PAGE } from './security-headers.ts';

export interface PageOptions {
  /** The built page: `index.html`, and `assets/` whose names carry a hash of their content. */
  distDir: string;
  /** Where clients reach the server; absent: where each request says that it came. */
  publicUrl?: string | undefined;
}

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * `GET /`: the page for browsers, a few words of JSON for everybody else. `GET /assets/*`: what the page loads.
 * `GET /kuku-coach.js`: the element, for pages of other origins: the file is public, and who may talk is decided by
 * `ALLOWED_ORIGINS`.
 */
export function pageRoutes({ distDir, publicUrl }: PageOptions): FastifyPluginAsync {
  return async (app) => {
    await app.register(fastifyStatic, {
      root: join(distDir, 'assets'),
      prefix: '/assets/',
      index: false,
      dotfiles: 'ignore',
      // One route a file that is there at start: no other path reaches the file system.
      wildcard: false,
      immutable: true,
      maxAge: YEAR_MS,
      setHeaders: (reply) => void reply.headers(PUBLIC_FILE),
    });
    app.get('/kuku-coach.js', { config: { doc: ELEMENT_DOC } }, (_request, reply) =>
      reply
        .headers({ ...PUBLIC_FILE, 'cache-control': 'no-cache' })
        .sendFile('kuku-coach.js', distDir, { cacheControl: false }),
    );
    app.get('/', { config: { doc: DOC } }, (request, reply) => {
      reply.header('vary', 'Accept');
      if (!request.headers.accept?.includes('text/html')) {
        return reply.send({
          message: 'Kuku Coach API',
          version: packageJson.version,
          docs: '/docs',
          health: '/health',
        });
      }
      allowInPage(reply, whatThePageLoads(publicUrl === undefined ? request.host : new URL(publicUrl).host));
      // Asked again each time (it has an ETag), because it names the current assets.
      return reply.header('cache-control', 'no-cache').sendFile('index.html', distDir, { cacheControl: false });
    });
  };
}

/** Module scripts and audio worklets of other origins are fetched with CORS; no cookie plays a part in them. */
const PUBLIC_FILE = { ...FOR_ANY_PAGE, 'access-control-allow-origin': '*' };

/**
 * Everything from here and nothing inline. The page's own sockets are named besides 'self', which does not cover
 * `ws:` in older Safari; a Host header that is not a host is left out, so that nobody can write into the policy.
 */
function whatThePageLoads(reachedAt: string): Record<string, string[]> {
  const isHost = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(reachedAt);
  const sockets = isHost ? [`ws://${reachedAt}`, `wss://${reachedAt}`] : [];
  const self = ["'self'"];
  return {
    'script-src': self,
    // Worklets are fetched under worker-src in some browsers and script-src in others.
    'worker-src': self,
    'style-src': self,
    'font-src': self,
    'img-src': self,
    'connect-src': [...self, ...sockets],
    'media-src': self,
    'manifest-src': self,
  };
}

const DOC: RouteDoc = {
  summary: 'The page for browsers; a few words of JSON where HTML is not asked for.',
  tag: 'server',
  bare: { 'application/json': WelcomeBody, 'text/html': undefined },
};

const ELEMENT_DOC: RouteDoc = {
  summary: 'The element `<kuku-coach>` as a module, to be embedded in other pages.',
  tag: 'server',
  bare: { 'text/javascript': undefined },
};
