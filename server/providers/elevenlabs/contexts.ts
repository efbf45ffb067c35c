/** Contexts of turns: one a turn, opened with its first sentence, closed as soon as its signal is aborted. */
import { randomUUID } from 'node:crypto';
import type { KukuError } from '../../errors.ts';
import type { Deadline } from '../../ports/deadline.ts';
import type { SpeechChunk } from '../../ports/text-to-speech.ts';
import type { ElevenLabsAccount } from './account.ts';
import { createSentenceAudio, type SentenceAudio } from './sentence-audio.ts';
import type { AudioFrame, ClientFrame, VoiceSettings } from './speech-frames.ts';
import type { SpeechSocket } from './speech-socket.ts';

export interface TurnContext {
  /** Sends the sentence and yields its audio. One sentence at a time. */
  say(text: string, deadline: Deadline): AsyncGenerator<SpeechChunk>;
  /** Whether it takes another sentence. */
  readonly isOpen: boolean;
  /** The last failure came from the socket's age or fullness: another one may do. */
  readonly wasStale: boolean;
  close(): void;
}

export interface TurnContextOptions {
  account: ElevenLabsAccount;
  socket: SpeechSocket;
  voiceSettings: VoiceSettings | undefined;
  onClosed(): void;
}

/** A sentence under way: what came of it and was not read yet. */
interface Saying {
  audio: SentenceAudio;
  ready: SpeechChunk[];
  outcome: { error?: KukuError } | undefined;
  wake: (() => void) | undefined;
}

export function openContext({ account, socket, voiceSettings, onClosed }: TurnContextOptions): TurnContext {
  const { clock, deadlines, failures } = account;
  const id = randomUUID();
  let saying: Saying | undefined;
  let isOpen = true;
  let wasStale = false;
  let cancelQuiet: (() => void) | undefined;

  const settle = (outcome: Saying['outcome']) => {
    cancelQuiet?.();
    if (saying) saying.outcome ??= outcome;
    saying?.wake?.();
  };
  const shut = () => {
    if (!isOpen) return;
    isOpen = false;
    onClosed();
  };
  const onAudio = (frame: AudioFrame) => {
    // Between two sentences only trailing silence comes.
    if (!saying) return;
    saying.ready.push(saying.audio.push(frame));
    cancelQuiet?.();
    if (saying.audio.isWhole) return settle({});
    saying.wake?.();
    cancelQuiet = clock.after(deadlines.speechQuietMs, askForEnd);
  };
  /** The context is given up for a clear answer: what is left of the audio, and then `isFinal`. */
  const askForEnd = () => {
    // The times say that there is more to come: closing now might cut it.
    if (!saying?.audio.mayBeWhole) return;
    shut();
    channel.send({ context_id: id, close_context: true });
  };
  const channel = socket.open(id, {
    onAudio,
    onFinal() {
      shut();
      settle(saying?.audio.mayBeWhole ? {} : { error: failures.broken('the sentence was cut') });
    },
    onLost(error, stale) {
      wasStale = stale;
      shut();
      settle({ error });
    },
  });
  channel.send({ text: ' ', context_id: id, ...(voiceSettings && { voice_settings: voiceSettings }) });

  const close = () => {
    cancelQuiet?.();
    shut();
    channel.close();
  };

  async function* say(text: string, deadline: Deadline): AsyncGenerator<SpeechChunk> {
    const now: Saying = { audio: createSentenceAudio(text), ready: [], outcome: undefined, wake: undefined };
    saying = now;
    const { signal } = deadline;
    const onAbort = () => now.wake?.();
    signal.addEventListener('abort', onAbort);
    const late = () => failures.timeout('the voice');
    try {
      deadline.within(deadlines.speechFirstMs, late);
      channel.send({ text: `${text} `, context_id: id, flush: true } satisfies ClientFrame);
      for (;;) {
        signal.throwIfAborted();
        const chunk = now.ready.shift();
        if (chunk) {
          // Its reader may take its time.
          deadline.pause();
          yield chunk;
          deadline.within(deadlines.speechGapMs, late);
        } else if (now.outcome) {
          if (now.outcome.error) throw now.outcome.error;
          const rest = now.audio.rest();
          if (rest) yield rest;
          return;
        } else await new Promise<void>((resolve) => (now.wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      saying = undefined;
      // Left in the middle: what still comes of this sentence must not be taken for the next one's.
      if (!now.outcome || now.outcome.error) close();
    }
  }

  return {
    say,
    get isOpen() {
      return isOpen;
    },
    get wasStale() {
      return wasStale;
    },
    close,
  };
}
