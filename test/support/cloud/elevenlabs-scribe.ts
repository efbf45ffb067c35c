import { CommittedTranscriptPayload } from '@elevenlabs/elevenlabs-js/serialization/types/CommittedTranscriptPayload.js';
import { InputAudioChunkPayload } from '@elevenlabs/elevenlabs-js/serialization/types/InputAudioChunkPayload.js';
import { PartialTranscriptPayload } from '@elevenlabs/elevenlabs-js/serialization/types/PartialTranscriptPayload.js';
import { SessionStartedPayload } from '@elevenlabs/elevenlabs-js/serialization/types/SessionStartedPayload.js';
import type { WebSocket } from 'ws';
import { systemClock } from '../../../server/ports/clock.ts';
import type { CloudRoute } from './cloud.ts';
import { createScript, isTrouble, type Script } from './script.ts';

const BYTES_A_MS = 32;
const MIN_COMMIT_MS = 300;

export interface ScribeAnswer {
  text: string;
  /** Words come while audio does, one for each of these. */
  wordMs?: number;
  /** From the commit to the final transcript. */
  finalMs?: number;
  /** Instead of the final transcript; with `afterMs`, after so much audio. */
  breaks?: { afterMs?: number } & (
    | { how: 'hang' | 'garbage' | 'reset' }
    | { how: 'close'; code: number; reason: string }
    | { how: 'error'; messageType: string }
  );
}

export interface SeenUtterance {
  readonly audio: Buffer;
  readonly query: URLSearchParams;
  committed: boolean;
  closed: boolean;
}

export interface ScribeScript extends Script<ScribeAnswer> {
  readonly utterances: readonly SeenUtterance[];
}

/** `GET …/speech-to-text/realtime`, upgraded, with `commit_strategy=manual`. */
export function scribeRoute(): { route: CloudRoute; script: ScribeScript } {
  const script = createScript<ScribeAnswer>({ text: 'Hello from the socket.' });
  const utterances: SeenUtterance[] = [];
  const route: CloudRoute = {
    method: 'GET',
    path: /^\/v1\/speech-to-text\/realtime$/,
    upgrade({ query }) {
      const answer = script.take();
      if (isTrouble(answer)) return answer;
      if (query.get('audio_format') !== 'pcm_16000' || query.get('commit_strategy') !== 'manual') {
        return { trouble: 'status', status: 400, body: { detail: { status: 'invalid_request', message: '' } } };
      }
      return (socket) => void utterances.push(serve(socket, query, answer));
    },
  };
  return { route, script: { ...script, utterances } };
}

function serve(socket: WebSocket, query: URLSearchParams, answer: ScribeAnswer): SeenUtterance {
  const pieces: Buffer[] = [];
  let told = 0;
  const seen = {
    get audio() {
      return Buffer.concat(pieces);
    },
    query,
    committed: false,
    closed: false,
  };
  const send = (frame: unknown) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  const fail = (messageType: string) => send({ message_type: messageType, error: `${messageType}: in many words` });
  const breakOff = (breaks: NonNullable<ScribeAnswer['breaks']>) => {
    if (breaks.how === 'garbage') socket.send('{"message_type": ');
    if (breaks.how === 'reset') socket.terminate();
    if (breaks.how === 'close') socket.close(breaks.code, breaks.reason);
    if (breaks.how === 'error') fail(breaks.messageType);
  };
  const complete = () => {
    if (answer.breaks) return breakOff(answer.breaks);
    send(CommittedTranscriptPayload.jsonOrThrow({ messageType: 'committed_transcript', text: answer.text }));
  };
  socket.on('message', (data) => {
    const frame = InputAudioChunkPayload.parse(JSON.parse((data as Buffer).toString()), {
      unrecognizedObjectKeys: 'fail',
    });
    if (!frame.ok || frame.value.sampleRate !== 16_000) return fail('input_error');
    pieces.push(Buffer.from(frame.value.audioBase64, 'base64'));
    const heardMs = seen.audio.length / BYTES_A_MS;
    const { wordMs, breaks, finalMs = 0 } = answer;
    const words = answer.text.split(' ');
    const known = wordMs ? Math.min(words.length, Math.floor(heardMs / wordMs)) : 0;
    if (known > told) {
      told = known;
      const text = words.slice(0, told).join(' ');
      send(PartialTranscriptPayload.jsonOrThrow({ messageType: 'partial_transcript', text }));
    }
    if (breaks?.afterMs !== undefined && heardMs >= breaks.afterMs) return breakOff(breaks);
    if (!frame.value.commit) return;
    if (heardMs < MIN_COMMIT_MS) return fail('commit_throttled');
    seen.committed = true;
    systemClock.after(finalMs, complete);
  });
  socket.on('error', () => {});
  socket.on('close', () => (seen.closed = true));
  const config = { sampleRate: 16_000, commitStrategy: 'manual' as const };
  send(SessionStartedPayload.jsonOrThrow({ messageType: 'session_started', sessionId: 'loopback', config }));
  return seen;
}
