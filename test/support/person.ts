/**
 * One of the many people of a fault test: the real client core over a real socket, who types, waits for the answer and
 * thinks, over and over. Everything that came over the wire is kept, before the client core sorts out what it has seen.
 */
import { isDeepStrictEqual } from 'node:util';
import { createCoach, createSession, RestError, type SocketConstructor } from '@kuku-coach/core';
import { WebSocket } from 'ws';
import { isStored, type ServerMessage } from '../../protocol/messages.ts';

export interface PersonOptions {
  url: string;
  name: string;
  /** Between an answer and the next words; half to one and a half of it. 0: never says a word. */
  thinkMs: number;
}

/** Times are ms since 1970: records of several threads are compared. */
export interface Outage {
  lostAtMs: number;
  /** Somebody who waited for an answer, rather than thought about one. */
  midTurn: boolean;
  /** Until `resumed` came. */
  backAtMs?: number;
  /** Until the first stored event after that, other than those of the return itself. */
  goesOnAtMs?: number;
}

export interface PersonRecord {
  name: string;
  sessionId: string;
  /** What was typed. */
  said: readonly string[];
  /** Stored events as they came, once each. */
  events: readonly ServerMessage[];
  /** Times at which a stored event came with a number that is neither the next nor known. */
  gaps: number;
  /** Stored events that came again over the same connection, or under their number with other content. */
  repeats: number;
  outages: readonly Outage[];
  /** Returns in which all that was missed was given, and those with a snapshot instead. */
  recovered: number;
  snapshots: number;
  closeCodes: readonly number[];
  /** From sending words to seeing the answer's end. */
  turnsMs: readonly number[];
  /** Name of the client's last state; with the code where it failed. */
  state: string;
}

export interface Person {
  /** Whether the session is live and nothing is under way. */
  readonly isQuiet: boolean;
  readonly isLive: boolean;
  /** Ended, or failed for good. */
  readonly isOver: boolean;
  /** Says nothing more. */
  hush(): void;
  /** As after a change of network: finds out at once whether the line lives. */
  probe(): void;
  record(): PersonRecord;
  leave(): Promise<void>;
}

const ENTER_TRIES = 20;
const GIVE_UP_MS = 10_000;
const now = () => performance.timeOrigin + performance.now();

export async function startPerson({ url, name, thinkMs }: PersonOptions): Promise<Person> {
  const session = await enter(url);
  const wire = createWireRecord();
  const coach = createCoach({ url, session, WebSocket: wire.WebSocket, client: { name: 'fault-test', version: '0' } });
  const said: string[] = [];
  const turnsMs: number[] = [];
  let waiting: { text: string; sinceMs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hushed = thinkMs === 0;

  const think = () => {
    clearTimeout(timer);
    if (!hushed) timer = setTimeout(say, thinkMs * (0.5 + Math.random()));
  };
  const say = () => {
    if (hushed || coach.state.name !== 'live') return;
    const text = `${name}x${said.length}`;
    if (coach.sendText(text) === undefined) return think();
    said.push(text);
    waiting = { text, sinceMs: now() };
  };
  /** The answer broke off with the line or the instance, and may not go on: then a person says something else. */
  const giveUpSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      waiting = undefined;
      think();
    }, GIVE_UP_MS);
  };
  coach.on('message', (message) => {
    if (message.type !== 'turn.done') return;
    // The answer ends with words about what was said; the greeting and a remark in between are no answer.
    if (waiting && message.spokenText.includes(`${waiting.text} `) && message.status === 'completed') {
      turnsMs.push(now() - waiting.sinceMs);
      waiting = undefined;
    }
    if (!waiting) think();
    else if (message.status !== 'completed') giveUpSoon();
  });
  coach.on('state', (state) => {
    if (state.name === 'reconnecting' && state.attempt === 0) wire.lost(waiting !== undefined);
    if (state.name === 'live' && waiting) giveUpSoon();
    else if (state.name === 'live') think();
    if (state.name === 'closing') hushed = true;
  });
  coach.start();

  return {
    get isQuiet() {
      return waiting === undefined;
    },
    get isLive() {
      return coach.state.name === 'live';
    },
    get isOver() {
      return coach.state.name === 'ended' || coach.state.name === 'failed';
    },
    hush: () => void (hushed = true),
    probe: () => coach.probe(),
    record() {
      const { state } = coach;
      const { outages, counts, closeCodes, events } = wire;
      const stateName = state.name === 'failed' ? `failed: ${state.code}` : state.name;
      const { sessionId } = session;
      return { name, sessionId, said, events: events(), ...counts, outages, closeCodes, turnsMs, state: stateName };
    },
    async leave() {
      clearTimeout(timer);
      await coach.stop();
    },
  };
}

/** Tries again where the server says that it may help: a crowd arrives at once on a machine that may have no time. */
async function enter(url: string): ReturnType<typeof createSession> {
  for (let triesLeft = ENTER_TRIES; ; triesLeft--) {
    try {
      return await createSession(url);
    } catch (error) {
      if (triesLeft === 0 || !(error instanceof RestError) || !error.retryable) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.max(error.retryAfterMs, 500)));
    }
  }
}

/** A WebSocket that keeps what came over it, and what was kept. */
function createWireRecord() {
  const bySeq = new Map<number, ServerMessage>();
  const outages: Outage[] = [];
  const closeCodes: number[] = [];
  const counts = { gaps: 0, repeats: 0, recovered: 0, snapshots: 0 };
  let last = 0;
  let seenHere = new Set<number>();

  const opened = (message: ServerMessage & { type: 'ready' | 'resumed' }) => {
    const outage = outages.at(-1);
    if (outage) outage.backAtMs ??= now();
    if (message.type === 'resumed' && message.recovered) return void (counts.recovered += 1);
    if (message.type === 'resumed') counts.snapshots += 1;
    last = message.seq;
  };
  const stored = (message: Exclude<ServerMessage, { type: 'pong' }>) => {
    const known = bySeq.get(message.seq);
    if (seenHere.has(message.seq) || (known && !isDeepStrictEqual(known, message))) counts.repeats += 1;
    seenHere.add(message.seq);
    if (message.seq > last + 1) counts.gaps += 1;
    last = Math.max(last, message.seq);
    bySeq.set(message.seq, message);
    const outage = outages.at(-1);
    if (outage?.backAtMs !== undefined && message.type !== 'session.state') outage.goesOnAtMs ??= now();
  };
  const receive = (text: string) => {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'ready' || message.type === 'resumed') opened(message);
    else if (message.type !== 'pong' && isStored(message) && !isOfNoSession(message)) stored(message);
  };

  class RecordingWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false });
      seenHere = new Set();
      this.on('message', (data, isBinary) => {
        if (!isBinary) receive((data as Buffer).toString());
      });
      this.on('close', (code) => closeCodes.push(code));
    }
  }
  return {
    // Its events are typed by overloads that the narrower interface's union does not meet, though it fits.
    WebSocket: RecordingWebSocket as unknown as SocketConstructor,
    outages: outages as readonly Outage[],
    counts,
    closeCodes: closeCodes as readonly number[],
    events: () => [...bySeq.values()],
    lost: (midTurn: boolean) => void outages.push({ lostAtMs: now(), midTurn }),
  };
}

/** A server that never got as far as the session says why, without a number. */
function isOfNoSession(message: ServerMessage): boolean {
  return message.type === 'error' && message.fatal;
}
