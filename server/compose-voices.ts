/** The voices that people may choose from: of each provider that speaks here, those that it has. */
import { KukuError } from './errors.ts';
import type { TextToSpeech } from './ports/text-to-speech.ts';
import { DEFAULT_VOICE_ID } from './providers/elevenlabs/text-to-speech.ts';
import { createFliteTextToSpeech } from './providers/local/flite-tts.ts';
import { checkPicoVoice, createPicoTextToSpeech, type PicoOptions } from './providers/local/pico-tts.ts';
import { DEFAULT_VOICE, OPENAI_VOICES } from './providers/openai/text-to-speech.ts';
import type { OfferedVoice } from './providers/voice-choice.ts';

/** Those of this machine; Pico's only where its model is. The first is the usual one. */
export async function localVoices(options: Omit<PicoOptions, 'voice'>): Promise<OfferedVoice[]> {
  const pico = (['en-GB', 'en-US'] as const).map(async (voice): Promise<OfferedVoice[]> => {
    const found = await checkPicoVoice(options.modelsDir, voice);
    const name = voice === 'en-GB' ? 'Kate' : 'Laura';
    const open = () => createPicoTextToSpeech({ ...options, voice });
    return found.ok ? [{ id: `pico-${voice}`, name, language: voice, open }] : [];
  });
  const { clock, log } = options;
  const flite = (voice: 'rms' | 'slt', name: string): OfferedVoice => ({
    id: `flite-${voice}`,
    name,
    language: 'en-US',
    open: () => createFliteTextToSpeech({ voice, clock, log }),
  });
  return [...(await Promise.all(pico)).flat(), flite('rms', 'Richard'), flite('slt', 'Susan')];
}

/** OpenAI's, the configured one first; a compatible server's own when it is none of them. */
export function openaiVoices(configured: string | undefined, open: (voice: string) => TextToSpeech): OfferedVoice[] {
  const usual = configured ?? DEFAULT_VOICE;
  const names = [usual, ...OPENAI_VOICES.filter((voice) => voice !== usual)];
  return names.map((voice) => ({ id: `openai-${voice}`, name: capitalised(voice), open: () => open(voice) }));
}

/** ElevenLabs' configured one: which others there are depends on the account. */
export function elevenLabsVoices(
  configured: string | undefined,
  open: (voice: string | undefined) => TextToSpeech,
): OfferedVoice[] {
  const name = configured === undefined ? 'George' : 'ElevenLabs';
  return [{ id: `elevenlabs-${configured ?? DEFAULT_VOICE_ID}`, name, open: () => open(configured) }];
}

/** The usual voice of a provider is the first of its voices. */
export function firstOf(voices: readonly OfferedVoice[]): OfferedVoice {
  const [first] = voices;
  if (!first) throw new KukuError('No voice is configured.', { code: 'config_invalid' });
  return first;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
