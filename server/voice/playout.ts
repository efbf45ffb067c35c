/**
 * Playout of one turn's speech: cuts it into 20 ms frames, sends them at most `aheadMs` ahead of what the client says it
 * played, and knows at any time which words were heard. Driven by the client's reports alone, so nothing is timed here
 * but their absence.
 */
import { encodeFrame, FRAME_MS, FrameKind, type SpeechRate } from '../../protocol/audio-frame.ts';
import type { WordTime } from '../../protocol/messages.ts';
import type { Clock } from '../ports/clock.ts';
import { heardText, type SpokenSentence, wholeSentencesHeard } from './heard.ts';

/** Synthesis waits while this much speech is unsent: enough to hide a slow sentence, little to throw away. */
const MAX_UNSENT_MS = 10_000;
/** Clients round their positions: this close to the end is the end. */
const END_TOLERANCE_MS = 30;

export interface PlayoutOptions {
  turn: number;
  rate: SpeechRate;
  aheadMs: number;
  /** Without a report for this long while speech is out, the client is too slow. */
  reportTimeoutMs: number;
  clock: Clock;
  /** Aborted when the turn is: nothing is sent from then on. */
  signal: AbortSignal;
  sendFrame(bytes: Uint8Array): void;
  /** The first frame of a sentence was sent. */
  onSentence(text: string, words: readonly WordTime[] | undefined): void;
  /** The last frame was sent. */
  onSent(durationMs: number): void;
  /** The client has played all of it. */
  onPlayed(): void;
  onStalled(): void;
}

export interface Playout {
  beginSentence(text: string): void;
  /** Samples of the current sentence at `rate`. Resolves when there is room for more. */
  push(pcm: Int16Array, words?: readonly WordTime[]): Promise<void>;
  endSentence(): void;
  /** Samples at `rate` that belong to no sentence: a filler. Before the sentence under way, if nothing of that is here. */
  aside(pcm: Int16Array): void;
  /** Drops the sentences of which nothing was sent yet; the one under way is said to its end. */
  dropUnsent(): void;
  /** No more sentences. */
  end(): void;
  /** The client's position, from the start of the turn's audio. Going backwards is ignored. */
  report(playedMs: number, ended?: boolean): void;
  /** What was heard when playback stood at `playedMs`. */
  heard(playedMs?: number): string;
  /** How many sentences were heard to their end when playback stood at `playedMs`. */
  wholeHeard(playedMs?: number): number;
  readonly playedMs: number;
  readonly started: boolean;
}

