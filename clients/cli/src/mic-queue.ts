/** What a virtual microphone will give out: clips in order, silence where there is none. */
export interface MicQueue {
  /** Resolves when the last sample was taken; rejects when aborted or closed before. */
  say(pcm: Int16Array, signal?: AbortSignal): Promise<void>;
  /** The next samples; always as many as asked for. */
  take(samples: number): Int16Array;
  close(): void;
}

interface Clip {
  rest: Int16Array;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

export function createMicQueue(): MicQueue {
  const clips: Clip[] = [];
  let closed = false;
  const withdraw = (clip: Clip, reason: unknown) => {
    const at = clips.indexOf(clip);
    if (at < 0) return;
    clips.splice(at, 1);
    clip.reject(reason);
  };
  return {
    say: (pcm, signal) =>
      new Promise<void>((resolve, reject) => {
        if (closed) return reject(new Error('The microphone is closed.'));
        if (signal?.aborted) return reject(signal.reason);
        const clip = { rest: pcm, resolve, reject };
        clips.push(clip);
        signal?.addEventListener('abort', () => withdraw(clip, signal.reason), { once: true });
      }),
    take(samples) {
      const out = new Int16Array(samples);
      let filled = 0;
      while (filled < samples) {
        const clip = clips[0];
        if (!clip) break;
        const part = clip.rest.subarray(0, samples - filled);
        out.set(part, filled);
        filled += part.length;
        clip.rest = clip.rest.subarray(part.length);
        if (clip.rest.length === 0) clips.shift()?.resolve();
      }
      return out;
    },
    close() {
      closed = true;
      for (const clip of clips.splice(0)) clip.reject(new Error('The microphone is closed.'));
    },
  };
}
