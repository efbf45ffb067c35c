/**
 * One reply from its first word to its last sample: the engine's text → sentences → synthesis → playout. The two halves
 * run side by side, so that the first sentence is spoken while the next is still being written. One signal ends both.
 */
import { randomUUID } from 'node:crypto';
import type { SpeechRate } from '../../protocol/audio-frame.ts';
import type { NoticeCode, TurnLatency, WordTime } from '../../protocol/messages.ts';
import { createResampler } from '../../protocol/resample.ts';
import { isAbort } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { CoachNotes, ReplyPart } from '../ports/language-model.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import type { OnUsage } from '../ports/usage.ts';
import { createExcuses, type Excuses } from './excuses.ts';
import type { Fillers } from './fillers.ts';
import { createPlayout, type Playout } from './playout.ts';
import { type BoundedQueue, createQueue } from './queue.ts';
import { sentences } from './sentences.ts';

/** Sentences written ahead of speech; a reply is four or five. Full: the engine is not read on. */
const MAX_SENTENCES_AHEAD = 32;

export interface ReplyEvents {
  onNotes(notes: CoachNotes): void;
  /** A sentence starts to be heard; without speech, to be read. */
  onSentence(text: string, words: readonly WordTime[] | undefined): void;
  /** The last frame was sent. */
  onAudioEnd(durationMs: number): void;
  onNotice(code: NoticeCode, message: string): void;
  /** Everything was said, and played where there is speech. */
  onCompleted(): void;
  /** No (further) reply can be made. Never called for an abort. */
  onFailed(error: unknown): void;
  /** The client has stopped reporting its playback. */
  onStalled(): void;
}

export interface SpeechOutput {
  /** With fillers, the person is told aloud when the reply is late or breaks off. */
  tts: TextToSpeech & { readonly fillers?: Fillers };
  rate: SpeechRate;
  /** Which of the voices speaks from the next sentence on; undefined: the usual one. */
  voice?: string | undefined;
  aheadMs: number;
  reportTimeoutMs: number;
  sendFrame(bytes: Uint8Array): void;
}

export interface ReplyOptions {
  turn: number;
  parts: AsyncIterable<ReplyPart>;
  /** Absent: the reply is read only. */
  speech: SpeechOutput | undefined;
  /** Monotonic ms since when the person waits; default: now. */
  waitingSinceMs?: number;
  /** What is said aloud when there is no reply: `saved` where that happens again and again. Default `apology`. */
  apology?: 'apology' | 'saved';
  onUsage?: OnUsage;
  clock: Clock;
  signal: AbortSignal;
  events: ReplyEvents;
}

export interface Reply {
  readonly turn: number;
  report(playedMs: number, ended?: boolean): void;
  /** Says no more than the sentences that the client was already sent a part of. */
  endEarly(): void;
  heard(playedMs?: number): string;
  /** The sentences written so far that were not heard to their end. */
  unheard(playedMs?: number): string[];
  readonly playedMs: number;
  /** Whether the client was sent any of it; fillers don't count. */
  readonly started: boolean;
  /** Whether the client was sent anything to play, fillers included. */
  readonly audible: boolean;
  /** Whether the engine has given all of its text. */
  readonly isWritten: boolean;
  /** Legs of the reply, as far as they are known, in ms. */
  latency(): Pick<TurnLatency, 'modelFirstToken' | 'firstSentence' | 'speechFirstByte' | 'firstAudioSent'>;
  /** When the first of it was handed to the socket, monotonic ms. */
  readonly firstSentAtMs: number | undefined;
}

interface Marks {
  start: number;
  firstText?: number;
  firstSentence?: number;
  firstSpeech?: number;
  firstSent?: number;
}

export function startReply(options: ReplyOptions): Reply {
  const { turn, clock, signal, events, speech } = options;
  const marks: Marks = { start: clock.monotonicMs() };
  const mark = (name: Exclude<keyof Marks, 'start'>) => (marks[name] ??= clock.monotonicMs());
  const written: string[] = [];
  let ended = false;
  let isWritten = false;
  const ready = createQueue<string>(MAX_SENTENCES_AHEAD);
  signal.addEventListener('abort', () => ready.fail(signal.reason), { once: true });

  const playout = speech && playoutFor(speech, options, { onStarted: () => mark('firstSent'), onPlayed });
  const excuses = excusesFor(options, playout, marks.start);
  function onPlayed() {
    if (excuses?.failure === undefined) events.onCompleted();
    else events.onFailed(excuses.failure);
  }
  const write = async () => {
    for await (const sentence of sentences(textOf(options, () => mark('firstText')))) {
      mark('firstSentence');
      written.push(sentence);
      await ready.put(sentence, { signal });
    }
    isWritten = true;
    ready.end();
  };
  const voice =
    speech && playout
      ? speak({
          ...options,
          speech,
          playout,
          ready,
          excuses,
          onFirstSpeech: () => mark('firstSpeech'),
          hasEnded: () => ended,
        })
      : read(ready, (sentence) => {
          signal.throwIfAborted();
          mark('firstSent');
          events.onSentence(sentence, undefined);
        });

  const writing = write().catch((error: unknown) => {
    if (signal.aborted || !excuses?.brokeOff(error, written.length)) return ready.fail(error);
    isWritten = true;
    ready.end();
  });
  Promise.all([writing, voice]).then(
    () => {
      if (!speech && !signal.aborted) events.onCompleted();
    },
    (error: unknown) => {
      if (!isAbort(error, signal) && !signal.aborted) events.onFailed(error);
    },
  );

  return {
    turn,
    report: (playedMs, ended) => playout?.report(playedMs, ended),
    endEarly() {
      ended = true;
      playout?.dropUnsent();
    },
    heard: (playedMs) => (playout ? playout.heard(playedMs) : written.join(' ')),
    unheard: (playedMs) => (playout ? written.slice(playout.wholeHeard(playedMs)) : []),
    get playedMs() {
      return playout?.playedMs ?? 0;
    },
    get started() {
      return marks.firstSent !== undefined;
    },
    get audible() {
      return playout ? playout.started : marks.firstSent !== undefined;
    },
    get isWritten() {
      return isWritten;
    },
    latency: () => legs(marks),
    get firstSentAtMs() {
      return marks.firstSent;
    },
  };
}

