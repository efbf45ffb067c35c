/**
 * How much must be gathered before a turn may play, on the line as it is. After the idea of WebRTC's NetEQ: what is late
 * is measured against a listener that would have begun with the first sample, so that speech which comes faster than it
 * is heard, as it does from a server that sends ahead, counts as early and costs no wait.
 */
export interface Jitter {
  /** A turn begins: what comes next is in time, whenever it comes. */
  begin(): void;
  /** `samples` came at `at`; both at the stream's rate. */
  came(samples: number, at: number): void;
  /** There was nothing left to play: once the next samples are here, the turn begins anew. */
  ranDry(): void;
  /** Samples to gather before playing, when they come no faster than they are heard. */
  readonly primeSamples: number;
  /** Whether a turn of which `gathered` samples wait may play at `at`. */
  isEnough(gathered: number, at: number): boolean;
}

/** What is gathered on a good line; bursts of 100 ms are nothing unusual on any. */
const LEAST_MS = 120;
/**
 * A server sends ahead: what is here at once is 300 ms and more, over which 200 ms of silence on the line are not heard.
 * When less comes, the rest is waited for this long, and what there is must do.
 */
const PLENTY_MS = 300;
const WAIT_MS = 120;
/** Beyond it a wait before each turn is worse than a gap in one. */
const MOST_MS = 500;
/** What was late once may be a little later the next time. */
const MARGIN_MS = 100;
/** The memory of a bad line is halved in about half a minute of speech. */
const HALF_LIFE_MS = 30_000;

export function createJitter(streamRate: number): Jitter {
  const samplesOf = (ms: number) => Math.round((streamRate * ms) / 1000);
  const mostLate = samplesOf(MOST_MS - MARGIN_MS);
  let lateSamples = 0;
  let startedAt: number | undefined;
  let arrived = 0;
  let isDry = false;
  const begin = () => {
    startedAt = undefined;
    arrived = 0;
    isDry = false;
  };
  const primeSamples = () => Math.round(Math.max(samplesOf(LEAST_MS), lateSamples + samplesOf(MARGIN_MS)));
  return {
    begin,
    came(samples, at) {
      const late = startedAt === undefined ? 0 : at - startedAt - arrived;
      lateSamples = Math.min(mostLate, Math.max(lateSamples * 0.5 ** (samples / samplesOf(HALF_LIFE_MS)), late));
      if (isDry) begin();
      startedAt ??= at;
      arrived += samples;
    },
    ranDry: () => void (isDry = true),
    get primeSamples() {
      return primeSamples();
    },
    isEnough(gathered, at) {
      if (gathered < primeSamples()) return false;
      return gathered >= samplesOf(PLENTY_MS) || at - (startedAt ?? at) >= samplesOf(WAIT_MS);
    },
  };
}
