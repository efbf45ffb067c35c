/** A sentence by HTTP: `POST …/stream`, samples as they are made, without times of words. */
import type { ElevenLabs } from '@elevenlabs/elevenlabs-js';
import type { Deadline } from '../../ports/deadline.ts';
import type { SpeechChunk } from '../../ports/text-to-speech.ts';
import type { ElevenLabsAccount } from './account.ts';
import { problemOf } from './failures.ts';
import { createSentenceAudio } from './sentence-audio.ts';
import type { VoiceSettings } from './speech-frames.ts';

export interface HttpSpeechOptions {
  account: ElevenLabsAccount;
  url: string;
  model: string;
  text: string;
  voiceSettings: VoiceSettings | undefined;
  deadline: Deadline;
}

/** Abstains from reading numbers as words itself: that costs time, and the text is already made for speaking. */
const NORMALIZATION: ElevenLabs.BodyTextToSpeechStreamApplyTextNormalization = 'off';
const NO_ALIGNMENT = { chars: [], startsMs: [], durationsMs: [] };

export async function* speakByHttp(options: HttpSpeechOptions): AsyncGenerator<SpeechChunk> {
  const { account, deadline } = options;
  const { deadlines, failures } = account;
  const late = () => failures.timeout('the voice');
  deadline.within(deadlines.speechFirstMs, late);
  const body = await request(options);
  const audio = createSentenceAudio('');
  try {
    for await (const bytes of body) {
      deadline.pause();
      const base64 = Buffer.from(bytes).toString('base64');
      const chunk = audio.push({ audio: base64, alignment: NO_ALIGNMENT });
      if (chunk.pcm.length > 0) yield chunk;
      deadline.within(deadlines.speechGapMs, late);
    }
  } catch (error) {
    throw deadline.signal.aborted ? error : failures.broken('the audio');
  }
  deadline.signal.throwIfAborted();
  if (!audio.hasAudio) throw failures.broken('no audio');
}

async function request({ account, url, model, text, voiceSettings, deadline }: HttpSpeechOptions) {
  const { failures } = account;
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...account.authorization(), 'content-type': 'application/json' },
    body: JSON.stringify({
      text,
      model_id: model,
      apply_text_normalization: NORMALIZATION,
      ...(voiceSettings && { voice_settings: voiceSettings }),
    }),
    signal: deadline.signal,
  }).catch((error: unknown) => {
    deadline.signal.throwIfAborted();
    throw failures.unreachable(error instanceof Error ? error.cause : undefined);
  });
  if (!response.ok) {
    const { status, headers } = response;
    const said = await response.text().catch(() => '');
    throw failures.ofProblem(problemOf(status, said, headers.get('retry-after')), model);
  }
  // An answer in another format would be heard as noise.
  if (!response.body || /json|html|text/.test(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    throw failures.broken('no audio');
  }
  return response.body;
}
