/** What a client is told when it comes in: what there is, what is missing, and where the session stands. */
import { randomBytes } from 'node:crypto';
import { MIC_RATES, SPEECH_RATES } from '../../protocol/audio-frame.ts';
import { type Hello, MAX_TEXT_CHARS, type ServerMessageOf } from '../../protocol/messages.ts';
import type { NewEvent, StoredEvent } from '../ports/session-store.ts';
import type { Ledger } from './ledger.ts';
import type { LifecycleEffect } from './lifecycle.ts';
import type { Greeting } from './line.ts';
import type { SessionServices } from './services.ts';
import { marked } from './record.ts';
import { hashToken, type SessionState, sessionView, withoutSpeaking } from './state.ts';
import type { LifecycleInput, Steering } from './steering.ts';
import { coachMessage } from './turns.ts';
import { careEvent } from './watch.ts';

export interface Arrival {
  services: SessionServices;
  ledger: Ledger;
  steering: Steering;
  sessionId: string;
  connectionId: string;
  hello: Hello;
}

export interface Welcome {
  greeting: Greeting;
  /** Stored events that the client missed, those of this arrival among them. */
  missed: readonly StoredEvent[];
  notices: readonly NewEvent[];
  effects: readonly LifecycleEffect[];
}

/** Marks the client as present, rotates its resume token, and says what to send. */
export async function welcome(arrival: Arrival): Promise<Welcome> {
  const { services, ledger, steering, sessionId, connectionId, hello } = arrival;
  const { store, clock, settings } = services;
  const { resume } = hello;
  const known = resume !== undefined && ledger.state.resumeTokenHash === hashToken(resume.token);
  const resumeToken = randomBytes(24).toString('base64url');
  const effects = [
    ...(await recover(arrival)),
    ...(await steering.change([{ type: 'client.attached', connectionId }], (before) => ({
      state: { ...before, resumeTokenHash: hashToken(resumeToken) },
    }))),
  ];
  const missed = known ? await store.eventsAfter(sessionId, resume.lastSeq) : undefined;
  const shared = {
    // A client that is given all that it missed counts on from what it had.
    seq: missed && resume ? resume.lastSeq : ledger.seq,
    sessionId,
    resumeToken,
    resumeWindowMs: settings.lifecycle.graceMs,
    heartbeatMs: settings.heartbeatMs,
    session: sessionView(ledger.state, clock.now()),
    ...(missed === undefined && ledger.messages.length > 0 && { messages: [...ledger.messages] }),
  };
  const greeting: Greeting = resume
    ? { type: 'resumed', ...shared, recovered: missed !== undefined }
    : { type: 'ready', ...shared, ...offer(services, hello) };
  const help = ledger.state.lifecycle.care ? [careEvent(settings.help)] : [];
  return { greeting, missed: missed ?? [], notices: [...gaps(services), ...help], effects };
}

/** What an instance that died left behind: its client counts as gone, and what it was saying becomes a message. */
export async function recover({
  ledger,
  steering,
  sessionId,
  services,
}: Pick<Arrival, 'ledger' | 'steering' | 'sessionId' | 'services'>) {
  const { lifecycle, speaking } = ledger.state;
  if (lifecycle.presence.kind !== 'socket' && !speaking) return [];
  const inputs: LifecycleInput[] = [{ type: 'owner.recovered' }];
  if (!speaking) return steering.change(inputs);
  const { turn, sentences, offRecord } = speaking;
  const said = coachMessage(sessionId, turn, sentences.join(' '), services.clock.now());
  const message = marked(said, offRecord === true);
  return steering.change([...inputs, { type: 'message.added', count: 1 }], (before: SessionState) => ({
    state: withoutSpeaking(before),
    messages: [message],
  }));
}

function offer({ ears, tts, engine, settings }: SessionServices, { audio }: Hello) {
  const { textBytes, frameBytes } = settings;
  const offered: Pick<ServerMessageOf<'ready'>, 'limits' | 'audio' | 'coach'> = {
    limits: { textBytes, frameBytes, textChars: MAX_TEXT_CHARS },
    audio: {
      ...(ears && { in: audio.in ?? { rate: MIC_RATES[0] } }),
      ...(tts && { out: audio.out ?? { rate: SPEECH_RATES[0] } }),
    },
    coach: {
      name: engine.name,
      model: engine.model,
      ...(tts && { speech: tts.name }),
      ...(tts?.voices && { voices: [...tts.voices] }),
    },
  };
  return offered;
}

function gaps({ ears, tts }: SessionServices): NewEvent[] {
  const notices: NewEvent[] = [];
  if (!ears) {
    notices.push({ type: 'notice', code: 'typing_only', message: 'I can’t listen here: please type instead.' });
  }
  if (!tts) {
    notices.push({ type: 'notice', code: 'captions_only', message: 'I can’t speak here: please read along.' });
  }
  return notices;
}
