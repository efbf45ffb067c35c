import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { HealthBody, ReadyBody } from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { IsOperator } from './guards.ts';
import type { RouteDoc } from './route-doc.ts';

export interface Dependency {
  name: string;
  /** What it is: an adapter's name, or why there is none. */
  detail: string;
  /** Resolves when it answers. */
  check(): Promise<void>;
}

export interface HealthOptions {
  clock: Clock;
  dependencies: readonly Dependency[];
  metrics: Metrics;
  /** Sees the numbers, and each dependency by name. */
  isOperator: IsOperator;
  /** False while the server drains. */
  accepting(): boolean;
}

/** A dependency that has not answered by then counts as away. */
const CHECK_TIMEOUT_MS = 1000;

/** `GET /health`: the process lives. `GET /ready`: it can take sessions, dependency by dependency. `GET /metrics`: numbers. */
export function healthRoutes({
  clock,
  dependencies,
  metrics,
  isOperator,
  accepting,
}: HealthOptions): FastifyPluginAsync {
  const probe = async ({ name, detail, check }: Dependency) => {
    let cancel: (() => void) | undefined;
    const timeout = new Promise<never>((_, reject) => {
      cancel = clock.after(CHECK_TIMEOUT_MS, () => reject(new Error('no answer')));
    });
    try {
      await Promise.race([check(), timeout]);
      return { name, detail, ok: true };
    } catch {
      return { name, detail, ok: false };
    } finally {
      cancel?.();
    }
  };
  // Whether somebody is an operator may not be known while a dependency is away, which is what they ask about.
  const mayLook = (request: FastifyRequest) => isOperator(request).catch(() => false);
  return async (app) => {
    app.get('/health', { config: { doc: DOCS.health, limit: 'none' } }, () => ({
      status: 'healthy',
      timestamp: new Date(clock.now()).toISOString(),
    }));
    app.get('/ready', { config: { doc: DOCS.ready, limit: 'none' } }, async (request, reply) => {
      const results = await Promise.all(dependencies.map(probe));
      const ready = accepting() && results.every(({ ok }) => ok);
      // The balancer needs to know whether; of what, only those who can do something about it.
      const seen = (await mayLook(request)) ? results : [];
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', dependencies: seen });
    });
    app.get('/metrics', { config: { doc: DOCS.metrics, limit: 'none' } }, async (request, reply) => {
      if (!(await isOperator(request))) {
        throw new KukuError('For operators of this server only.', { code: 'operators_only', status: 403 });
      }
      const { text, contentType } = await metrics.render();
      return reply.type(contentType).send(text);
    });
  };
}

const DOCS = {
  health: { summary: 'The process lives.', tag: 'server', bare: { 'application/json': HealthBody } },
  ready: {
    summary: 'Whether it can take sessions; for operators and on this machine, dependency by dependency.',
    tag: 'server',
    bare: { 'application/json': ReadyBody },
    also: { 503: 'Not ready, in the same shape' },
  },
  metrics: {
    summary: 'Numbers for Prometheus: for operators, for the bearer of METRICS_TOKEN, and on this machine.',
    tag: 'server',
    bare: { 'text/plain': undefined },
    refusals: { 403: 'For operators only' },
  },
} as const satisfies Record<string, RouteDoc>;
