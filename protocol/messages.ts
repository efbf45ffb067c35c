/**
 * The JSON half of `kuku.v1`: one discriminated union per direction. Each message is an object with `type`.
 * Units are in the names; `turn` and `utterance` count from 1 in a session.
 */
import { z } from 'zod';
import { HelpLine } from './help-line.ts';
import { TurnLatency } from './turn-latency.ts';
import { MIC_RATES, SPEECH_RATES } from './audio-frame.ts';
import { parseJson, type ParseResult } from './parse.ts';
import { UsageTotals } from './usage.ts';
import { Voices } from './voices.ts';

export { TurnLatency };

export type { ParseResult };

export const PROTOCOL = 'kuku.v1';
/** Prefix of the subprotocol that carries the ticket, as in `ticket.AbC123`. */
export const TICKET_PREFIX = 'ticket.';

export const MAX_TEXT_MESSAGE_BYTES = 16 * 1024;
/** Longest typed turn, in characters. */
export const MAX_TEXT_CHARS = 4000;

const ms = z.number().min(0).max(1e9);
const count = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const id = z.string().min(1).max(64);

export const STAGES = ['topic', 'goal', 'reality', 'options', 'way_forward'] as const;
export const Stage = z.enum(STAGES);
export type Stage = z.infer<typeof Stage>;

export const PHASES = ['active', 'confirming', 'closing', 'ended'] as const;
export const Phase = z.enum(PHASES);
export type Phase = z.infer<typeof Phase>;

/** Something the person said they would do. */
export const Commitment = z.object({
  what: z.string(),
  /** When, in the person's own words ("Monday", "by the end of the week"). */
  by: z.string().optional(),
  /** How sure they are that they will, 1 to 10. */
  confidence: z.int().min(1).max(10).optional(),
});
export type Commitment = z.infer<typeof Commitment>;

export const Recap = z.object({
  topic: z.string(),
  goal: z.string(),
  insights: z.array(z.string()),
  commitments: z.array(Commitment),
  /** The recap as it is spoken. */
  summary: z.string(),
});
export type Recap = z.infer<typeof Recap>;

/** A word and where it lies in its turn's or utterance's audio. */
export const WordTime = z.object({ word: z.string(), startMs: ms, endMs: ms });
export type WordTime = z.infer<typeof WordTime>;

// ── client → server ─────────────────────────────────────────────────────────────────────────────────────────────

export const Hello = z.object({
  type: z.literal('hello'),
  protocol: z.string().max(32),
  client: z.object({ name: z.string().max(64), version: z.string().max(32) }),
  /** A client without `in` only types; one without `out` only reads, and no speech is synthesised for it. */
  audio: z.object({
    in: z.object({ rate: z.literal(MIC_RATES) }).optional(),
    out: z.object({ rate: z.literal(SPEECH_RATES) }).optional(),
  }),
  /** Who the coach speaks as: one of `ready.coach.voices`, as chosen once. Unknown, or absent: the server's own choice. */
  voice: id.optional(),
  resume: z
    .object({
      token: z.string().max(128),
      lastSeq: count,
      lastAudio: z.object({ turn: count, seq: count }).optional(),
    })
    .optional(),
});
export type Hello = z.infer<typeof Hello>;

