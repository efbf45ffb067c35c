/**
 * One transcription socket, for one utterance at a time. Our own end of turn: the server's detection is off, and what is
 * in its buffer is transcribed when we commit it. Raw `ws`, since the SDK's helper insists on `wss:`.
 */
import type * as Realtime from 'openai/resources/realtime/realtime';
import { type RawData, WebSocket } from 'ws';
import type { KukuError } from '../../errors.ts';
import type { OpenAiClient } from './client.ts';
import { dial } from './realtime-dial.ts';
import type { ReportedUsage } from './transcription-usage.ts';

/** The only rate that the API takes. */
export const LINE_RATE = 24_000;
/** Sessions without a word about their end are replaced after this long; the API's limits have been 30 and 60 min. */
const MAX_AGE_MS = 25 * 60_000;
/** A line this close to its end is not begun with: utterances are shorter. */
const END_MARGIN_MS = 2 * 60_000;
const PING_MS = 20_000;
/** Unsent bytes at which a slow network is waited for. */
const MAX_UNSENT_BYTES = 256 * 1024;

/** What an utterance hears of its line. */
export interface LineEvents {
  /** There is room for audio: when the line is open, and again after it was full. */
  onReady(): void;
  onDelta(text: string): void;
  onCompleted(text: string, usage: ReportedUsage | undefined): void;
  /** The line is gone. `again`: through no fault of the utterance, so that another line may do. */
  onFailed(error: KukuError, again: boolean): void;
}

export interface Line {
  readonly isIdle: boolean;
  /** Whether an utterance may begin on it. */
  readonly isFresh: boolean;
  readonly hasRoom: boolean;
  begin(events: LineEvents): void;
  /** 24 kHz mono. */
  append(pcm: Int16Array): void;
  commit(): void;
  /** The utterance is over; what is in the buffer is forgotten, and the line is for the next. */
  release(): void;
  /** Ends the line at once. */
  drop(): void;
}

export interface LineOptions {
  client: OpenAiClient;
  model: string;
  language: string | undefined;
  /** Called once. */
  onClosed(line: Line): void;
}

/** Other events don't matter here. */
type Handlers = {
  [Type in Realtime.RealtimeServerEvent['type']]?: (
    event: Extract<Realtime.RealtimeServerEvent, { type: Type }>,
  ) => void;
};

export function createLine({ client, model, language, onClosed }: LineOptions): Line {
  const { clock, failures } = client;
  let events: LineEvents | undefined;
  let open = false;
  let closed = false;
  let endsAtMs = clock.now() + MAX_AGE_MS;
  let cancelPing: (() => void) | undefined;
  let cancelEnd: (() => void) | undefined;
  let answered = true;
  let full = false;

  const send = (event: Realtime.RealtimeClientEvent) => {
    if (open && !closed) socket.send(JSON.stringify(event), onSent);
  };
  const onSent = () => {
    if (!full || socket.bufferedAmount >= MAX_UNSENT_BYTES) return;
    full = false;
    events?.onReady();
  };
  const close = () => {
    if (closed) return;
    closed = true;
    cancelPing?.();
    cancelEnd?.();
    socket.terminate();
    onClosed(line);
  };
  const fail = (error: KukuError, again: boolean) => {
    const listener = events;
    events = undefined;
    close();
    listener?.onFailed(error, again);
  };
  /** A network that drops idle connections says so to nobody. */
  const ping = () => {
    if (!answered) return fail(failures.broken('its socket is dead'), true);
    answered = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
    cancelPing = clock.after(PING_MS, ping);
  };
  const ageUntil = (endMs: number) => {
    endsAtMs = endMs;
    cancelEnd?.();
    cancelEnd = clock.after(Math.max(0, endMs - END_MARGIN_MS - clock.now()), () => {
      if (!events) close();
    });
  };

  const handlers: Handlers = {
    'session.created'({ session }) {
      const { expires_at: expiresAt } = session as { expires_at?: unknown };
      if (typeof expiresAt === 'number' && expiresAt > 0) ageUntil(expiresAt * 1000);
    },
    'conversation.item.input_audio_transcription.delta': ({ delta }) => events?.onDelta(delta ?? ''),
    'conversation.item.input_audio_transcription.completed': ({ transcript, usage }) =>
      events?.onCompleted(transcript, usage),
    'conversation.item.input_audio_transcription.failed': ({ error }) => fail(failures.ofProblem(error, model), false),
    error({ error }) {
      if (error.code === 'input_audio_buffer_commit_empty') events?.onCompleted('', undefined);
      else fail(failures.ofProblem(error, model), error.code === 'session_expired');
    },
  };

  const socket = dial(client, model, {
    onOpen() {
      open = true;
      send({ type: 'session.update', session: sessionOf(model, language) });
      cancelPing = clock.after(PING_MS, ping);
      events?.onReady();
    },
    onMessage(data) {
      answered = true;
      const event = parse(data);
      if (event) (handlers[event.type] as ((event: Realtime.RealtimeServerEvent) => void) | undefined)?.(event);
      else fail(failures.broken('nonsense on its socket'), true);
    },
    onPong: () => void (answered = true),
    onFailed: fail,
  });

  const line: Line = {
    get isIdle() {
      return !events && !closed;
    },
    get isFresh() {
      return !closed && endsAtMs - clock.now() > END_MARGIN_MS;
    },
    get hasRoom() {
      full ||= socket.bufferedAmount >= MAX_UNSENT_BYTES;
      return open && !closed && !full;
    },
    begin(listener) {
      events = listener;
      if (line.hasRoom) listener.onReady();
    },
    append: (pcm) => send({ type: 'input_audio_buffer.append', audio: base64(pcm) }),
    commit: () => send({ type: 'input_audio_buffer.commit' }),
    release() {
      events = undefined;
      if (line.isFresh) send({ type: 'input_audio_buffer.clear' });
      else close();
    },
    drop: () => {
      events = undefined;
      close();
    },
  };
  ageUntil(endsAtMs);
  return line;
}

function sessionOf(model: string, language: string | undefined): Realtime.RealtimeTranscriptionSessionCreateRequest {
  return {
    type: 'transcription',
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: LINE_RATE },
        transcription: { model, ...(language && { language }) },
        turn_detection: null,
      },
    },
  };
}

function base64(pcm: Int16Array): string {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}

function parse(data: RawData): Realtime.RealtimeServerEvent | undefined {
  try {
    const event: unknown = JSON.parse((data as Buffer).toString());
    const isEvent = typeof event === 'object' && event !== null && 'type' in event;
    return isEvent ? (event as Realtime.RealtimeServerEvent) : undefined;
  } catch {
    return undefined;
  }
}
