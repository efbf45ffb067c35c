import type * as Realtime from 'openai/resources/realtime/realtime';
import type { WebSocket } from 'ws';
import { systemClock } from '../../../server/ports/clock.ts';
import type { CloudRoute } from './cloud.ts';
import { createScript, isTrouble, type Script } from './script.ts';

const BYTES_A_MS = 48;
/** Less in the buffer can't be committed. */
const MIN_COMMIT_MS = 100;

export interface ConnectAnswer {
  /** In `session.created`, in seconds since 1970. */
  expiresAt?: number;
  /** The session ends after this long, with an error event, as sessions do that are too old. */
  livesMs?: number;
  /** What is wrong with the session that the client asks for: a model that is unknown, say. */
  refuses?: Partial<Realtime.RealtimeError> & { message: string };
}

export interface UtteranceAnswer {
  text: string;
  /** Words come while audio does, one for each of these; else they come after the commit. */
  wordMs?: number;
  /** From the commit to the final transcript. */
  finalMs?: number;
  usage?: Realtime.ConversationItemInputAudioTranscriptionCompletedEvent['usage'];
  /** Instead of the final transcript. */
  breaks?:
    | { how: 'hang' | 'garbage' | 'reset' }
    | { how: 'close'; code: number; reason?: string }
    | { how: 'failed'; code: string; message: string };
  /** The same, but after so much audio, before any commit. */
  breaksAfterMs?: number;
}

/** One session, as the cloud saw it. */
export interface SeenSession {
  readonly update: Realtime.RealtimeTranscriptionSessionCreateRequest | undefined;
  /** 24 kHz PCM16 of each committed utterance. */
  readonly utterances: readonly Buffer[];
  /** Audio that was not committed. */
  readonly pendingBytes: number;
  readonly closed: boolean;
  /** From now on it reads nothing, as at the other end of a cable that was pulled. */
  freeze(): void;
}

export interface RealtimeScript {
  readonly connects: Script<ConnectAnswer>;
  readonly utterances: Script<UtteranceAnswer>;
  readonly sessions: readonly SeenSession[];
}

/** `GET …/realtime?intent=transcription`, upgraded: the GA transcription session. */
export function realtimeRoute(): { route: CloudRoute; script: RealtimeScript } {
  const connects = createScript<ConnectAnswer>({});
  const utterances = createScript<UtteranceAnswer>({ text: 'Hello from the socket.' });
  const sessions: SeenSession[] = [];
  const route: CloudRoute = {
    method: 'GET',
    path: /\/realtime$/,
    upgrade({ query }) {
      const answer = connects.take();
      if (isTrouble(answer)) return answer;
      if (query.get('intent') !== 'transcription' || query.has('model')) {
        return { trouble: 'status', status: 400, body: { error: { message: 'expected intent=transcription alone' } } };
      }
      return (socket) => void sessions.push(serveSession(socket, answer, () => takeUtterance(utterances)));
    },
  };
  return { route, script: { connects, utterances, sessions } };
}

function takeUtterance(script: ReturnType<typeof createScript<UtteranceAnswer>>): UtteranceAnswer {
  const answer = script.take();
  if (isTrouble(answer)) throw new Error('an utterance fails by `breaks`');
  return answer;
}

function serveSession(socket: WebSocket, connect: ConnectAnswer, next: () => UtteranceAnswer): SeenSession {
  const pieces: Buffer[] = [];
  const utterances: Buffer[] = [];
  const speaker = createSpeaker(socket);
  let update: SeenSession['update'];
  let closed = false;
  let broken = false;
  let current: UtteranceAnswer | undefined;
  const bytes = () => pieces.reduce((sum, piece) => sum + piece.length, 0);

  const handlers: Handlers = {
    'session.update'({ session }) {
      const problem = whatIsWrong(session);
      if (problem) return speaker.error({ message: problem, code: 'invalid_value' });
      if (connect.refuses) return speaker.error(connect.refuses);
      update = session as Realtime.RealtimeTranscriptionSessionCreateRequest;
      speaker.send({ type: 'session.updated', session });
    },
    'input_audio_buffer.append'({ audio }) {
      if (broken) return;
      const answer = (current ??= next());
      pieces.push(Buffer.from(audio, 'base64'));
      const heardMs = bytes() / BYTES_A_MS;
      if (answer.wordMs) speaker.deltas(answer.text, Math.floor(heardMs / answer.wordMs));
      broken = answer.breaksAfterMs !== undefined && heardMs >= answer.breaksAfterMs;
      if (broken) speaker.complete(answer);
    },
    'input_audio_buffer.clear'() {
      pieces.length = 0;
      current = undefined;
      speaker.send({ type: 'input_audio_buffer.cleared' });
    },
    'input_audio_buffer.commit'() {
      if (bytes() < MIN_COMMIT_MS * BYTES_A_MS) {
        return speaker.error({ message: 'buffer too small', code: 'input_audio_buffer_commit_empty' });
      }
      const answer = current ?? next();
      current = undefined;
      utterances.push(Buffer.concat(pieces.splice(0)));
      speaker.committed();
      if (answer.finalMs) systemClock.after(answer.finalMs, () => speaker.complete(answer));
      else speaker.complete(answer);
    },
  };
  socket.on('message', (data) => {
    const event = JSON.parse((data as Buffer).toString()) as Realtime.RealtimeClientEvent;
    const handler = handlers[event.type] as ((event: Realtime.RealtimeClientEvent) => void) | undefined;
    if (handler) handler(event);
    else speaker.error({ message: `unknown event ${event.type}`, code: 'unknown_event' });
  });
  socket.on('error', () => {});
  socket.on('close', () => (closed = true));
  speaker.created(connect);
  return {
    get update() {
      return update;
    },
    utterances,
    get pendingBytes() {
      return bytes();
    },
    get closed() {
      return closed;
    },
    freeze: () => socket.pause(),
  };
}

