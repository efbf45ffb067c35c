/** REST shapes. Envelope: `{success: true, data}` or `{success: false, error, code}` with the proper HTTP status. */
import { z } from 'zod';
import { UsageTotals } from './usage.ts';
import { MAX_TEXT_CHARS, Message, Recap, Stage } from './messages.ts';
import { Voice } from './voices.ts';

export const ErrorBody = z.object({ success: z.literal(false), error: z.string(), code: z.string() });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** The envelope of what went well. */
export interface Success<T> {
  success: true;
  data: T;
}

/** The field of the multipart form that carries a recording. */
export const AUDIO_FIELD = 'audio';
/** Longest feedback with a rating, in characters. */
export const MAX_FEEDBACK_CHARS = 4000;
/** A command sent again under the same key has its effect once. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';
/** Sessions of one page, at most and when nothing else is asked for. */
export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** What the socket needs: `new WebSocket(url, protocols)`. The ticket is used once and lives until `expiresAt`. */
export const SocketAccess = z.object({
  url: z.string(),
  protocols: z.array(z.string()),
  ticket: z.string(),
  expiresAt: z.iso.datetime(),
});
export type SocketAccess = z.infer<typeof SocketAccess>;

/** Longest name of a session, in characters. */
export const MAX_TITLE_CHARS = 120;

/** What is wished of a new session. Everything may be left out, the whole body too. */
export const NewSession = z.object({
  /**
   * The session whose commitments the coach asks about; by default the caller's last one with commitments that was not
   * asked about. Null: none.
   */
  continues: z.string().max(64).nullish(),
  /** A private session: nothing of it is kept but its measurements. */
  ephemeral: z.boolean().optional(),
  /** Version of the text that the caller agrees to with this. */
  consent: z.string().max(64).optional(),
});
export type NewSession = z.infer<typeof NewSession>;

export const SessionBody = z.object({
  sessionId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  status: z.enum(['active', 'ended']),
  messageCount: z.int(),
  awaitingWrapUpConfirmation: z.boolean(),
  stage: Stage,
  elapsedMs: z.number(),
  remainingMs: z.number(),
  /** The session before, whose commitments the coach asks about. */
  continues: z.string().optional(),
  /** Nothing of it is kept but its measurements. */
  ephemeral: z.literal(true).optional(),
  /** What is said at the moment is not kept. */
  offRecord: z.literal(true).optional(),
  /** What its providers were used for so far; empty where everything is done on the server's own machine. */
  usage: UsageTotals,
});
export type SessionBody = z.infer<typeof SessionBody>;

export const CreatedSessionBody = SessionBody.extend({ socket: SocketAccess });
export type CreatedSessionBody = z.infer<typeof CreatedSessionBody>;

export const TicketBody = z.object({ socket: SocketAccess });
export type TicketBody = z.infer<typeof TicketBody>;

// ── sessions of a person ────────────────────────────────────────────────────────────────────────────────────────

export const SessionListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(512).optional(),
  /** Words that were said. */
  q: z.string().max(200).optional(),
});
export type SessionListQuery = z.infer<typeof SessionListQuery>;

export const ListedSessionBody = z.object({
  sessionId: z.string(),
  /** The person's own name for it, else its topic. */
  title: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  status: z.enum(['active', 'ended']),
  endReason: z.string().nullable(),
  messageCount: z.int(),
  stage: Stage,
  elapsedMs: z.number(),
  /** Where `q` was said, and when: since the session began. */
  match: z
    .object({ messageId: z.string(), snippet: z.string(), sender: z.enum(['user', 'ai']), atMs: z.number() })
    .optional(),
  continues: z.string().optional(),
  ephemeral: z.literal(true).optional(),
});
export type ListedSessionBody = z.infer<typeof ListedSessionBody>;

/** Newest first; `nextCursor` is absent on the last page. */
export const SessionListBody = z.object({ sessions: z.array(ListedSessionBody), nextCursor: z.string().optional() });
export type SessionListBody = z.infer<typeof SessionListBody>;

/** The person's own name for a session; null gives it its topic again. */
export const SessionChanges = z.object({
  title: z.string().trim().min(1).max(MAX_TITLE_CHARS).nullable(),
});
export type SessionChanges = z.infer<typeof SessionChanges>;

export const RenamedBody = z.object({ sessionId: z.string(), title: z.string().nullable() });
export type RenamedBody = z.infer<typeof RenamedBody>;

/** Everything of the caller's is gone: how many sessions that was. */
export const DeletedMeBody = z.object({ sessions: z.int() });
export type DeletedMeBody = z.infer<typeof DeletedMeBody>;

/** What happens to the words of those who talk here. */
export const ConsentBody = z.object({
  /** Changes with every change of the text. */
  version: z.string(),
  text: z.string(),
  /** Nobody starts a session who did not agree to this version. */
  required: z.boolean(),
  /** When the caller agreed to this version. */
  givenAt: z.iso.datetime().nullable(),
});
export type ConsentBody = z.infer<typeof ConsentBody>;

export const GivingConsent = z.object({ version: z.string().max(64) });
export type GivingConsent = z.infer<typeof GivingConsent>;

// ── one session ─────────────────────────────────────────────────────────────────────────────────────────────────

/** What the person says, typed; spoken, it is a multipart form with the file in the field `audio`. */
export const TextBody = z.object({ text: z.string().max(MAX_TEXT_CHARS) });

export const MessagesBody = z.object({ messages: z.array(Message) });
export type MessagesBody = z.infer<typeof MessagesBody>;

export const ExchangeBody = z.object({
  /** What was understood, and the coach's answer. */
  messages: z.tuple([Message, Message]),
  /** The coach has proposed to wrap up, and the next message answers that. */
  awaitingWrapUpConfirmation: z.boolean().optional(),
  sessionEnded: z.boolean().optional(),
  /** The recap as it is spoken, when the session has ended. */
  finalSummary: z.string().optional(),
});
export type ExchangeBody = z.infer<typeof ExchangeBody>;

export const EndedBody = z.object({
  sessionId: z.string(),
  summary: z.string(),
  /** In seconds. */
  duration: z.number(),
  messageCount: z.int(),
});
export type EndedBody = z.infer<typeof EndedBody>;

export const DeletedBody = z.object({ sessionId: z.string() });
export type DeletedBody = z.infer<typeof DeletedBody>;

export const RecapBody = z.object({ sessionId: z.string(), createdAt: z.iso.datetime(), ...Recap.shape });
export type RecapBody = z.infer<typeof RecapBody>;

export const NewRating = z.object({
  rating: z.int().min(1).max(5),
  feedback: z.string().max(MAX_FEEDBACK_CHARS).nullish(),
});
export type NewRating = z.infer<typeof NewRating>;

export const RatingBody = z.object({
  sessionId: z.string(),
  rating: z.int().min(1).max(5),
  feedback: z.string().nullable(),
  ratedAt: z.iso.datetime(),
});
export type RatingBody = z.infer<typeof RatingBody>;

export const VoicesBody = z.object({ voices: z.array(Voice) });
export type VoicesBody = z.infer<typeof VoicesBody>;

// ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────

export const HealthBody = z.object({ status: z.literal('healthy'), timestamp: z.iso.datetime() });

export const ReadyBody = z.object({
  status: z.enum(['ready', 'not ready']),
  dependencies: z.array(z.object({ name: z.string(), detail: z.string(), ok: z.boolean() })),
});

export const WelcomeBody = z.object({
  message: z.string(),
  version: z.string(),
  docs: z.string(),
  health: z.string(),
});
