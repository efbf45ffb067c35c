/** Voices that can be told apart by their pitch in what a client was sent. */
import type { TextToSpeech } from '../../server/ports/text-to-speech.ts';

/** Hz. The loopback cloud's voices are a tone of 300. */
export const PITCH = { cloud: 300, local: 700, filler: 1200 } as const;
export type Heard = keyof typeof PITCH;
const AMPLITUDE = 6553;

/** Speaks at once, 60 ms a character. */
export function pitchedVoice(heard: Heard): TextToSpeech {
  const sampleRate = 16_000;
  return {
    name: heard,
    sampleRate,
    async *synthesize(text, { signal }) {
      const step = (2 * Math.PI * PITCH[heard]) / sampleRate;
      const samples = Math.round((text.length * 60 * sampleRate) / 1000);
      for (let at = 0; at < samples; at += 1600) {
        signal.throwIfAborted();
        const length = Math.min(1600, samples - at);
        yield { pcm: Int16Array.from({ length }, (_, i) => Math.round(AMPLITUDE * Math.sin(step * (at + i)))) };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Who is heard in a frame; undefined for silence. `mixed`: louder than any of them alone. */
export function voiceIn(pcm: Int16Array, rate: number): Heard | 'mixed' | undefined {
  let crossings = 0;
  let peak = 0;
  for (let i = 1; i < pcm.length; i++) {
    const [before = 0, now = 0] = [pcm[i - 1], pcm[i]];
    if (before < 0 !== now < 0) crossings += 1;
    peak = Math.max(peak, Math.abs(now));
  }
  if (peak < AMPLITUDE / 10) return undefined;
  if (peak > AMPLITUDE * 1.5) return 'mixed';
  const hz = (crossings * rate) / (2 * pcm.length);
  const [nearest] = (Object.entries(PITCH) as [Heard, number][]).toSorted(
    ([, a], [, b]) => Math.abs(a - hz) - Math.abs(b - hz),
  );
  return nearest?.[0];
}
