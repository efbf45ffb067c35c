/** Lines of a scripted person, as 16 kHz speech in a voice that is not the coach's. */
import { createResampler } from '../../protocol/resample.ts';
import { systemClock } from '../../server/ports/clock.ts';
import { createFliteTextToSpeech } from '../../server/providers/local/flite-tts.ts';

const RATE = 16_000;

export async function spokenLines(lines: readonly string[]): Promise<Int16Array[]> {
  const voice = createFliteTextToSpeech({ clock: systemClock, voice: 'rms' });
  const { signal } = new AbortController();
  const spoken: Int16Array[] = [];
  try {
    for (const line of lines) {
      const resampler = createResampler(voice.sampleRate, RATE);
      const parts: Int16Array[] = [];
      for await (const { pcm } of voice.synthesize(line, { signal, turnKey: 'person' }))
        parts.push(resampler.push(pcm));
      parts.push(resampler.flush());
      spoken.push(joined(parts));
    }
    return spoken;
  } finally {
    await voice.close();
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