interface PlayoutEvents {
  onStarted(): void;
  onPlayed(): void;
}

function playoutFor(speech: SpeechOutput, options: ReplyOptions, { onStarted, onPlayed }: PlayoutEvents): Playout {
  const { turn, clock, signal, events } = options;
  const { rate, aheadMs, reportTimeoutMs, sendFrame } = speech;
  return createPlayout({
    turn,
    rate,
    aheadMs,
    reportTimeoutMs,
    clock,
    signal,
    sendFrame: (bytes) => sendFrame(bytes),
    onSentence(text, words) {
      onStarted();
      events.onSentence(text, words);
    },
    onSent: events.onAudioEnd,
    onPlayed,
    onStalled: events.onStalled,
  });
}

function excusesFor(options: ReplyOptions, playout: Playout | undefined, startMs: number): Excuses | undefined {
  const { speech, clock, signal, events, waitingSinceMs = startMs, apology = 'apology' } = options;
  const fillers = speech?.tts.fillers;
  if (!speech || !playout || !fillers) return undefined;
  const { rate } = speech;
  const onNotice = events.onNotice;
  return createExcuses({ fillers, playout, rate, apology, clock, signal, sinceMs: waitingSinceMs, onNotice });
}

async function* textOf({ parts, events }: ReplyOptions, onFirstText: () => void): AsyncIterable<string> {
  for await (const part of parts) {
    if (part.type === 'notes') events.onNotes(part.notes);
    else {
      onFirstText();
      yield part.text;
    }
  }
}

async function read(ready: BoundedQueue<string>, onSentence: (sentence: string) => void): Promise<void> {
  for await (const sentence of ready) onSentence(sentence);
}

interface SpeakOptions extends ReplyOptions {
  speech: SpeechOutput;
  playout: Playout;
  ready: BoundedQueue<string>;
  excuses: Excuses | undefined;
  onFirstSpeech(): void;
  hasEnded(): boolean;
}

async function speak({
  speech,
  playout,
  ready,
  excuses,
  signal,
  onUsage,
  events,
  onFirstSpeech,
  hasEnded,
}: SpeakOptions): Promise<void> {
  const { tts, rate } = speech;
  // Turns of different sessions have the same numbers.
  const turnKey = randomUUID();
  let lost = false;
  for await (const sentence of ready) {
    signal.throwIfAborted();
    if (excuses?.isClosed) return;
    if (hasEnded()) continue;
    playout.beginSentence(sentence);
    const resampler = createResampler(tts.sampleRate, rate);
    try {
      const given = { signal, turnKey, voice: speech.voice, ...(onUsage && { onUsage }) };
      for await (const chunk of tts.synthesize(sentence, given)) {
        if (excuses?.isClosed) return;
        onFirstSpeech();
        excuses?.heard();
        await playout.push(resampler.push(chunk.pcm), chunk.words);
      }
      await playout.push(resampler.flush());
    } catch (error) {
      if (signal.aborted) throw error;
      if (excuses?.isClosed) return;
      lost = true;
      // The captions still have it: the turn goes on with the next sentence.
      events.onNotice('sentence_lost', `I could not say this aloud: “${sentence}”`);
    }
    playout.endSentence();
  }
  if (excuses?.isClosed) return;
  excuses?.over(lost);
  playout.end();
}

function legs(marks: Marks): ReturnType<Reply['latency']> {
  const span = (from?: number, to?: number) =>
    from === undefined || to === undefined ? undefined : Math.max(0, Math.round((to - from) * 100) / 100);
  const all = {
    modelFirstToken: span(marks.start, marks.firstText),
    firstSentence: span(marks.firstText, marks.firstSentence),
    speechFirstByte: span(marks.firstSentence, marks.firstSpeech),
    firstAudioSent: span(marks.firstSpeech, marks.firstSent),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
