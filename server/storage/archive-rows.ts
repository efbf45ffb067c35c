/** Between the archive's records and the database's rows. */
import type { Insertable, Selectable } from 'kysely';
import { z } from 'zod';
import { Commitment, Stage, TURN_STATUSES } from '../../protocol/messages.ts';
import { UsageTotals } from '../../protocol/usage.ts';
import type { MessageRecord, RatingRecord, RecapRecord, SessionRecord, TurnRecord } from '../ports/archive.ts';
import type { MessagesTable, RatingsTable, RecapsTable, SessionsTable, TurnMetricsTable } from './database/schema.ts';

export type NewRecapRow = Insertable<RecapsTable>;
export type SessionRow = Selectable<SessionsTable>;

/**
 * Postgres stores no NUL in text, and refuses lone surrogates in JSON: one such character from a client would make
 * every retry of its write fail for ever. They go.
 */
export function storable(text: string): string;
export function storable(text: string | null): string | null;
export function storable(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '').toWellFormed();
}

function json(value: unknown): string | null {
  // Undefined for undefined, whatever the library's type says.
  const text: string | undefined = JSON.stringify(value, (_key, v: unknown) =>
    typeof v === 'string' ? storable(v) : v,
  );
  return text ?? null;
}

const time = (date: Date | null): number | null => date?.getTime() ?? null;

export function toSessionRow(session: SessionRecord): Insertable<SessionsTable> {
  return {
    id: session.id,
    user_id: session.userId,
    status: session.status,
    title: storable(session.title),
    started_at: new Date(session.startedAt),
    ended_at: session.endedAt === null ? null : new Date(session.endedAt),
    end_reason: session.endReason,
    elapsed_ms: Math.round(session.elapsedMs),
    message_count: session.messageCount,
    stage: session.stage,
    state: session.status === 'active' ? json(session.state) : null,
    usage: json(session.usage),
    updated_at: new Date(session.updatedAt),
    version: session.version,
    continues_id: session.continuesId ?? null,
    ephemeral: session.ephemeral ?? false,
    deleted_at: null,
  };
}

export function fromSessionRow(row: SessionRow): SessionRecord {
  return { ...listedSession(row), state: row.state };
}

export function listedSession(row: Omit<SessionRow, 'state'>): Omit<SessionRecord, 'state'> {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    title: row.own_title ?? row.title,
    startedAt: row.started_at.getTime(),
    endedAt: time(row.ended_at),
    endReason: row.end_reason,
    elapsedMs: row.elapsed_ms,
    messageCount: row.message_count,
    stage: Stage.parse(row.stage),
    usage: UsageTotals.parse(row.usage ?? {}),
    updatedAt: row.updated_at.getTime(),
    version: row.version,
    ...(row.continues_id !== null && { continuesId: row.continues_id }),
    ...(row.ephemeral && { ephemeral: true }),
  };
}

/** What is left of a deleted session: nothing that was said, nobody it belonged to. */
export function tombstoneRow(now: Date): Omit<Insertable<SessionsTable>, 'id'> {
  return {
    user_id: null,
    status: 'ended',
    title: null,
    started_at: now,
    ended_at: now,
    end_reason: 'deleted',
    elapsed_ms: 0,
    message_count: 0,
    stage: 'topic',
    state: null,
    usage: null,
    updated_at: now,
    version: 0,
    deleted_at: now,
    own_title: null,
    continues_id: null,
    ephemeral: false,
  };
}

export function toMessageRow(sessionId: string, message: MessageRecord): Insertable<MessagesTable> {
  return {
    session_id: sessionId,
    id: message.id,
    seq: message.seq,
    sender: message.sender,
    text: storable(message.text),
    audio_file: message.audioFile,
    interrupted: message.interrupted,
    created_at: new Date(message.createdAt),
    version: message.version,
  };
}

export function fromMessageRow(row: Omit<Selectable<MessagesTable>, 'session_id' | 'search'>): MessageRecord {
  return {
    id: row.id,
    seq: row.seq,
    sender: row.sender,
    text: row.text,
    audioFile: row.audio_file,
    interrupted: row.interrupted,
    createdAt: row.created_at.getTime(),
    version: row.version,
  };
}

export function toRecapRow(sessionId: string, recap: RecapRecord): NewRecapRow {
  return {
    session_id: sessionId,
    topic: storable(recap.topic),
    goal: storable(recap.goal),
    insights: json(recap.insights),
    commitments: json(recap.commitments),
    summary: storable(recap.summary),
    created_at: new Date(recap.createdAt),
    version: recap.version,
  };
}

export function fromRecapRow(row: Selectable<RecapsTable>): RecapRecord {
  return {
    topic: row.topic,
    goal: row.goal,
    insights: z.array(z.string()).parse(row.insights),
    commitments: z.array(Commitment).parse(row.commitments),
    summary: row.summary,
    createdAt: row.created_at.getTime(),
    version: row.version,
  };
}

export function fromRatingRow(row: Selectable<RatingsTable>): RatingRecord {
  return { score: row.score, feedback: row.feedback, ratedAt: row.updated_at.getTime() };
}

/** The legs of a turn and their columns. */
const LEGS = {
  endOfSpeechToTurnEnd: 'end_of_speech_to_turn_end_ms',
  transcript: 'transcript_ms',
  modelFirstToken: 'model_first_token_ms',
  firstSentence: 'first_sentence_ms',
  speechFirstByte: 'speech_first_byte_ms',
  firstAudioSent: 'first_audio_sent_ms',
  total: 'total_ms',
} as const satisfies Record<keyof TurnRecord['latency'], keyof TurnMetricsTable>;

const LEG_NAMES = Object.keys(LEGS) as (keyof typeof LEGS)[];

export function toTurnRow(turn: TurnRecord): Insertable<TurnMetricsTable> {
  const legs = Object.fromEntries(LEG_NAMES.map((leg) => [LEGS[leg], turn.latency[leg] ?? null]));
  return {
    session_id: turn.sessionId,
    turn: turn.turn,
    status: turn.status,
    created_at: new Date(turn.createdAt),
    ...legs,
    ...turn.providers,
    usage: json(turn.usage),
  };
}

export function fromTurnRow(row: Selectable<TurnMetricsTable>): TurnRecord {
  const latency: TurnRecord['latency'] = {};
  for (const leg of LEG_NAMES) {
    const value = row[LEGS[leg]];
    if (value !== null) latency[leg] = value;
  }
  return {
    sessionId: row.session_id,
    turn: row.turn,
    status: z.enum(TURN_STATUSES).parse(row.status),
    createdAt: row.created_at.getTime(),
    latency,
    providers: { transcription: row.transcription, model: row.model, speech: row.speech },
    usage: row.usage === null ? null : UsageTotals.parse(row.usage),
  };
}
