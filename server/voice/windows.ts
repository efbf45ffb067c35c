/** Cuts audio of any chunk length into windows of one length, and remembers the last few for the pre-roll. */
export interface Windows {
  /** Whole windows, each with its own samples; what is left over waits for the next call. */
  cut(pcm: Int16Array): Int16Array[];
  remember(window: Int16Array): void;
  /** The remembered windows, oldest first. */
  recent(): readonly Int16Array[];
}

export function createWindows(windowSamples: number, remembered: number): Windows {
  const rest = new Int16Array(windowSamples);
  let restSamples = 0;
  const ring: Int16Array[] = [];
  return {
    cut(pcm) {
      const out: Int16Array[] = [];
      let offset = 0;
      while (offset < pcm.length) {
        const part = pcm.subarray(offset, offset + windowSamples - restSamples);
        rest.set(part, restSamples);
        restSamples += part.length;
        offset += part.length;
        if (restSamples < windowSamples) break;
        out.push(rest.slice());
        restSamples = 0;
      }
      return out;
    },
    remember(window) {
      ring.push(window);
      if (ring.length > remembered) ring.shift();
    },
    recent: () => ring,
  };
}