export function createPlayout(options: PlayoutOptions): Playout {
  const { rate, turn, signal } = options;
  const frameSamples = (rate * FRAME_MS) / 1000;
  const toMs = (samples: number) => (samples * 1000) / rate;
  const toSent = (atMs: number) => Math.min((atMs * rate) / 1000, sentSamples);
  const chunks: Int16Array[] = [];
  const sentences: (SpokenSentence & { announced: boolean })[] = [];
  let unsentSamples = 0;
  let pushedSamples = 0;
  let sentSamples = 0;
  let seq = 0;
  let playedMs = 0;
  let ended = false;
  let lastSent = false;
  let played = false;
  // What still comes of a sentence that was dropped.
  let dropping = false;
  let roomWaiter: (() => void) | undefined;
  let cancelStallTimer: (() => void) | undefined;

  const watchReports = () => {
    cancelStallTimer?.();
    cancelStallTimer = played || signal.aborted ? undefined : options.clock.after(options.reportTimeoutMs, stalled);
  };
  const stalled = () => {
    // Who has played all there was has nothing to report until more comes.
    const isWaiting = !lastSent && playedMs >= toMs(sentSamples) - END_TOLERANCE_MS;
    if (!signal.aborted && !played && !isWaiting) options.onStalled();
  };
  signal.addEventListener(
    'abort',
    () => {
      cancelStallTimer?.();
      roomWaiter?.();
      chunks.length = 0;
    },
    { once: true },
  );

  const announce = (uptoSample: number) => {
    for (const sentence of sentences) {
      if (sentence.announced || sentence.startSample >= uptoSample) continue;
      sentence.announced = true;
      options.onSentence(sentence.text, sentence.words.length > 0 ? sentence.words : undefined);
    }
  };

  const sendFrame = (samples: number, last: boolean) => {
    const pcm = take(chunks, samples);
    unsentSamples -= samples;
    const frame = {
      kind: FrameKind.speech,
      first: seq === 0,
      last,
      gap: false,
      stream: turn,
      seq,
      pts: sentSamples,
      pcm,
    };
    sentSamples += samples;
    seq += 1;
    options.sendFrame(encodeFrame(frame));
    announce(sentSamples);
    if (seq === 1) watchReports();
  };

  const pump = () => {
    const mayReach = () => toMs(sentSamples) < playedMs + options.aheadMs;
    while (!signal.aborted && unsentSamples >= frameSamples && mayReach()) sendFrame(frameSamples, false);
    if (signal.aborted || !ended || lastSent || unsentSamples >= frameSamples) return;
    if (unsentSamples > 0 && !mayReach()) return;
    sendFrame(unsentSamples, true);
    lastSent = true;
    announce(Number.POSITIVE_INFINITY);
    options.onSent(toMs(sentSamples));
    finishIfPlayed();
  };

  const finishIfPlayed = () => {
    if (!lastSent || played || signal.aborted || playedMs < toMs(sentSamples) - END_TOLERANCE_MS) return;
    played = true;
    cancelStallTimer?.();
    options.onPlayed();
  };

  return {
    beginSentence(text) {
      dropping = false;
      sentences.push({ text, startSample: pushedSamples, endSample: undefined, words: [], announced: false });
    },
    async push(pcm, words) {
      if (signal.aborted || dropping) return;
      const sentence = sentences.at(-1);
      if (words && sentence) sentence.words.push(...words);
      chunks.push(pcm);
      unsentSamples += pcm.length;
      pushedSamples += pcm.length;
      pump();
      while (toMs(unsentSamples) > MAX_UNSENT_MS && !signal.aborted) {
        await new Promise<void>((resolve) => (roomWaiter = resolve));
      }
    },
    endSentence() {
      if (dropping) return;
      const sentence = sentences.at(-1);
      if (sentence) sentence.endSample = pushedSamples;
    },
    aside(pcm) {
      if (signal.aborted || ended) return;
      const next = sentences.at(-1);
      const isNext = next?.endSample === undefined && next?.startSample === pushedSamples;
      chunks.push(pcm);
      unsentSamples += pcm.length;
      pushedSamples += pcm.length;
      if (next && isNext) next.startSample = pushedSamples;
      pump();
    },
    dropUnsent() {
      const first = sentences.findIndex(({ startSample }) => startSample >= sentSamples);
      if (first < 0) return;
      const dropped = sentences.splice(first);
      const keepSamples = (dropped[0]?.startSample ?? pushedSamples) - sentSamples;
      const kept = take(chunks, keepSamples);
      chunks.splice(0, chunks.length, kept);
      unsentSamples = keepSamples;
      pushedSamples = sentSamples + keepSamples;
      dropping = dropped.some(({ endSample }) => endSample === undefined);
      roomWaiter?.();
    },
    end() {
      ended = true;
      pump();
    },
    report(reportedMs, clientEnded = false) {
      if (signal.aborted || played) return;
      // A client can't have played what it was not sent.
      playedMs = Math.max(playedMs, Math.min(reportedMs, toMs(sentSamples)));
      if (clientEnded && lastSent) playedMs = toMs(sentSamples);
      if (seq > 0) watchReports();
      pump();
      finishIfPlayed();
      if (toMs(unsentSamples) <= MAX_UNSENT_MS) roomWaiter?.();
    },
    heard: (atMs = playedMs) => heardText(sentences, toSent(atMs), rate),
    wholeHeard: (atMs = playedMs) => wholeSentencesHeard(sentences, toSent(atMs)),
    get playedMs() {
      return playedMs;
    },
    get started() {
      return seq > 0;
    },
  };
}

/** Takes `samples` off the front of the chunks. */
function take(chunks: Int16Array[], samples: number): Int16Array {
  const out = new Int16Array(samples);
  let filled = 0;
  while (filled < samples) {
    const head = chunks[0];
    if (!head) break;
    const part = head.subarray(0, samples - filled);
    out.set(part, filled);
    filled += part.length;
    if (part.length === head.length) chunks.shift();
    else chunks[0] = head.subarray(part.length);
  }
  return out;
}
