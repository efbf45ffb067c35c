/**
 * Transcription with Scribe's realtime socket, committed at our own end of turn. A socket an utterance: it connects
 * while the person speaks, so nobody waits for it, and none gets old.
 */
import type { WebSocket } from 'ws';
import { createDeadline, type Deadline } from '../../ports/deadline.ts';
import type { FinalTranscript, SpeechToText, Transcription, TranscriptionOptions } from '../../ports/speech-to-text.ts';
import type { ElevenLabsAccount } from './account.ts';
import { dial } from './dial.ts';
import { audioChunk, parseScribeFrame } from './scribe-frames.ts';

const DEFAULT_TRANSCRIPTION_MODEL = 'scribe_v2_realtime';
const RATE = 16_000;
/** Less than this is not committed but refused (`commit_throttled`): silence completes it. */
const MIN_COMMIT_SAMPLES = 0.5 * RATE;
/** A frame of 0.1 s: ten a second. Larger ones only after the connection took its time. */
const CHUNK_SAMPLES = RATE / 10;
const MAX_FRAME_SAMPLES = RATE;
/** What waits for the connection. */
const MAX_UNSENT_SAMPLES = 60 * RATE;

export interface ElevenLabsTranscriptionOptions {
  account: ElevenLabsAccount;
  model?: string | undefined;
  /** ISO 639. Default `en`. */
  language?: string | undefined;
}

export function createElevenLabsSpeechToText(
  options: ElevenLabsTranscriptionOptions,
): SpeechToText & { readonly model: string } {
  const { account, model = DEFAULT_TRANSCRIPTION_MODEL, language = 'en' } = options;
  const url = account.socketUrl('/v1/speech-to-text/realtime', {
    model_id: model,
    audio_format: `pcm_${RATE}`,
    commit_strategy: 'manual',
    language_code: language,
  });
  const open = new Set<Utterance>();
  return {
    name: 'elevenlabs',
    model,
    open(transcription) {
      const utterance = new Utterance({ ...transcription, account, url, model, onOver: () => open.delete(utterance) });
      open.add(utterance);
      return utterance;
    },
    close: () => {
      for (const utterance of open) utterance.fail(account.failures.broken('it was closed'));
      return Promise.resolve();
    },
  };
}

interface UtteranceOptions extends TranscriptionOptions {
  account: ElevenLabsAccount;
  url: string;
  model: string;
  onOver(): void;
}

class Utterance implements Transcription {
  readonly #options: UtteranceOptions;
  readonly #deadline: Deadline;
  readonly #final = Promise.withResolvers<FinalTranscript>();
  readonly #waiting: Int16Array[] = [];
  #waitingSamples = 0;
  #sentSamples = 0;
  #lost = false;
  #socket: WebSocket | undefined;
  #isFinishing = false;
  #isOver = false;
  /** Of long utterances the provider commits parts by itself. */
  readonly #committed: string[] = [];
  #told = '';

  constructor(options: UtteranceOptions) {
    const { account, url, model, signal } = options;
    this.#options = options;
    this.#deadline = createDeadline(account.clock, signal);
    // Whoever does not call `finish` does not want to hear of the failure.
    this.#final.promise.catch(() => {});
    this.#deadline.signal.addEventListener('abort', () => this.fail(this.#deadline.signal.reason), { once: true });
    if (signal.aborted) return (this.fail(signal.reason), this);
    dial({ account, url, model, signal: this.#deadline.signal }).then(
      (socket) => this.#connected(socket),
      (error: unknown) => this.fail(error),
    );
  }

  push(pcm: Int16Array): void {
    if (this.#isOver || this.#isFinishing) return;
    this.#waiting.push(pcm.slice());
    this.#waitingSamples += pcm.length;
    while (this.#waitingSamples > MAX_UNSENT_SAMPLES) {
      this.#waitingSamples -= this.#waiting.shift()?.length ?? 0;
      this.#lost = true;
    }
    if (this.#waitingSamples >= CHUNK_SAMPLES) this.#send();
  }

  finish(): Promise<FinalTranscript> {
    if (!this.#isFinishing && !this.#isOver) {
      this.#isFinishing = true;
      this.#expectFinal();
      this.#send();
    }
    return this.#final.promise;
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#final.reject(error);
    if (!this.#options.signal.aborted) this.#options.onFailed?.(error);
  }

  #connected(socket: WebSocket): void {
    const { failures } = this.#options.account;
    this.#socket = socket;
    if (this.#isOver) return socket.terminate();
    socket.on('message', (data) => this.#receive((data as Buffer).toString()));
    socket.on('close', (closeCode, reason) => {
      this.fail(failures.ofProblem({ closeCode, code: reason.toString() }, this.#options.model));
    });
    this.#send();
  }

  /** What waits, and the commit with the last of it. */
  #send(): void {
    const socket = this.#socket;
    if (!socket || socket.readyState !== socket.OPEN) return;
    if (this.#isFinishing) {
      const missing = MIN_COMMIT_SAMPLES - this.#sentSamples - this.#waitingSamples;
      if (missing > 0) this.#waiting.push(new Int16Array(missing));
    }
    const pcm = joined(this.#waiting.splice(0));
    this.#waitingSamples = 0;
    for (let at = 0; at < pcm.length || (this.#isFinishing && at === 0); at += MAX_FRAME_SAMPLES) {
      const isLast = this.#isFinishing && at + MAX_FRAME_SAMPLES >= pcm.length;
      socket.send(audioChunk(pcm.subarray(at, at + MAX_FRAME_SAMPLES), RATE, isLast));
    }
    this.#sentSamples += pcm.length;
  }

  #receive(text: string): void {
    const { account, model } = this.#options;
    const frame = parseScribeFrame(text);
    if (!frame) return this.fail(account.failures.broken('a frame that is none'));
    switch (frame.type) {
      case 'partial':
        return this.#tell([...this.#committed, frame.text]);
      case 'committed':
        this.#committed.push(frame.text.trim());
        return this.#isFinishing ? this.#succeed() : this.#tell(this.#committed);
      case 'no_speech':
        return this.#isFinishing ? this.#succeed() : undefined;
      case 'error':
        return this.fail(account.failures.ofProblem({ code: frame.code }, model));
      case 'other':
        return undefined;
    }
  }

  #tell(texts: readonly string[]): void {
    const text = texts
      .map((each) => each.trim())
      .filter(Boolean)
      .join(' ');
    if (this.#isFinishing) this.#expectFinal();
    if (text === this.#told) return;
    this.#told = text;
    this.#options.onPartial(text);
  }

  #expectFinal(): void {
    const { deadlines, failures } = this.#options.account;
    this.#deadline.within(deadlines.transcriptMs, () => failures.timeout('the transcript'));
  }

  #succeed(): void {
    const text = this.#committed.filter(Boolean).join(' ');
    this.#end();
    this.#final.resolve({ text, incomplete: this.#lost });
  }

  #end(): void {
    const { model, onUsage, onOver } = this.#options;
    this.#isOver = true;
    this.#deadline.close();
    // Closing politely would wait for an answer that nobody needs.
    if (this.#socket) this.#socket.terminate();
    else this.#deadline.abort(undefined);
    this.#waiting.length = 0;
    const audioSeconds = this.#sentSamples / RATE;
    if (audioSeconds > 0) onUsage?.({ kind: 'transcription', provider: 'elevenlabs', model, audioSeconds });
    onOver();
  }
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
