/**
 * The tables as Kysely sees them; `migrations/` makes them. Times are `timestamptz`, written and read as `Date` with
 * millisecond precision. JSON columns are written as text and read as values.
 */
import type { ColumnType, Generated } from 'kysely';

/** Written as JSON text; read as the value. */
type Json = ColumnType<unknown, string | null, string | null>;

export interface Schema {
  users: UsersTable;
  sessions: SessionsTable;
  messages: MessagesTable;
  recaps: RecapsTable;
  ratings: RatingsTable;
  turn_metrics: TurnMetricsTable;
  consent_texts: ConsentTextsTable;
  consents: ConsentsTable;
  jobs: JobsTable;
  care_events: CareEventsTable;
  sealing_keys: SealingKeysTable;
}

/** Keys that something stored is sealed with. */
export interface SealingKeysTable {
  id: string;
  /** A text that this key opens; null until a server that has the key was started. */
  proof: string | null;
}

/** The audit of care: when, and about whom; never what was said. */
export interface CareEventsTable {
  session_id: string;
  at: Date;
  about: 'self' | 'others';
  language: string;
  via: 'speech' | 'text';
}

export interface UsersTable {
  id: string;
  issuer: string;
  subject: string;
  created_at: Date;
  deleted_at: Date | null;
}

export interface SessionsTable {
  id: string;
  user_id: string | null;
  status: 'active' | 'ended';
  title: string | null;
  started_at: Date;
  ended_at: Date | null;
  end_reason: string | null;
  elapsed_ms: number;
  message_count: number;
  stage: string;
  /** What a restart needs to go on; null once the session has ended. */
  state: Json;
  /** What its providers were used for; null for sessions from before that was counted. */
  usage: Json;
  updated_at: Date;
  version: number;
  /** Set on the row that a deleted session leaves behind, so that a late write can't bring it back. */
  deleted_at: Date | null;
  /** The name that the person gave it; the session's own `title` stands below it. */
  own_title: ColumnType<string | null, string | null | undefined, string | null>;
  /** The session before, whose commitments this one asked about. */
  continues_id: string | null;
  /** Nothing that is said is kept. */
  ephemeral: Generated<boolean>;
}

export interface MessagesTable {
  session_id: string;
  id: string;
  seq: number;
  sender: 'user' | 'ai';
  text: string;
  audio_file: string | null;
  interrupted: boolean;
  created_at: Date;
  version: number;
  /** Kept by the database from `text`. */
  search: ColumnType<string, never, never>;
}

export interface RecapsTable {
  session_id: string;
  topic: string;
  goal: string;
  insights: Json;
  commitments: Json;
  summary: string;
  created_at: Date;
  version: number;
}

export interface RatingsTable {
  session_id: string;
  score: number;
  feedback: string | null;
  created_at: Date;
  updated_at: Date;
}

/** One row a turn; every `*_ms` is null where that leg did not happen. */
export interface TurnMetricsTable {
  session_id: string;
  turn: number;
  status: string;
  created_at: Date;
  end_of_speech_to_turn_end_ms: number | null;
  transcript_ms: number | null;
  model_first_token_ms: number | null;
  first_sentence_ms: number | null;
  speech_first_byte_ms: number | null;
  first_audio_sent_ms: number | null;
  total_ms: number | null;
  transcription: string | null;
  model: string | null;
  speech: string | null;
  usage: Json;
}

/** A text that people consented to, as it was shown. */
export interface ConsentTextsTable {
  version: string;
  text: string;
  first_shown_at: Date;
}

export interface ConsentsTable {
  user_id: string;
  version: string;
  given_at: Date;
}

/** Work that any instance may do and only one does. */
export interface JobsTable {
  name: string;
  holder: string;
  held_until: Date;
  done_at: Date | null;
}