type Handlers = {
  [Type in Realtime.RealtimeClientEvent['type']]?: (
    event: Extract<Realtime.RealtimeClientEvent, { type: Type }>,
  ) => void;
};
type ServerEvent = Realtime.RealtimeServerEvent;
/** Any server event, less the id, which all have. */
type Unnumbered<Event> = Event extends { event_id: string } ? Omit<Event, 'event_id'> : never;

/** The events of one session, as the SDK's types have them. */
function createSpeaker(socket: WebSocket) {
  let events = 0;
  let items = 0;
  let told = 0;
  const send = (event: Unnumbered<ServerEvent>) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ event_id: `event_${events++}`, ...event }));
  };
  const item = () => ({ item_id: `item_${items}`, content_index: 0 });
  const error = (details: Partial<Realtime.RealtimeError> & { message: string }) => {
    send({
      type: 'error',
      error: { type: 'invalid_request_error', code: null, param: null, event_id: null, ...details },
    });
  };
  const deltas = (text: string, upTo: number) => {
    const words = text.match(/\S+\s*/g) ?? [];
    for (; told < Math.min(words.length, upTo); told++) {
      send({ type: 'conversation.item.input_audio_transcription.delta', ...item(), delta: words[told] ?? '' });
    }
  };
  const breakOff = (breaks: NonNullable<UtteranceAnswer['breaks']>) => {
    if (breaks.how === 'garbage') socket.send('{"type": "conversation.item');
    if (breaks.how === 'reset') socket.terminate();
    if (breaks.how === 'close') socket.close(breaks.code, breaks.reason);
    if (breaks.how !== 'failed') return;
    const { code, message } = breaks;
    const type = 'conversation.item.input_audio_transcription.failed';
    send({ type, ...item(), error: { type: 'transcription_error', code, message } });
  };

  return {
    send,
    error,
    deltas,
    created({ expiresAt, livesMs }: ConnectAnswer) {
      const type = 'transcription' as const;
      const object = 'realtime.transcription_session';
      const session = { type, id: 'sess_loopback', object, ...(expiresAt !== undefined && { expires_at: expiresAt }) };
      send({ type: 'session.created', session });
      if (livesMs === undefined) return;
      systemClock.after(livesMs, () => {
        error({ message: 'Your session hit the maximum duration of 60 minutes.', code: 'session_expired' });
        socket.close(1001);
      });
    },
    committed() {
      const previous = items > 0 ? `item_${items - 1}` : null;
      send({ type: 'input_audio_buffer.committed', item_id: item().item_id, previous_item_id: previous });
    },
    complete({ text, breaks, usage = { type: 'duration', seconds: 1 } }: UtteranceAnswer) {
      if (breaks) return breakOff(breaks);
      deltas(text, Infinity);
      const type = 'conversation.item.input_audio_transcription.completed';
      send({ type, ...item(), transcript: text, usage });
      told = 0;
      items += 1;
    },
  };
}

/** What a real one refuses. */
function whatIsWrong(session: Realtime.SessionUpdateEvent['session']): string | undefined {
  if (session.type !== 'transcription') return 'expected a transcription session';
  const input = session.audio?.input;
  if (input?.format?.type !== 'audio/pcm' || input.format.rate !== 24_000) return 'audio.input.format: only 24 kHz PCM';
  if (input.turn_detection !== null) return 'turn_detection: this client ends its turns itself';
  return input.transcription?.model ? undefined : 'transcription.model is missing';
}
