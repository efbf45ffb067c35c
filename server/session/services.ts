import type { CloseName } from '../../protocol/close-codes.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReplyEngine } from '../ports/language-model.ts';
import type { Log } from '../ports/log.ts';
import { type Help, helpIn } from '../coaching/help-lines.ts';
import type { IntentReader } from '../coaching/model-intent.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RecapMaker } from '../ports/recap-maker.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import type { VoiceActivity } from '../ports/voice-activity.ts';
import type { EndOfTurn } from '../voice/end-of-turn.ts';
import type { SpeechOutput } from '../voice/reply.ts';
import type { Budget } from './budget.ts';
import type { LifecycleSettings } from './lifecycle.ts';
import type { SessionState } from './state.ts';

/** The client's end of the line. */
export interface Connection {
  send(message: ServerMessage): void;
  sendFrame(bytes: Uint8Array): void;
  close(name: CloseName): void;
}

/** What a session works with; the same for all sessions of an instance. */
export interface SessionServices {
  store: SessionStore<SessionState>;
  engine: ReplyEngine;
  /** What a model decides besides the replies. Absent: the rules decide. */
  judgement?: { recaps: RecapMaker; intents: IntentReader };
  /** Absent: people type. */
  ears: { vad: VoiceActivity; stt: SpeechToText; endOfTurn: EndOfTurn } | undefined;
  /** Absent: people read. */
  tts: SpeechOutput['tts'] | undefined;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, 'event' | 'earlyStart' | 'usage'>;
  budget: Budget;
  settings: SessionSettings;
}

export interface SessionSettings {
  lifecycle: LifecycleSettings;
  heartbeatMs: number;
  playbackAheadMs: number;
  playbackReportMs: number;
  textBytes: number;
  frameBytes: number;
  /** Whom somebody in distress can call. */
  help: Help;
  /** Replies are begun before the turn is over. */
  earlyStart: boolean;
}

/** How long `closing` waits for the recap to be played. */
const CLOSING_MS = 20_000;

/** The part of the configuration that sessions go by. */
export function sessionSettings(config: {
  session: Omit<LifecycleSettings, 'graceMs' | 'closingMs'> & { resumeWindowMs: number };
  limits: Omit<SessionSettings, 'lifecycle' | 'help' | 'earlyStart'>;
  careCountry: string | undefined;
  coach: Pick<SessionSettings, 'earlyStart'>;
}): SessionSettings {
  const { resumeWindowMs: graceMs, ...times } = config.session;
  return {
    ...config.limits,
    help: helpIn(config.careCountry),
    earlyStart: config.coach.earlyStart,
    lifecycle: { ...times, graceMs, closingMs: CLOSING_MS },
  };
}
