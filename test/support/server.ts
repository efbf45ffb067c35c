/** A server on loopback with the engines of the test: real sockets, real routes, memory store. */
import type { AddressInfo } from 'node:net';
import { buildApp } from '../../server/app.ts';
import { type Config, loadConfig } from '../../server/config.ts';
import { systemClock } from '../../server/ports/clock.ts';
import type { SessionStore } from '../../server/ports/session-store.ts';
import { createHub, type Hub } from '../../server/session/hub.ts';
import type { SessionServices } from '../../server/session/services.ts';
import type { SessionState } from '../../server/session/state.ts';
import { createMemorySessions } from '../../server/storage/memory-sessions.ts';
import { createLogger } from '../../server/telemetry/logger.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { energyVad, scriptedEngine, scriptedStt, scriptedTts } from './scripted.ts';

export interface TestServer {
  url: string;
  hub: Hub;
  store: SessionStore<SessionState>;
  config: Config;
  close(): Promise<void>;
}

export interface TestServerOptions {
  env?: Record<string, string>;
  engines?: Partial<Pick<SessionServices, 'engine' | 'ears' | 'tts'>>;
  store?: SessionStore<SessionState>;
}

export async function startTestServer({ env = {}, engines = {}, store }: TestServerOptions = {}): Promise<TestServer> {
  const clock = systemClock;
  const config = loadConfig({ LOG_LEVEL: 'silent', ...env });
  const logger = createLogger(config.logLevel);
  const sessions = store ?? createMemorySessions<SessionState>({ clock });
  const hub = createHub({
    services: {
      store: sessions,
      engine: scriptedEngine({
        clock,
        answer: ({ conversation }) => `You said ${conversation.at(-1)?.text ?? 'nothing'}.`,
      }),
      ears: {
        vad: energyVad(),
        stt: scriptedStt({ clock, texts: ['I want to talk about my boss'] }),
        endOfTurn: ruleEndOfTurn,
      },
      tts: scriptedTts({ clock }),
      clock,
      log: logger,
      settings: { ...config.limits, resumeWindowMs: config.session.resumeWindowMs },
      ...engines,
    },
    instanceId: 'test',
    budgetMs: config.session.budgetMs,
    ticketMs: config.limits.ticketMs,
  });
  const dependencies = [{ name: 'sessions', detail: sessions.name, check: () => sessions.ping() }];
  const app = await buildApp({ config, hub, clock, logger, dependencies, pageDir: undefined });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, hub, store: sessions, config, close: () => app.close() };
}
