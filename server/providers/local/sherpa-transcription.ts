import { KukuError } from '../../errors.ts';
import type { FinalTranscript, Transcription, TranscriptionOptions } from '../../ports/speech-to-text.ts';
import { toSentenceCase } from './sentence-case.ts';
import type { SttReply, SttRequest } from './sherpa-stt-worker.ts';
import { createUtteranceAudio } from './utterance-audio.ts';
import type { WorkerHost } from './worker-host.ts';

/** An utterance whose recogniser died this often is given up: it may be what kills it. */
const MAX_RESTARTS = 3;

const RESTART_ON: ReadonlySet<string> = new Set(['engine_died', 'utterance_unknown']);

export interface LocalTranscriptionOptions extends TranscriptionOptions {
  /** Names the utterance to the worker. */
  id: number;
  host: WorkerHost<SttRequest, SttReply>;
  /** Called once, when the worker is no longer needed. */
  closed: () => void;
}

/** One utterance: feeds its audio to the worker, a feed at a time, and once more to the next worker if that one dies. */
export class LocalTranscription implements Transcription {
  readonly #options: LocalTranscriptionOptions;
  readonly #audio = createUtteranceAudio();
  readonly #final = Promise.withResolvers<FinalTranscript>();
  readonly #onAbort = (): void => this.#giveUp(this.#options.signal.reason);
  #state: 'open' | 'finishing' | 'over' = 'open';
  #feeding = false;
  #restarts = 0;
  #heard = '';

  constructor(options: LocalTranscriptionOptions) {
    this.#options = options;
    // Whoever does not call `finish` does not want to hear of the failure.
    this.#final.promise.catch(() => {});
    if (options.signal.aborted) this.#onAbort();
    else options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  push(pcm: Int16Array): void {
    if (this.#state !== 'open') return;
    this.#audio.push(pcm);
    void this.#feedAll();
  }

  finish(): Promise<FinalTranscript> {
    if (this.#state === 'open') this.#state = 'finishing';
    void this.#feedAll();
    return this.#final.promise;
  }

  /** Feeds until nothing waits, or until the utterance is over. Never rejects. */
  async #feedAll(): Promise<void> {
    if (this.#feeding) return;
    this.#feeding = true;
    while (this.#state === 'finishing' || (this.#state === 'open' && this.#audio.waiting > 0)) {
      await this.#feed().catch((error: unknown) => this.#failed(error));
    }
    this.#feeding = false;
  }

  async #feed(): Promise<void> {
    const { offset, pcm } = this.#audio.take();
    const last = this.#state === 'finishing' && this.#audio.waiting === 0;
    const { id, host } = this.#options;
    // Meanwhile audio comes, the utterance is finished, or it is aborted.
    const { text } = await host.request({ kind: 'feed', utterance: id, offset, pcm, last });
    if (this.#state === 'over') return;
    if (!last) return this.#report(text);
    this.#close();
    this.#final.resolve({ text: toSentenceCase(text), incomplete: this.#audio.lost });
  }

  #report(text: string): void {
    // After a restart the text grows again from nothing: silent until there is news.
    if (text === this.#heard || (this.#restarts > 0 && this.#heard.startsWith(text))) return;
    this.#heard = text;
    this.#options.onPartial(toSentenceCase(text));
  }

  #failed(error: unknown): void {
    if (this.#state === 'over') return;
    const { state } = this.#options.host;
    const comesBack = state !== 'broken' && state !== 'closed';
    if (comesBack && this.#restarts < MAX_RESTARTS && error instanceof KukuError && RESTART_ON.has(error.code)) {
      this.#restarts += 1;
      this.#audio.rewind();
      return;
    }
    this.#giveUp(error);
  }

  #giveUp(reason: unknown): void {
    if (this.#state === 'over') return;
    this.#close();
    this.#final.reject(reason);
    // The worker forgets the utterance; if it can't be told, it is gone and has forgotten.
    this.#options.host.request({ kind: 'drop', utterance: this.#options.id }).catch(() => {});
  }

  #close(): void {
    this.#state = 'over';
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#options.closed();
  }
}
