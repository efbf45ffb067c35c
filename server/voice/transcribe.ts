/** Transcription of a whole recording on the streaming port: cut into utterances at pauses, one after the other. */
import type { SpeechToText } from '../ports/speech-to-text.ts';
import type { OnUsage } from '../ports/usage.ts';

const SAMPLE_RATE = 16_000;
/** Loudness is measured in steps of this length. */
const STEP_SAMPLES = SAMPLE_RATE / 50;
/** The port drops audio past 60 s unread, and a shorter utterance lets others have their turn in between. */
const MAX_UTTERANCE_STEPS = 25 * 50;
/** A cut is looked for from here on. */
const MIN_UTTERANCE_STEPS = 12 * 50;
/** The cut lies in the middle of the quietest stretch of this length: longer than the closure of a "p" or "t". */
const PAUSE_STEPS = 15;

/**
 * What is said in 16 kHz mono samples of any length; '' when no words were heard. Rejects as the port does, or with the
 * signal's reason.
 */
export async function transcribe(
  stt: SpeechToText,
  pcm: Int16Array,
  { signal, onUsage }: { signal: AbortSignal; onUsage?: OnUsage },
): Promise<string> {
  const texts: string[] = [];
  for (const utterance of cutAtPauses(pcm)) {
    signal.throwIfAborted();
    const transcription = stt.open({ signal, onPartial: () => {}, ...(onUsage && { onUsage }) });
    transcription.push(utterance);
    const { text } = await transcription.finish();
    texts.push(text.trim());
  }
  return texts.filter(Boolean).join(' ');
}

/** Consecutive parts of at most 25 s that make up the whole; cut where it is quietest. Views, not copies. */
export function cutAtPauses(pcm: Int16Array): Int16Array[] {
  const energies = stepEnergies(pcm);
  const parts: Int16Array[] = [];
  let fromStep = 0;
  while (energies.length - fromStep > MAX_UTTERANCE_STEPS) {
    const cut = quietest(energies, fromStep + MIN_UTTERANCE_STEPS, fromStep + MAX_UTTERANCE_STEPS);
    parts.push(pcm.subarray(fromStep * STEP_SAMPLES, cut * STEP_SAMPLES));
    fromStep = cut;
  }
  parts.push(pcm.subarray(fromStep * STEP_SAMPLES));
  return parts.filter((part) => part.length > 0);
}

/** Energy of each whole or broken step: the sum of its squares. */
function stepEnergies(pcm: Int16Array): Float64Array {
  const energies = new Float64Array(Math.ceil(pcm.length / STEP_SAMPLES));
  for (let i = 0; i < pcm.length; i++) {
    const step = Math.floor(i / STEP_SAMPLES);
    energies[step] = (energies[step] ?? 0) + (pcm[i] ?? 0) ** 2;
  }
  return energies;
}

/** The step in the middle of the quietest stretch that lies within; of equal ones the last, for fewer cuts. */
function quietest(energies: Float64Array, fromStep: number, toStep: number): number {
  let sum = 0;
  for (let i = fromStep; i < fromStep + PAUSE_STEPS; i++) sum += energies[i] ?? 0;
  let least = sum;
  let at = fromStep;
  for (let start = fromStep + 1; start + PAUSE_STEPS <= toStep; start++) {
    sum += (energies[start + PAUSE_STEPS - 1] ?? 0) - (energies[start - 1] ?? 0);
    if (sum > least) continue;
    least = sum;
    at = start;
  }
  return at + Math.floor(PAUSE_STEPS / 2);
}
