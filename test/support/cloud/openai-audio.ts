import type {
  Transcription,
  TranscriptionTextDeltaEvent,
  TranscriptionTextDoneEvent,
} from 'openai/resources/audio/transcriptions';
import type { SpeechCreateParams } from 'openai/resources/audio/speech';
import type { CloudRoute } from './cloud.ts';
import { createScript, isTrouble, type Pace, type Script } from './script.ts';

export interface SpeechAnswer extends Pace {
  /** Length of the tone; default 60 ms a character. */
  durationMs?: number;
  /** Bytes of a piece; odd numbers cut samples in half. Default 4800, 100 ms. */
  pieceBytes?: number;
  /** Answers this instead, as a broken proxy does. */
  html?: string;
}

export interface SpeechScript extends Script<SpeechAnswer> {
  readonly requests: readonly SpeechCreateParams[];
}

export const SPEECH_RATE = 24_000;

/** `POST …/audio/speech` with `response_format: "pcm"`: 24 kHz, 16 bit, little-endian, mono. */
export function speechRoute(): { route: CloudRoute; script: SpeechScript } {
  const script = createScript<SpeechAnswer>({});
  const requests: SpeechCreateParams[] = [];
  const route: CloudRoute = {
    method: 'POST',
    path: /\/audio\/speech$/,
    async respond({ body }, answer) {
      const request = JSON.parse(body.toString()) as SpeechCreateParams;
      requests.push(request);
      const scripted = script.take();
      if (isTrouble(scripted)) return answer.trouble(scripted);
      if (scripted.html) return answer.stream('text/html', [scripted.html], scripted);
      const { durationMs = request.input.length * 60, pieceBytes = 4800 } = scripted;
      await answer.stream('audio/pcm', pieces(tonePcm(durationMs), pieceBytes), scripted);
    },
  };
  return { route, script: { ...script, requests } };
}

/** A 300 Hz tone as the wire has it. */
export function tonePcm(durationMs: number): Buffer {
  const samples = Math.round((durationMs * SPEECH_RATE) / 1000);
  const pcm = Buffer.alloc(2 * samples);
  for (let i = 0; i < samples; i++) {
    pcm.writeInt16LE(Math.round(6553 * Math.sin((2 * Math.PI * 300 * i) / SPEECH_RATE)), 2 * i);
  }
  return pcm;
}

function* pieces(bytes: Buffer, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export interface TranscriptionAnswer extends Pace {
  text?: string;
  /** Answers JSON although a stream was asked for, as servers do that can't stream. */
  unstreamed?: boolean;
  usage?: NonNullable<Transcription['usage']>;
}

export interface ReceivedFile {
  fields: Readonly<Record<string, string>>;
  name: string;
  contentType: string;
  bytes: Buffer;
}

export interface TranscriptionScript extends Script<TranscriptionAnswer> {
  readonly requests: readonly ReceivedFile[];
}

/** `POST …/audio/transcriptions`: a form with a file. */
export function transcriptionRoute(): { route: CloudRoute; script: TranscriptionScript } {
  const script = createScript<TranscriptionAnswer>({ text: 'Hello from the file.' });
  const requests: ReceivedFile[] = [];
  const route: CloudRoute = {
    method: 'POST',
    path: /\/audio\/transcriptions$/,
    async respond({ body, headers }, answer) {
      const request = await readForm(body, headers['content-type'] ?? '');
      requests.push(request);
      const scripted = script.take();
      if (isTrouble(scripted)) return answer.trouble(scripted);
      const { text = '', unstreamed, usage } = scripted;
      if (unstreamed || request.fields['stream'] !== 'true') {
        const whole = { text, ...(usage && { usage }) } satisfies Transcription;
        return answer.stream('application/json', [JSON.stringify(whole)], scripted);
      }
      await answer.stream('text/event-stream', transcriptEvents(text), scripted);
    },
  };
  return { route, script: { ...script, requests } };
}

function* transcriptEvents(text: string): Generator<string> {
  for (const delta of text.match(/\S+\s*/g) ?? []) {
    yield event({ type: 'transcript.text.delta', delta } satisfies TranscriptionTextDeltaEvent);
  }
  const usage = { type: 'tokens' as const, input_tokens: 14, output_tokens: 6, total_tokens: 20 };
  yield event({ type: 'transcript.text.done', text, usage } satisfies TranscriptionTextDoneEvent);
}

const event = (data: TranscriptionTextDeltaEvent | TranscriptionTextDoneEvent) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

async function readForm(body: Buffer, contentType: string): Promise<ReceivedFile> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const fields: Record<string, string> = {};
  let file: ReceivedFile | undefined;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else file = { fields, name: value.name, contentType: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  if (!file) throw new Error('the form has no file');
  return file;
}
