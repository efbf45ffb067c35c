/**
 * Speech by `audio.speech`: one request a sentence, PCM as it is made. The models behind it end on 2027-01-06 (dates in
 * the SDK's types), so this stays small.
 */
import { createDeadline, type Deadline } from '../../ports/deadline.ts';
import type { SpeechChunk, SynthesisOptions, TextToSpeech } from '../../ports/text-to-speech.ts';
import type { OpenAiClient } from './client.ts';
import { createParameters, type Optional } from './parameters.ts';

export const DEFAULT_SPEECH_MODEL = 'gpt-4o-mini-tts';
export const DEFAULT_VOICE = 'marin';
/** Of `gpt-4o-mini-tts`, as the SDK's types name them; the first two are the newest. */
export const OPENAI_VOICES = ['marin', 'cedar', 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse'];
/** What `response_format: "pcm"` is: 16 bit, little-endian, mono. */
const SAMPLE_RATE = 24_000;

export interface TextToSpeechOptions {
  client: OpenAiClient;
  model?: string | undefined;
  voice?: string | undefined;
  /** How the voice is to speak, for models that take it. */
  instructions?: string | undefined;
}

type SpeechRequest = Parameters<OpenAiClient['sdk']['audio']['speech']['create']>[0];

const OPTIONALS: readonly Optional<SpeechRequest>[] = [
  {
    name: 'stream_format',
    isIn: (request) => request.stream_format !== undefined,
    without: ({ stream_format: _, ...request }) => request,
  },
  {
    name: 'instructions',
    isIn: (request) => request.instructions !== undefined,
    without: ({ instructions: _, ...request }) => request,
  },
];

export function createOpenAiTextToSpeech(options: TextToSpeechOptions): TextToSpeech {
  const { client, model = DEFAULT_SPEECH_MODEL, voice = DEFAULT_VOICE, instructions } = options;
  const { clock, deadlines, failures } = client;
  const parameters = createParameters<SpeechRequest>(OPTIONALS);
  const timeout = () => failures.timeout(`voice "${voice}"`);

  const open = async (input: string, deadline: Deadline) => {
    const request: SpeechRequest = {
      model,
      voice,
      input,
      response_format: 'pcm',
      stream_format: 'audio',
      ...(instructions !== undefined && { instructions }),
    };
    const response = await parameters.send(model, request, (attempt) =>
      client.sdk.audio.speech.create(attempt, { signal: deadline.signal }),
    );
    const contentType = response.headers.get('content-type') ?? '';
    // A proxy's error page, spoken, is a loud noise.
    if (/^(text|application\/json)/.test(contentType) || !response.body) throw failures.broken('no audio');
    return response.body.getReader();
  };

  async function* synthesize(text: string, { signal, onUsage }: SynthesisOptions): AsyncGenerator<SpeechChunk> {
    signal.throwIfAborted();
    const deadline = createDeadline(clock, signal);
    const samples = createSampleReader();
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let spokenSamples = 0;
    let spoken = false;
    try {
      deadline.within(deadlines.speechFirstMs, timeout);
      reader = await open(text, deadline);
      for (;;) {
        const { done, value } = await reader.read();
        deadline.pause();
        if (done) break;
        const pcm = samples.read(value);
        spokenSamples += pcm.length;
        if (pcm.length > 0) yield { pcm };
        deadline.within(deadlines.speechGapMs, timeout);
      }
      if (spokenSamples === 0) throw failures.broken('no audio');
      spoken = true;
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw failures.of(error, { model, phase: reader ? 'answering' : 'before' });
    } finally {
      // The caller may have left in the middle: nothing of it is made any more.
      if (!spoken) {
        deadline.abort(undefined);
        client.warm();
      }
      deadline.close();
      const audioSeconds = spokenSamples / SAMPLE_RATE;
      if (reader) onUsage?.({ kind: 'speech', provider: 'openai', model, characters: text.length, audioSeconds });
    }
  }

  return {
    name: `openai ${voice}`,
    sampleRate: SAMPLE_RATE,
    synthesize,
    warm: () => client.warm(),
    close: () => Promise.resolve(),
  };
}

/** Bytes come in pieces that may cut a sample in half. */
function createSampleReader(): { read(bytes: Uint8Array): Int16Array } {
  let half: number | undefined;
  return {
    read(bytes) {
      const offset = half === undefined ? 0 : 1;
      const whole = new Uint8Array(Math.floor((bytes.length + offset) / 2) * 2);
      if (half !== undefined && whole.length > 0) whole[0] = half;
      whole.set(bytes.subarray(0, whole.length - offset), offset);
      const isCut = (bytes.length + offset) % 2 === 1;
      half = isCut ? bytes[bytes.length - 1] : whole.length > 0 ? undefined : half;
      // As little-endian as every machine that runs this.
      return new Int16Array(whole.buffer);
    },
  };
}
