/** `/docs`: both documents as JSON, and a page to read them. */
import type { FastifyPluginAsync } from 'fastify';
import { asyncApiDocument } from './asyncapi.ts';
import { docsPage, STYLE } from './docs-page.ts';
import { type DocumentedRoute, openApiDocument } from './openapi.ts';
import type { RouteDoc } from './route-doc.ts';
import { allowInPage } from './security-headers.ts';

export interface DocsOptions {
  /** Filled while routes are registered; read once all are. */
  routes: readonly DocumentedRoute[];
  publicUrl: string | undefined;
}

export function docsRoutes({ routes, publicUrl }: DocsOptions): FastifyPluginAsync {
  return async (app) => {
    let openApi: string;
    let asyncApi: string;
    let page: string;
    app.addHook('onReady', async () => {
      const silent = routes.filter(({ doc }) => !doc).map(({ method, url }) => `${method} ${url}`);
      if (silent.length > 0) throw new Error(`give these routes a config.doc: ${silent.join(', ')}`);
      const [rest, socket] = [openApiDocument(routes, publicUrl), asyncApiDocument(publicUrl)];
      openApi = JSON.stringify(rest);
      asyncApi = JSON.stringify(socket);
      page = docsPage(rest, socket);
    });
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-cache');
    });
    app.get('/docs', { config: { doc: DOCS.page } }, (_request, reply) => {
      allowInPage(reply, { 'style-src': ["'self'"] });
      return reply.type('text/html; charset=utf-8').send(page);
    });
    app.get('/docs/style.css', { config: { doc: DOCS.style } }, (_request, reply) =>
      reply.type('text/css').send(STYLE),
    );
    app.get('/docs/openapi.json', { config: { doc: DOCS.openApi } }, (_request, reply) =>
      reply.type('application/json').send(openApi),
    );
    app.get('/docs/asyncapi.json', { config: { doc: DOCS.asyncApi } }, (_request, reply) =>
      reply.type('application/json').send(asyncApi),
    );
  };
}

const DOCS = {
  page: { summary: 'These documents, to read.', tag: 'documents', bare: { 'text/html': undefined } },
  style: { summary: 'How that page looks.', tag: 'documents', bare: { 'text/css': undefined } },
  openApi: { summary: 'REST, as OpenAPI 3.1.', tag: 'documents', bare: { 'application/json': undefined } },
  asyncApi: { summary: 'The socket, as AsyncAPI 3.', tag: 'documents', bare: { 'application/json': undefined } },
} as const satisfies Record<string, RouteDoc>;