export const ClientMessage = z.discriminatedUnion('type', [
  Hello,
  z.object({ type: z.literal('input.mute'), muted: z.boolean() }),
  z.object({ type: z.literal('input.start') }),
  z.object({ type: z.literal('input.end') }),
  z.object({ type: z.literal('text'), id, text: z.string().min(1).max(MAX_TEXT_CHARS) }),
  z.object({ type: z.literal('wrap_up.request'), id }),
  z.object({ type: z.literal('wrap_up.answer'), id, proposalId: id, accept: z.boolean() }),
  /** Whether what is said from now on is kept. */
  z.object({ type: z.literal('record.set'), id, on: z.boolean() }),
  z.object({ type: z.literal('turn.cancel'), turn: count.optional(), playedMs: ms.optional() }),
  /** Every 250 ms while playing and at each change of `state`. `playedMs` counts from the start of the turn's audio. */
  z.object({
    type: z.literal('playback'),
    turn: count,
    playedMs: ms,
    bufferedMs: ms,
    state: z.enum(['playing', 'stalled', 'ended']),
  }),
  z.object({ type: z.literal('playback.cleared'), turn: count, playedMs: ms }),
  /** From the next sentence on; what `hello.voice` says for the start. */
  z.object({ type: z.literal('voice.choose'), voice: id }),
  z.object({ type: z.literal('ack'), seq: count }),
  z.object({ type: z.literal('ping'), t: z.number() }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

// ── server → client ─────────────────────────────────────────────────────────────────────────────────────────────

export const WrapUpView = z.object({ proposalId: id, reason: z.string(), expiresInMs: ms });

export const SessionView = z.object({
  phase: Phase,
  reason: z.string().optional(),
  elapsedMs: ms,
  remainingMs: ms,
  messageCount: count,
  stage: Stage,
  wrapUp: WrapUpView.optional(),
  /** What is said at the moment is not kept, and is in no recap. Absent: it is. */
  offRecord: z.literal(true).optional(),
  /** Nothing of this session is kept but its measurements. */
  ephemeral: z.literal(true).optional(),
  /** Somebody spoke of harm: the session's time stands until they go on with something else. */
  care: z.literal(true).optional(),
});
export type SessionView = z.infer<typeof SessionView>;

export const Message = z.object({
  id,
  timestamp: z.string(),
  sender: z.enum(['user', 'ai']),
  text: z.string(),
  audioUrl: z.string().optional(),
  /** It is there while the session is live, and nowhere else. */
  offRecord: z.literal(true).optional(),
});
export type Message = z.infer<typeof Message>;

export const TURN_STATUSES = ['completed', 'interrupted', 'failed', 'cancelled'] as const;
export type TurnStatus = (typeof TURN_STATUSES)[number];

export const NOTICE_CODES = [
  'typing_only',
  'captions_only',
  'slow_provider',
  'store_away',
  'sentence_lost',
  'utterance_lost',
  'not_understood',
] as const;
export type NoticeCode = (typeof NOTICE_CODES)[number];

/**
 * The number of the latest stored event. A stored event (see `isStored`) raises it by one; what passes by (partial
 * transcripts, speech detection, playout) carries the number it found. A client that comes back names the last it saw.
 */
const seq = count;

export const ServerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    seq,
    sessionId: id,
    resumeToken: z.string(),
    resumeWindowMs: ms,
    heartbeatMs: ms,
    limits: z.object({ textBytes: count, frameBytes: count, textChars: count }),
    /** What the server takes and gives; absent where it can't (no recogniser, no synthesiser). */
    audio: z.object({
      in: z.object({ rate: z.literal(MIC_RATES) }).optional(),
      out: z.object({ rate: z.literal(SPEECH_RATES) }).optional(),
    }),
    coach: z.object({ name: z.string(), model: z.string(), speech: z.string().optional(), voices: Voices }),
    session: SessionView,
    messages: z.array(Message).optional(),
  }),
  z.object({
    type: z.literal('resumed'),
    seq,
    sessionId: id,
    /** True: every event after `lastSeq` follows. False: `messages` is the whole session. */
    recovered: z.boolean(),
    resumeToken: z.string(),
    resumeWindowMs: ms,
    heartbeatMs: ms,
    session: SessionView,
    messages: z.array(Message).optional(),
  }),
  z.object({ type: z.literal('session.state'), seq, ...SessionView.shape }),
  z.object({ type: z.literal('session.warning'), seq, remainingMs: ms }),
  z.object({ type: z.literal('session.ended'), seq, reason: z.string(), recap: Recap.optional() }),
  z.object({ type: z.literal('session.go_away'), seq, timeLeftMs: ms, reason: z.string() }),
  /** `atMs` counts the session's microphone audio. */
  z.object({ type: z.literal('speech.started'), seq, utterance: count, atMs: ms }),
  z.object({ type: z.literal('speech.stopped'), seq, utterance: count, atMs: ms }),
  /** The whole text of the utterance so far; `final` once, last. A typed turn has one too, with the command's `id`. */
  z.object({
    type: z.literal('transcript.user'),
    seq,
    utterance: count,
    text: z.string(),
    final: z.boolean(),
    id: id.optional(),
    words: z.array(WordTime).optional(),
  }),
  z.object({ type: z.literal('turn.started'), seq, turn: count, inReplyTo: count.nullable() }),
  /** One sentence of the turn, when its audio starts to be sent. */
  z.object({
    type: z.literal('transcript.coach'),
    seq,
    turn: count,
    text: z.string(),
    words: z.array(WordTime).optional(),
  }),
  z.object({ type: z.literal('audio.end'), seq, turn: count, durationMs: ms }),
  z.object({ type: z.literal('audio.clear'), seq, turn: count, reason: z.enum(['barge_in', 'cancelled', 'failed']) }),
  z.object({
    type: z.literal('turn.done'),
    seq,
    turn: count,
    status: z.enum(TURN_STATUSES),
    /** What was heard. */
    spokenText: z.string(),
    playedMs: ms,
    latency: TurnLatency,
    /** What was used since the turn before: by this one, and by beginnings that came to nothing. */
    usage: UsageTotals.optional(),
  }),
  z.object({ type: z.literal('recap'), seq, ...Recap.shape }),
  /** Somebody spoke of harm: whom they can call, to be shown with what the coach says. Sent again to who comes back. */
  z.object({ type: z.literal('care'), seq, lines: z.array(HelpLine), emergency: z.string().optional() }),
  z.object({ type: z.literal('notice'), seq, code: z.enum(NOTICE_CODES), message: z.string() }),
  z.object({
    type: z.literal('error'),
    seq,
    code: z.string(),
    message: z.string(),
    fatal: z.boolean(),
    ref: z.string().optional(),
    retryAfterMs: ms.optional(),
  }),
  z.object({ type: z.literal('pong'), t: z.number() }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
export type ServerMessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** Whether an event is stored and replayed on resume; the others pass by. */
export function isStored(message: ServerMessage): boolean {
  switch (message.type) {
    case 'transcript.user':
      return message.final;
    case 'session.state':
    case 'session.warning':
    case 'session.ended':
    case 'turn.started':
    case 'transcript.coach':
    case 'turn.done':
    case 'recap':
    case 'error':
      return true;
    case 'ready':
    case 'resumed':
    case 'session.go_away':
    case 'speech.started':
    case 'speech.stopped':
    case 'audio.end':
    case 'audio.clear':
    case 'care':
    case 'notice':
    case 'pong':
      return false;
  }
}

// ── parsing ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Parses what a client sent. Never throws; `problem` is a sentence for the client's developer. */
export function parseClientMessage(text: string): ParseResult<ClientMessage> {
  return parseJson(ClientMessage, text);
}

/** Parses what a server sent. Never throws. */
export function parseServerMessage(text: string): ParseResult<ServerMessage> {
  return parseJson(ServerMessage, text);
}
