/**
 * Speech by the multi-context socket: a context a turn, a flush a sentence, words with their times. Where no socket
 * comes about, or the model knows none, by HTTP.
 */
import { KukuError } from '../../errors.ts';
import { createDeadline, type Deadline } from '../../ports/deadline.ts';
import type { SpeechChunk, SynthesisOptions, TextToSpeech } from '../../ports/text-to-speech.ts';
import type { ElevenLabsAccount } from './account.ts';
import { openContext, type TurnContext } from './contexts.ts';
import { SPEECH_RATE } from './sentence-audio.ts';
import { speakByHttp } from './speech-http.ts';
import type { VoiceSettings } from './speech-frames.ts';
import { createSpeechSockets, INACTIVITY_SECONDS } from './speech-sockets.ts';

/** The fastest of the current ones. */
export const DEFAULT_SPEECH_MODEL = 'eleven_flash_v2_5';
/** "George", the voice of the SDK's own examples. */
export const DEFAULT_VOICE_ID = 'JBFqnCBsd6RMkjVDRZzb';
/** The speech socket refuses these. */
const WITHOUT_SOCKET = /^eleven_v3/;
/** After a socket did not come about, HTTP is taken at once for this long. */
const SOCKETLESS_MS = 30_000;
const DEFAULT_MAX_SOCKETS = 10;

export interface ElevenLabsSpeechOptions {
  account: ElevenLabsAccount;
  voice?: string | undefined;
  model?: string | undefined;
  voiceSettings?: VoiceSettings | undefined;
  /** Default 10, for 50 turns at a time. */
  maxSockets?: number | undefined;
}

export interface ElevenLabsSpeech extends TextToSpeech {
  readonly model: string;
}

export function createElevenLabsTextToSpeech(options: ElevenLabsSpeechOptions): ElevenLabsSpeech {
  const { account, voice = DEFAULT_VOICE_ID, model = DEFAULT_SPEECH_MODEL, voiceSettings } = options;
  const { clock, failures } = account;
  const path = `/v1/text-to-speech/${encodeURIComponent(voice)}`;
  const query = { model_id: model, output_format: `pcm_${SPEECH_RATE}` };
  const url = account.socketUrl(`${path}/multi-stream-input`, {
    ...query,
    auto_mode: 'true',
    sync_alignment: 'true',
    inactivity_timeout: String(INACTIVITY_SECONDS),
  });
  const sockets = createSpeechSockets({ account, url, model, maxSockets: options.maxSockets ?? DEFAULT_MAX_SOCKETS });
  const contexts = new Map<string, TurnContext>();
  let socketlessUntilMs = WITHOUT_SOCKET.test(model) ? Infinity : 0;

  /** The turn's own; undefined when no socket comes about but HTTP may do. */
  const contextOf = async ({ turnKey, signal, turnSignal = signal }: SynthesisOptions, deadline: Deadline) => {
    const known = contexts.get(turnKey);
    if (known?.isOpen) return known;
    const socket = sockets.take();
    deadline.within(account.deadlines.connectMs, () => failures.timeout('no connection'));
    try {
      await before(socket.ready, deadline.signal);
    } catch (error) {
      if (!isForHttp(error)) throw error;
      socketlessUntilMs = clock.monotonicMs() + SOCKETLESS_MS;
      return undefined;
    }
    // Others had the same socket in mind while it connected.
    const free = socket.hasRoom ? socket : sockets.take();
    if (free !== socket) await before(free.ready, deadline.signal);
    const close = () => context.close();
    const context = openContext({
      account,
      socket: free,
      voiceSettings,
      onClosed() {
        if (contexts.get(turnKey) === context) contexts.delete(turnKey);
        turnSignal.removeEventListener('abort', close);
      },
    });
    // Not the sentence's signal: it is how the end of a turn shows, too.
    turnSignal.addEventListener('abort', close, { once: true });
    contexts.set(turnKey, context);
    return context;
  };

  async function* speak(
    text: string,
    options: SynthesisOptions & { onAsked(): void },
    deadline: Deadline,
  ): AsyncGenerator<SpeechChunk> {
    for (let isSecond = false; clock.monotonicMs() >= socketlessUntilMs; isSecond = true) {
      const context = await contextOf(options, deadline);
      if (!context) break;
      let heard = false;
      options.onAsked();
      try {
        for await (const chunk of context.say(text, deadline)) {
          heard = true;
          yield chunk;
        }
        return;
      } catch (error) {
        // A socket that was too old or too full says so when it is used.
        if (heard || isSecond || !context.wasStale || deadline.signal.aborted) throw error;
      }
    }
    options.onAsked();
    yield* speakByHttp({
      account,
      url: account.httpUrl(`${path}/stream`, query),
      model,
      text,
      voiceSettings,
      deadline,
    });
  }

  return {
    name: 'elevenlabs',
    model,
    sampleRate: SPEECH_RATE,
    async *synthesize(text, options) {
      options.signal.throwIfAborted();
      const deadline = createDeadline(clock, options.signal);
      let wasAsked = false;
      try {
        yield* speak(text, { ...options, onAsked: () => void (wasAsked = true) }, deadline);
      } catch (error) {
        throw deadline.signal.aborted ? deadline.signal.reason : error;
      } finally {
        deadline.close();
        if (wasAsked) {
          options.onUsage?.({ kind: 'speech', provider: 'elevenlabs', model, characters: text.length });
        }
      }
    },
    warm: () => {
      if (socketlessUntilMs < Infinity) sockets.warm();
    },
    close: () => {
      for (const context of contexts.values()) context.close();
      sockets.close();
      return Promise.resolve();
    },
  };
}

/** The promise, or the signal's reason if that comes first. */
function before<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Sockets may be what does not get through (a proxy); a wrong key is wrong over HTTP, too. */
function isForHttp(error: unknown): boolean {
  const codes = ['provider_unreachable', 'provider_bad_request', 'provider_failed'];
  return error instanceof KukuError && codes.includes(error.code);
}
