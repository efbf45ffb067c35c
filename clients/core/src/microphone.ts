import { encodeFrame, FrameKind } from '../../../protocol/audio-frame.ts';

/** Numbers and encodes microphone audio. One stream for the life of a coach: the server tells utterances apart. */
export interface Microphone {
  /** `open` false: the frame is dropped (muted, not connected), and the next one that is sent says that there is a gap. */
  push(pcm: Int16Array, open: boolean): void;
}

const STREAM = 1;

/** `sendFrame` answers false when the frame was dropped. */
export function createMicrophone(sendFrame: (bytes: Uint8Array<ArrayBuffer>) => boolean): Microphone {
  let seq = 0;
  let positionSamples = 0;
  let dropped = false;
  return {
    push(pcm, open) {
      const frame = { kind: FrameKind.microphone, stream: STREAM, seq, pts: positionSamples, pcm };
      const sent = open && sendFrame(encodeFrame({ ...frame, first: seq === 0, last: false, gap: dropped }));
      if (sent) seq += 1;
      // The stream begins with the first frame that was sent: before it nothing can be missing.
      dropped = !sent && seq > 0;
      if (seq > 0) positionSamples += pcm.length;
    },
  };
}

/** Root mean square, 0 to 1. */
export function loudness(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, pcm.length)) / 32_768;
}
