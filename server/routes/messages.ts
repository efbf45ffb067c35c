/** `/api/sessions/:id/messages`: what was said so far; one more thing said, as a recording or typed. */
import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MAX_TEXT_CHARS, type Message } from '../../protocol/messages.ts';
import {
  AUDIO_FIELD,
  ExchangeBody,
  IDEMPOTENCY_HEADER,
  MessagesBody,
  type Success,
  TextBody,
} from '../../protocol/rest.ts';
import { KukuError } from '../errors.ts';
import type { Archive } from '../ports/archive.ts';
import { MAX_UPLOAD_BYTES } from '../ports/audio-codec.ts';
import type { Recordings } from '../ports/recordings.ts';
import type { SpokenFiles } from '../ports/spoken-files.ts';
import type { Usage } from '../ports/usage.ts';
import type { Exchange, Hub } from '../session/hub.ts';
import type { FindSession } from './known-session.ts';
import { audioUrl, baseUrl, type ById, untilGone } from './rest.ts';
import type { RouteDoc } from './route-doc.ts';
import { readRecording } from './upload.ts';

export interface MessageRoutesOptions {
  hub: Hub;
  archive: Archive;
  findSession: FindSession;
  recordings: Recordings;
  /** Absent: answers are read. */
  spokenFiles: SpokenFiles | undefined;
  publicUrl: string | undefined;
}

export function messageRoutes(options: MessageRoutesOptions): FastifyPluginAsync {
  const { hub, archive, findSession, publicUrl } = options;
  return async (app) => {
    await app.register(multipart, {
      // One byte more, so that a file of exactly the limit is let through.
      limits: { fileSize: MAX_UPLOAD_BYTES + 1, files: 4, fields: 16, parts: 20, fieldSize: 64 * 1024 },
    });
    app.get<ById>(PATH, { config: { doc: DOCS.read } }, async (request): Promise<Success<MessagesBody>> => {
      const { id } = await findSession(request);
      const base = baseUrl(request, publicUrl);
      const [said, kept] = await Promise.all([hub.messages(id), archive.messages(id)]);
      // The archive may be a moment behind, and knows the audio.
      const files = new Map(kept.map((record) => [record.id, record.audioFile]));
      const messages = said.map((message) => messageBody(message, files.get(message.id) ?? null, base));
      return { success: true, data: { messages } };
    });
    app.post<ById>(
      PATH,
      { config: { doc: DOCS.say, limit: 'messages' } },
      async (request, reply): Promise<Success<ExchangeBody>> => {
        return { success: true, data: await say(options, request, reply) };
      },
    );
  };
}

function messageBody(message: Message, audioFile: string | null, base: URL | undefined): Message {
  return audioFile === null ? { ...message } : { ...message, audioUrl: audioUrl(audioFile, base) };
}

async function say(
  { hub, findSession, recordings, spokenFiles, publicUrl }: MessageRoutesOptions,
  request: FastifyRequest<ById>,
  reply: FastifyReply,
): Promise<ExchangeBody> {
  const signal = untilGone(reply);
  const commandId = commandIdOf(request);
  const { id, phase } = await findSession(request);
  // Before a recording is received and understood for nothing; `exchange` decides again.
  if (phase === 'ended') throw sessionNotActive();
  const onUsage = (usage: Usage) => void hub.charge(id, usage);
  const text = request.isMultipart()
    ? await readRecording(request, recordings, { signal, onUsage })
    : textOf(request.body);
  const exchange = await hub.exchange(id, { text, commandId }).catch((error: unknown) => {
    throw error instanceof KukuError && error.code === 'session_not_active' ? sessionNotActive(error) : error;
  });
  // The exchange stands, also for one who went away meanwhile: they find it, with its file, in the history.
  // What is not kept is read.
  const file = exchange.ai.offRecord ? undefined : await spokenFiles?.speak(id, exchange.ai, { signal, onUsage });
  return exchangeBody(exchange, file && audioUrl(file, baseUrl(request, publicUrl)));
}

function exchangeBody({ user, ai, awaitingWrapUpConfirmation, ended }: Exchange, url: string | undefined) {
  return {
    messages: [user, url === undefined ? ai : { ...ai, audioUrl: url }],
    awaitingWrapUpConfirmation,
    sessionEnded: ended !== undefined,
    ...(ended ? { finalSummary: ended.summary } : {}),
  } satisfies ExchangeBody;
}

/** Control characters have no place in what is said, and NUL none in a database. */
const UNSPEAKABLE = /(?![\n\t])\p{Cc}/gu;

function textOf(body: unknown): string {
  const given = typeof body === 'object' && body !== null && 'text' in body ? body.text : undefined;
  if (body === undefined || body === null) throw badText('No audio file provided', 'no_audio');
  if (given === undefined) throw badText('No text provided', 'no_text');
  if (typeof given !== 'string') throw badText('The text must be a string', 'invalid_text');
  if (given.length > MAX_TEXT_CHARS) {
    throw badText(`The text is longer than ${MAX_TEXT_CHARS} characters`, 'text_too_long');
  }
  const text = given.toWellFormed().replace(UNSPEAKABLE, ' ').trim();
  if (text === '') throw badText('The text is empty', 'empty_text');
  return text;
}

function badText(sentence: string, code: string): KukuError {
  return new KukuError(sentence, { code, status: 400 });
}

/**
 * 400, not 409: clients of the REST API from before the socket know refusals as "400 and a sentence to show", and a
 * session that has ended never becomes active again, so that there is nothing to resolve and retry.
 */
function sessionNotActive(cause?: unknown): KukuError {
  return new KukuError('Session is not active', { code: 'session_not_active', status: 400, cause });
}

const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,64}$/);

function commandIdOf(request: FastifyRequest): string {
  const given = request.headers[IDEMPOTENCY_HEADER];
  if (given === undefined) return randomUUID();
  const key = IdempotencyKey.safeParse(given);
  if (key.success) return key.data;
  throw new KukuError('An Idempotency-Key has 1 to 64 visible ASCII characters.', {
    code: 'invalid_idempotency_key',
    status: 400,
  });
}

const PATH = '/api/sessions/:id/messages';

const DOCS = {
  read: {
    summary: 'Everything said so far, in order.',
    tag: 'messages',
    data: MessagesBody,
    refusals: { 404: 'Session not found' },
  },
  say: {
    summary:
      'One turn of the person, as a recording (wav, mp3, webm, ogg, m4a or flac; 25 MB, 5 minutes) or typed, and the ' +
      "coach's answer to it.",
    tag: 'messages',
    headers: z.object({ [IDEMPOTENCY_HEADER]: IdempotencyKey.optional() }),
    bodies: { 'application/json': TextBody, 'multipart/form-data': z.object({ [AUDIO_FIELD]: z.file() }) },
    data: ExchangeBody,
    refusals: {
      400: 'Invalid audio format; No audio file provided; Session is not active; no text, or too much of it',
      404: 'Session not found',
      413: 'The recording is too large or too long',
      415: 'Neither JSON nor a multipart form',
      422: 'No words were heard in the recording',
      429: 'Too many recordings at once; Retry-After says when to try again',
      503: 'No recogniser, or none that answers at the moment',
    },
  },
} as const satisfies Record<string, RouteDoc>;
