/** What a client is told when it comes in: what there is, what is missing, and where the session stands. */
import { randomBytes } from 'node:crypto';
import { MIC_RATES, SPEECH_RATES } from '../../protocol/audio-frame.ts';
import { type Hello, MAX_TEXT_CHARS, type ServerMessageOf } from '../../protocol/messages.ts';
import type { NewEvent, StoredEvent } from '../ports/session-store.ts';
import type { Change, Ledger } from './ledger.ts';
import type { SessionServices } from './services.ts';
import { hashToken, type SessionState, sessionView, withPresence } from './state.ts';
import { coachMessage, withoutSpeaking } from './turns.ts';

export interface Welcome {
  greeting: NewEvent;
  /** Stored events that the client missed, with the numbers they have. */
  missed: readonly StoredEvent[];
  notices: readonly NewEvent[];
}

/** Marks the client as present, rotates its resume token, and says what to send. */
export async function welcome(services: SessionServices, ledger: Ledger, id: string, hello: Hello): Promise<Welcome> {
  const { store, clock, settings } = services;
  const { resume } = hello;
  const known = resume !== undefined && ledger.state.resumeTokenHash === hashToken(resume.token);
  const missed = known ? await store.eventsAfter(id, resume.lastSeq) : undefined;
  const resumeToken = randomBytes(24).toString('base64url');
  await ledger.change((before) => returned(before, id, hashToken(resumeToken), clock.now()));
  const shared = {
    sessionId: id,
    resumeToken,
    resumeWindowMs: settings.resumeWindowMs,
    heartbeatMs: settings.heartbeatMs,
    session: sessionView(ledger.state, clock.now()),
    ...(missed === undefined && ledger.messages.length > 0 && { messages: [...ledger.messages] }),
  };
  const greeting: NewEvent = resume
    ? { type: 'resumed', ...shared, recovered: missed !== undefined }
    : { type: 'ready', ...shared, ...offer(services, hello) };
  return { greeting, missed: missed ?? [], notices: gaps(services) };
}

/** The state of a session whose client is back; what a dead instance was saying becomes a message. */
function returned(before: SessionState, id: string, resumeTokenHash: string, nowMs: number): Change {
  const state = { ...withPresence(withoutSpeaking(before), true, nowMs), resumeTokenHash };
  if (!before.speaking) return { state };
  const message = coachMessage(id, before.speaking.turn, before.speaking.sentences.join(' '), nowMs);
  return { state: { ...state, messageCount: state.messageCount + 1 }, messages: [message] };
}

function offer({ ears, tts, engine, settings }: SessionServices, { audio }: Hello) {
  const { textBytes, frameBytes } = settings;
  const offered: Pick<ServerMessageOf<'ready'>, 'limits' | 'audio' | 'coach'> = {
    limits: { textBytes, frameBytes, textChars: MAX_TEXT_CHARS },
    audio: {
      ...(ears && { in: audio.in ?? { rate: MIC_RATES[0] } }),
      ...(tts && { out: audio.out ?? { rate: SPEECH_RATES[0] } }),
    },
    coach: { name: engine.name, model: engine.model, ...(tts && { speech: tts.name }) },
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
