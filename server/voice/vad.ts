/**
 * From probabilities of speech to "speaks" and "is silent". Pure: time is counted in windows of audio, not on a clock.
 *
 * Speech starts at 0.5 and ends below 0.35: the thresholds of Silero's own iterator (`threshold`, and 0.15 less as
 * `neg_threshold`; snakers4/silero-vad, utils_vad.py). Two windows make a start: at 0.5 the detector answers 0.2 % of
 * noise windows wrongly, two in a row are rare, and 64 ms leave the rest of 100 ms for a barge-in. Short of 200 ms,
 * the closure of a stop consonant would count as a pause.
 */
export interface SpeechGateOptions {
  /** Length of a window, in ms of audio. */
  windowMs?: number;
  /** Probability, 0 to 1, from which a window is speech while silent. */
  startThreshold?: number;
  /** Probability below which a window is silence while speaking. */
  stopThreshold?: number;
  /** Windows of speech in a row that start it. */
  startWindows?: number;
  /** Silence that stops it, in ms; rounded up to whole windows. */
  stopAfterMs?: number;
}

export type SpeechChange = 'none' | 'started' | 'stopped';

export interface SpeechGate {
  /** Takes the next window's probability of speech. */
  push(probability: number): SpeechChange;
  readonly speaking: boolean;
  /**
   * Audio since the last window of speech, or since the beginning when there was none. A window above the start
   * threshold that is not confirmed by the next ones is not speech.
   */
  readonly silenceMs: number;
  /** All windows of speech so far; pauses within speech don't count. */
  readonly speechMs: number;
  /** Forgets everything. */
  reset(): void;
}

export function createSpeechGate(options: SpeechGateOptions = {}): SpeechGate {
  const { windowMs = 32, startThreshold = 0.5, stopThreshold = 0.35, startWindows = 2, stopAfterMs = 200 } = options;
  const stopWindows = Math.ceil(stopAfterMs / windowMs);
  let speaking = false;
  let candidateWindows = 0;
  let silentWindows = 0;
  let speechWindows = 0;

  const whileSilent = (probability: number): SpeechChange => {
    silentWindows += 1;
    candidateWindows = probability >= startThreshold ? candidateWindows + 1 : 0;
    if (candidateWindows < startWindows) return 'none';
    speaking = true;
    speechWindows += candidateWindows;
    candidateWindows = 0;
    silentWindows = 0;
    return 'started';
  };

  const whileSpeaking = (probability: number): SpeechChange => {
    if (probability >= stopThreshold) {
      speechWindows += 1;
      silentWindows = 0;
      return 'none';
    }
    silentWindows += 1;
    if (silentWindows < stopWindows) return 'none';
    speaking = false;
    return 'stopped';
  };

  return {
    push: (probability) => (speaking ? whileSpeaking(probability) : whileSilent(probability)),
    get speaking() {
      return speaking;
    },
    get silenceMs() {
      return silentWindows * windowMs;
    },
    get speechMs() {
      return speechWindows * windowMs;
    },
    reset() {
      speaking = false;
      candidateWindows = silentWindows = speechWindows = 0;
    },
  };
}
