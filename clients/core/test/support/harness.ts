import type { ServerMessageOf, SessionView } from '../../../../protocol/messages.ts';
import { createCoach, type Coach, type CoachOptions } from '../../src/coach.ts';
import type { CoachEvents } from '../../src/events.ts';
import { createFakeAudio, type FakeAudio } from './fake-audio.ts';
import { createFakeClock, settle, type FakeClock } from './fake-clock.ts';
import { createFakeSockets, type FakeSocket } from './fake-socket.ts';

export const view: SessionView = {
  phase: 'active',
  elapsedMs: 0,
  remainingMs: 1_800_000,
  messageCount: 0,
  stage: 'topic',
};

export function ready(change: Partial<ServerMessageOf<'ready'>> = {}): ServerMessageOf<'ready'> {
  return {
    type: 'ready',
    seq: 0,
    sessionId: 's1',
    resumeToken: 'token-1',
    resumeWindowMs: 120_000,
    heartbeatMs: 10_000,
    limits: { textBytes: 16_384, frameBytes: 65_536, textChars: 4000 },
    audio: { in: { rate: 16_000 }, out: { rate: 16_000 } },
    coach: { name: 'Kuku', model: 'scripted' },
    session: view,
    ...change,
  };
}

export function resumed(change: Partial<ServerMessageOf<'resumed'>> = {}): ServerMessageOf<'resumed'> {
  const { sessionId, resumeWindowMs, heartbeatMs, session } = ready();
  const common = { sessionId, resumeWindowMs, heartbeatMs, session };
  return { type: 'resumed', seq: 0, recovered: true, resumeToken: 'token-2', ...common, ...change };
}

export interface Harness {
  coach: Coach;
  clock: FakeClock;
  audio: FakeAudio;
  sockets: FakeSocket[];
  /** The latest socket. */
  socket: () => FakeSocket;
  /** How many tickets were asked for. */
  tickets: () => number;
  events: <K extends keyof CoachEvents>(name: K) => CoachEvents[K][];
  /** Starts, opens the socket and lets the server say `ready`. */
  goLive: (message?: ServerMessageOf<'ready'>) => Promise<void>;
}

export interface HarnessOptions {
  audio?: FakeAudio | null;
  random?: () => number;
  getTicket?: Extract<CoachOptions, { getTicket: unknown }>['getTicket'];
}

export function createHarness(options: HarnessOptions = {}): Harness {
  const clock = createFakeClock();
  const { WebSocket, sockets, last } = createFakeSockets();
  const audio = options.audio ?? createFakeAudio();
  let tickets = 0;
  const coach = createCoach({
    getTicket: (request) => {
      tickets += 1;
      const access = { url: 'ws://coach.test/s1', protocols: ['kuku.v1', `ticket.t${tickets}`] };
      return options.getTicket?.(request) ?? Promise.resolve(access);
    },
    ...(options.audio === null ? {} : { audio }),
    WebSocket,
    clock,
    random: options.random ?? (() => 0.5),
    client: { name: 'test', version: '1' },
  });
  return {
    coach,
    clock,
    audio,
    sockets,
    socket: last,
    tickets: () => tickets,
    events(name) {
      const seen: CoachEvents[typeof name][] = [];
      coach.on(name, (event) => void seen.push(event));
      return seen;
    },
    async goLive(message = ready()) {
      coach.start();
      await clock.pass(0);
      last().open();
      last().receive(message);
      await settle();
    },
  };
}
