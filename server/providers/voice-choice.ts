/**
 * Several voices as one, of which each sentence may name the one it wants. A voice that nobody has asked for yet is not
 * opened; one that fails leaves its sentence to the usual voice.
 */
import type { Voice } from '../../protocol/voices.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import type { ChainOptions } from './chain.ts';
import { createFallbackSpeech } from './fallback-speech.ts';

export interface OfferedVoice extends Voice {
  /** Called once, when somebody first wants it. */
  open(): TextToSpeech;
}

export interface VoiceChoiceOptions extends ChainOptions {
  /** Speaks when nothing else is asked for, as `usualId`, which is among `offered`. */
  usual: TextToSpeech;
  usualId: string;
  offered: readonly OfferedVoice[];
}

export function createVoiceChoice({ usual, usualId, offered, ...rest }: VoiceChoiceOptions): TextToSpeech {
  const opened: TextToSpeech[] = [];
  const chains = new Map<string, TextToSpeech>([[usualId, usual]]);
  const voiceOf = (id: string): TextToSpeech => {
    const known = chains.get(id);
    const offer = known ? undefined : offered.find((each) => each.id === id);
    if (!offer) return known ?? usual;
    const voice = offer.open();
    opened.push(voice);
    const chain = createFallbackSpeech({ ...rest, voices: [voice, usual], sampleRate: usual.sampleRate });
    chains.set(id, chain);
    return chain;
  };
  const voices = [...offered]
    .sort((a, b) => Number(b.id === usualId) - Number(a.id === usualId))
    .map(({ open: _, ...voice }): Voice => voice);
  return {
    name: usual.name,
    sampleRate: usual.sampleRate,
    voices,
    synthesize: (text, options) => voiceOf(options.voice ?? usualId).synthesize(text, options),
    warm: () => usual.warm?.(),
    close: async () => void (await Promise.all([usual, ...opened].map((voice) => voice.close()))),
  };
}
