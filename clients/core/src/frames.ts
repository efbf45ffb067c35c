/** Cuts bytes of PCM16 into frames of `samples`, wherever the chunks end; each has memory of its own. */
export function createFrameCutter(samples: number): (bytes: Uint8Array) => Int16Array[] {
  let frame = new Uint8Array(samples * 2);
  let filled = 0;
  return (bytes) => {
    const frames: Int16Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < frame.length) break;
      frames.push(new Int16Array(frame.buffer));
      frame = new Uint8Array(samples * 2);
      filled = 0;
    }
    return frames;
  };
}
