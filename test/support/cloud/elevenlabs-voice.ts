import { AudioOutputMulti } from '@elevenlabs/elevenlabs-js/serialization/types/AudioOutputMulti.js';
import { CloseContext } from '@elevenlabs/elevenlabs-js/serialization/types/CloseContext.js';
import { CloseSocket } from '@elevenlabs/elevenlabs-js/serialization/types/CloseSocket.js';
import { FinalOutputMulti } from '@elevenlabs/elevenlabs-js/serialization/types/FinalOutputMulti.js';
import { InitializeConnectionMulti } from '@elevenlabs/elevenlabs-js/serialization/types/InitializeConnectionMulti.js';
import { SendTextMulti } from '@elevenlabs/elevenlabs-js/serialization/types/SendTextMulti.js';
import type { WebSocket } from 'ws';
import { systemClock } from '../../../server/ports/clock.ts';
import type { CloudRoute } from './cloud.ts';
import { tonePcm } from './openai-audio.ts';
import { createScript, isTrouble, type Script } from './script.ts';

const MAX_CONTEXTS = 5;
const CHAR_MS = 60;
const CHUNK_CHARS = 10;

export interface ConnectAnswer {
  /** The socket is closed after this long, as old ones are. */
  livesMs?: number;
  /** An error frame and a close right after the handshake. */
  refuses?: { code: number; error: string };
}

export interface SentenceAnswer {
  /** From the flush to the first audio. */
  firstMs?: number;
  gapMs?: number;
  /** After so many pieces of audio. `hang`: nothing of the context is answered any more; `stop`: it is said to be final. */
  breaks?:
    | { after: number; how: 'hang' | 'stop' | 'reset' | 'garbage' }
    | { after: number; how: 'close'; code: number; reason: string };
  /** No times come with the audio. */
  unaligned?: boolean;
  /** The times are of other characters than those that were sent, as when numbers are read as words. */
  alignedAs?: string;
}

/** One context, as the cloud saw it. */
export interface SeenContext {
  id: string;
  readonly texts: readonly string[];
  /** Characters that were turned into audio. */
  spokenChars: number;
  closedAtMs: number | undefined;
}

export interface SeenSocket {
  readonly contexts: readonly SeenContext[];
  /** The most that were open at a time. */
  readonly most: number;
  readonly query: URLSearchParams;
  closed: boolean;
}

export interface VoiceScript {
  readonly connects: Script<ConnectAnswer>;
  readonly sentences: Script<SentenceAnswer>;
  readonly sockets: readonly SeenSocket[];
  /** How long a closed context still counts. */
  closingMs: number;
}

/** `GET …/text-to-speech/{voice}/multi-stream-input`, upgraded. */
export function voiceRoute(): { route: CloudRoute; script: VoiceScript } {
  const connects = createScript<ConnectAnswer>({});
  const sentences = createScript<SentenceAnswer>({});
  const sockets: SeenSocket[] = [];
  const script: VoiceScript = { connects, sentences, sockets, closingMs: 5 };
  const route: CloudRoute = {
    method: 'GET',
    path: /^\/v1\/text-to-speech\/[^/]+\/multi-stream-input$/,
    upgrade({ query }) {
      const answer = connects.take();
      if (isTrouble(answer)) return answer;
      if (query.get('output_format') !== 'pcm_24000') throw new Error('expected pcm_24000');
      const next = () => {
        const scripted = sentences.take();
        if (isTrouble(scripted)) throw new Error('a sentence fails by `breaks`');
        return scripted;
      };
      return (socket) => void sockets.push(serve(socket, { query, answer, next, script }));
    },
  };
  return { route, script };
}

interface ServeOptions {
  query: URLSearchParams;
  answer: ConnectAnswer;
  next(): SentenceAnswer;
  script: VoiceScript;
}

interface ClientFrame {
  contextId?: string;
  text?: string;
  flush?: boolean;
  closeContext?: boolean;
  closeSocket?: boolean;
}

/** Undefined when it is none of those that the SDK knows. */
function parseClientFrame(text: string): ClientFrame | undefined {
  const raw: unknown = JSON.parse(text);
  for (const schema of [InitializeConnectionMulti, SendTextMulti, CloseContext, CloseSocket]) {
    const frame = schema.parse(raw, { unrecognizedObjectKeys: 'fail' });
    if (frame.ok) return frame.value;
  }
  return undefined;
}

