/**
 * Transcription over HTTP: the whole utterance is sent as a file once it is over. For recordings that were uploaded, for
 * servers without a transcription socket, and in the place of a socket that fails.
 */
import { toFile } from 'openai';
import { Stream } from 'openai/streaming';
import type {
  Transcription as WholeTranscription,
  TranscriptionStreamEvent,
  TranscriptionTextDoneEvent,
} from 'openai/resources/audio/transcriptions';
import { createDeadline, type Deadline } from '../../ports/deadline.ts';
import type { FinalTranscript, SpeechToText, TranscriptionOptions } from '../../ports/speech-to-text.ts';
import type { OpenAiClient } from './client.ts';
import { createParameters, type Optional } from './parameters.ts';
import { transcriptionUsage } from './transcription-usage.ts';
import { createUtterance, type Utterance } from './utterance.ts';
import { toWav } from './wav.ts';

export const DEFAULT_FILE_MODEL = 'gpt-transcribe';
const RATE = 16_000;
/** Shorter files are refused, and hold no word. */
const MIN_SECONDS = 0.1;
/** How long an answer may take for each second of audio, besides the usual. */
const MS_A_SECOND = 100;

export interface FileTranscriptionOptions {
  client: OpenAiClient;
  model?: string | undefined;
  /** ISO 639-1, as in `en`; unset: the model finds out. */
  language?: string | undefined;
}

interface FileRequest {
  model: string;
  language?: string;
  response_format: 'json';
  stream?: true;
}

const OPTIONALS: readonly Optional<FileRequest>[] = [
  { name: 'stream', isIn: (request) => request.stream === true, without: ({ stream: _, ...request }) => request },
  {
    name: 'language',
    isIn: (request) => request.language !== undefined,
    without: ({ language: _, ...request }) => request,
  },
];

export function createOpenAiFileTranscription(options: FileTranscriptionOptions): SpeechToText {
  const { client, model = DEFAULT_FILE_MODEL, language } = options;
  const { clock, deadlines, failures } = client;
  const parameters = createParameters<FileRequest>(OPTIONALS);
  const timeout = () => failures.timeout('transcription');

  const send = async (utterance: Utterance, deadline: Deadline): Promise<Response> => {
    const request: FileRequest = { model, response_format: 'json', stream: true, ...(language && { language }) };
    const wav = toWav(utterance.whole(), RATE);
    deadline.within(deadlines.fileFirstMs + utterance.seconds * MS_A_SECOND, timeout);
    return parameters.send(model, request, async (attempt) => {
      const file = await toFile(wav, 'utterance.wav', { type: 'audio/wav' });
      return client.sdk.audio.transcriptions.create({ ...attempt, file }, { signal: deadline.signal }).asResponse();
    });
  };

  /** Servers that can't stream answer in one piece, whether or not they say that they don't know the parameter. */
  const read = async (response: Response, deadline: Deadline, onText: (text: string) => void): Promise<Answer> => {
    if (!response.headers.get('content-type')?.includes('event-stream')) {
      const { text, usage } = (await response.json()) as WholeTranscription;
      if (typeof text !== 'string') throw failures.broken('no transcript');
      return { text, usage };
    }
    const stop = new AbortController();
    let text = '';
    let done: Answer | undefined;
    // Read to its end, so that the connection can be used again.
    for await (const event of Stream.fromSSEResponse<TranscriptionStreamEvent>(response, stop, client.sdk)) {
      deadline.within(deadlines.transcriptMs, timeout);
      if (event.type === 'transcript.text.done') done = event;
      if (event.type === 'transcript.text.delta') onText((text += event.delta));
    }
    deadline.signal.throwIfAborted();
    if (!done) throw failures.broken('no end of the transcript');
    return done;
  };

  const transcribe = async (utterance: Utterance, transcription: TranscriptionOptions): Promise<FinalTranscript> => {
    const { signal, onPartial, onUsage } = transcription;
    signal.throwIfAborted();
    if (utterance.seconds < MIN_SECONDS) return { text: '', incomplete: utterance.lost };
    const deadline = createDeadline(clock, signal);
    let response: Response | undefined;
    let answer: Answer | undefined;
    try {
      response = await send(utterance, deadline);
      answer = await read(response, deadline, onPartial);
      return { text: answer.text.trim(), incomplete: utterance.lost };
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw failures.of(error, { model, phase: response ? 'answering' : 'before' });
    } finally {
      if (!answer) deadline.abort(undefined);
      deadline.close();
      if (response) onUsage?.(transcriptionUsage(model, utterance.seconds, answer?.usage));
    }
  };

  return {
    name: 'openai file',
    open(transcription) {
      const utterance = createUtterance();
      let final: Promise<FinalTranscript> | undefined;
      return {
        push: (pcm) => {
          if (!final && !transcription.signal.aborted) utterance.push(pcm);
        },
        finish: () => (final ??= transcribe(utterance, transcription)),
      };
    },
    close: () => Promise.resolve(),
  };
}

interface Answer {
  text: string;
  usage?: WholeTranscription['usage'] | TranscriptionTextDoneEvent['usage'];
}
