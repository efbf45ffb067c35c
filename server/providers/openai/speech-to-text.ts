/**
 * Streaming transcription over Realtime transcription sockets. A socket serves one utterance at a time and is kept for
 * the next: a handshake takes as long as the final transcript does.
 */
import { createResampler } from '../../../protocol/resample.ts';
import type { KukuError } from '../../errors.ts';
import { createDeadline } from '../../ports/deadline.ts';
import type { FinalTranscript, SpeechToText, Transcription, TranscriptionOptions } from '../../ports/speech-to-text.ts';
import type { OpenAiClient } from './client.ts';
import { createLine, type Line, LINE_RATE } from './realtime-line.ts';
import { type ReportedUsage, transcriptionUsage } from './transcription-usage.ts';
import { createUtterance } from './utterance.ts';

export const DEFAULT_TRANSCRIPTION_MODEL = 'gpt-live-transcribe';
const RATE = 16_000;
/** Less is refused, and holds no word. */
const MIN_SECONDS = 0.1;
/** Lines that wait for an utterance; more are closed. */
const MAX_IDLE_LINES = 8;

export interface SpeechToTextOptions {
  client: OpenAiClient;
  model?: string | undefined;
  /** ISO 639-1, as in `en`; unset: the model finds out. */
  language?: string | undefined;
}

export function createOpenAiSpeechToText(options: SpeechToTextOptions): SpeechToText {
  const { client, model = DEFAULT_TRANSCRIPTION_MODEL, language } = options;
  const lines = new Set<Line>();

  const takeLine = (): Line => {
    const free = [...lines].find((line) => line.isIdle && line.isFresh);
    if (free) return free;
    const line = createLine({ client, model, language, onClosed: (closed) => lines.delete(closed) });
    lines.add(line);
    return line;
  };
  const giveBack = (line: Line) => {
    line.release();
    const idle = [...lines].filter(({ isIdle }) => isIdle);
    for (const surplus of idle.slice(MAX_IDLE_LINES)) surplus.drop();
  };

  return {
    name: 'openai',
    open: (transcription) => openUtterance(transcription, { client, model, takeLine, giveBack }),
    async close() {
      for (const line of lines) line.drop();
    },
  };
}

interface Lines {
  client: OpenAiClient;
  model: string;
  takeLine(): Line;
  giveBack(line: Line): void;
}

function openUtterance(options: TranscriptionOptions, { client, model, takeLine, giveBack }: Lines): Transcription {
  const { clock, deadlines, failures } = client;
  const { connectMs, transcriptMs } = deadlines;
  const timeout = () => failures.timeout('transcription');
  const utterance = createUtterance();
  const deadline = createDeadline(clock, options.signal);
  const final = Promise.withResolvers<FinalTranscript>();
  // Whoever does not call `finish` does not want to hear of the failure.
  final.promise.catch(() => {});
  let line: Line | undefined;
  let resampler = createResampler(RATE, LINE_RATE);
  let state: 'open' | 'finishing' | 'committed' | 'over' = 'open';
  let text = '';
  let told = '';
  let sent = false;
  let isSecondTry = false;

  const end = (usage?: ReportedUsage) => {
    state = 'over';
    deadline.signal.removeEventListener('abort', onAbort);
    deadline.close();
    if (sent) options.onUsage?.(transcriptionUsage(model, utterance.seconds, usage));
  };
  const giveUp = (reason: unknown) => {
    if (state === 'over') return;
    line?.drop();
    end();
    final.reject(reason);
    if (!options.signal.aborted) options.onFailed?.(reason);
  };
  const onAbort = () => giveUp(deadline.signal.reason);
  const complete = (whole: string, usage?: ReportedUsage) => {
    if (state === 'over') return;
    if (line) giveBack(line);
    end(usage);
    final.resolve({ text: whole.trim(), incomplete: utterance.lost });
  };

  const pump = () => {
    while (line?.hasRoom && state !== 'over' && state !== 'committed') {
      const piece = utterance.take();
      if (piece) {
        sent = true;
        line.append(resampler.push(piece));
      } else if (state === 'finishing') {
        line.append(resampler.flush());
        line.commit();
        state = 'committed';
        deadline.within(transcriptMs, timeout);
      } else return;
    }
  };
  const onDelta = (delta: string) => {
    text += delta;
    if (state === 'committed') deadline.within(transcriptMs, timeout);
    // On the second try the words come once more: silent until there is news.
    if (told.startsWith(text)) return;
    told = text;
    options.onPartial(text.trim());
  };
  const onFailed = (error: KukuError, again: boolean) => {
    if (state === 'over') return;
    line = undefined;
    if (!again || isSecondTry) return giveUp(error);
    isSecondTry = true;
    if (state === 'committed') state = 'finishing';
    text = '';
    utterance.rewind();
    resampler = createResampler(RATE, LINE_RATE);
    connect();
  };
  const connect = () => {
    line = takeLine();
    line.begin({ onReady: pump, onDelta, onCompleted: complete, onFailed });
  };

  if (deadline.signal.aborted) onAbort();
  else {
    deadline.signal.addEventListener('abort', onAbort, { once: true });
    connect();
  }
  return {
    push(pcm) {
      if (state !== 'open') return;
      utterance.push(pcm);
      pump();
    },
    finish() {
      if (state !== 'open') return final.promise;
      state = 'finishing';
      if (utterance.seconds < MIN_SECONDS) complete('');
      else {
        deadline.within(connectMs + transcriptMs, timeout);
        pump();
      }
      return final.promise;
    },
  };
}