interface Open {
  seen: SeenContext;
  texts: string[];
  /** Sentences are spoken one after the other; the end comes after the last. */
  work: Promise<void>;
  dropped: boolean;
  hung: boolean;
}

function serve(socket: WebSocket, { query, answer, next, script }: ServeOptions): SeenSocket {
  const open = new Map<string, Open>();
  const contexts: SeenContext[] = [];
  const seen = { contexts, most: 0, query, closed: false };
  const send = (frame: unknown) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  const refuse = (code: number, error: string) => {
    send({ message: `${error} and more words`, error, code });
    socket.close(code, error);
  };
  const begin = (id: string): Open | undefined => {
    if (open.size >= MAX_CONTEXTS) {
      refuse(1008, 'max_active_conversations');
      return undefined;
    }
    const context: SeenContext = { id, texts: [], spokenChars: 0, closedAtMs: undefined };
    const fresh: Open = {
      seen: context,
      texts: context.texts as string[],
      work: Promise.resolve(),
      dropped: false,
      hung: false,
    };
    open.set(id, fresh);
    contexts.push(context);
    seen.most = Math.max(seen.most, open.size);
    return fresh;
  };
  const end = async (id: string, context: Open) => {
    context.seen.closedAtMs = performance.now();
    // What was flushed before is still spoken, unless it would take long: then it is cut.
    await Promise.race([context.work, wait(script.closingMs)]);
    context.dropped = true;
    if (context.hung) return;
    open.delete(id);
    send(FinalOutputMulti.jsonOrThrow({ isFinal: true, contextId: id }));
  };
  socket.on('message', (data) => {
    const frame = parseClientFrame((data as Buffer).toString());
    if (!frame) return refuse(1008, 'input_error');
    const { contextId: id = 'default', text = '', flush, closeContext, closeSocket } = frame;
    if (closeSocket) return socket.close(1000);
    const context = open.get(id) ?? (closeContext ? undefined : begin(id));
    if (!context) return;
    if (closeContext) return void end(id, context);
    if (!flush || text.trim() === '') return;
    context.texts.push(text.trim());
    const scripted = next();
    context.work = context.work.then(() => speak({ socket, send, id, context, text: text.trim(), scripted }));
  });
  socket.on('error', () => {});
  socket.on('close', () => (seen.closed = true));
  if (answer.refuses) refuse(answer.refuses.code, answer.refuses.error);
  if (answer.livesMs !== undefined) systemClock.after(answer.livesMs, () => socket.close(1008, 'session_too_old'));
  return seen;
}

interface SpeakOptions {
  socket: WebSocket;
  send(frame: unknown): void;
  id: string;
  context: Open;
  text: string;
  scripted: SentenceAnswer;
}

/** A tone of 60 ms a character, in pieces of ten characters with their times. */
async function speak({ socket, send, id, context, text, scripted }: SpeakOptions): Promise<void> {
  const { firstMs = 0, gapMs = 0, breaks, unaligned, alignedAs } = scripted;
  const times = alignedAs ?? text;
  const chunks = Math.max(1, Math.ceil(text.length / CHUNK_CHARS));
  for (let index = 0; index < chunks; index++) {
    await wait(index === 0 ? firstMs : gapMs);
    if (breaks?.after === index) {
      if (breaks.how === 'reset') socket.terminate();
      if (breaks.how === 'garbage') socket.send('{"audio": "AAA');
      if (breaks.how === 'close') socket.close(breaks.code, breaks.reason);
      if (breaks.how === 'hang') context.hung = true;
      if (breaks.how === 'stop') send(FinalOutputMulti.jsonOrThrow({ isFinal: true, contextId: id }));
      return;
    }
    if (context.dropped) return;
    const part = text.slice(index * CHUNK_CHARS, (index + 1) * CHUNK_CHARS);
    const share = alignedAs === undefined ? CHUNK_CHARS : Math.ceil(times.length / chunks);
    const chars = times.slice(index * share, (index + 1) * share).split('');
    const charMs = (part.length * CHAR_MS) / Math.max(1, chars.length);
    const alignment = {
      chars,
      charStartTimesMs: chars.map((_, i) => i * charMs),
      charDurationsMs: chars.map(() => charMs),
    };
    context.seen.spokenChars += part.length;
    const audio = tonePcm(part.length * CHAR_MS).toString('base64');
    send(AudioOutputMulti.jsonOrThrow({ audio, ...(!unaligned && { alignment }), contextId: id }));
  }
}

function wait(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => systemClock.after(ms, resolve)) : Promise.resolve();
}
