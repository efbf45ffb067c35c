import { afterEach, expect, it } from 'vitest';
import { createMetrics } from '../../../server/telemetry/metrics.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

it('shows turns, their latency, ends and closes as Prometheus reads them, and nothing that was said', async () => {
  const metrics = createMetrics({ liveSessions: () => 3 });
  const turn = { type: 'turn.done', seq: 1, turn: 2, playedMs: 0, spokenText: 'a secret' } as const;
  metrics.event({ ...turn, status: 'completed', latency: { total: 180, modelFirstToken: 90 } });
  metrics.event({ ...turn, status: 'interrupted', latency: {} });
  metrics.event({ type: 'session.ended', seq: 2, reason: 'confirmed' });
  metrics.socketClosed('tooSlow');
  const { text, contentType } = await metrics.render();
  expect(contentType).toContain('text/plain');
  expect(text).toContain('kuku_turns_total{status="completed"} 1');
  expect(text).toContain('kuku_turns_total{status="interrupted"} 1');
  expect(text).toContain('kuku_turn_latency_seconds_bucket{le="0.2",leg="total"} 1');
  expect(text).toContain('kuku_turn_latency_seconds_bucket{le="0.1",leg="total"} 0');
  expect(text).toContain('kuku_sessions_ended_total{reason="confirmed"} 1');
  expect(text).toContain('kuku_sockets_closed_total{reason="tooSlow"} 1');
  expect(text).toContain('kuku_live_sessions 3');
  expect(text).not.toContain('secret');
});

it('is served at /metrics', async () => {
  server = await startTestServer({ metrics: createMetrics({ liveSessions: () => 0 }) });
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(await response.text()).toContain('kuku_live_sessions 0');
});
