/**
 * Binary frames of `kuku.v1`: a 12-byte little-endian header, then the payload.
 *
 *     u8  version << 4 | kind      kind 1 microphone, 2 speech
 *     u8  codec << 4 | flags       codec 0 PCM16; flags 1 first, 2 last, 4 gap before this frame
 *     u16 stream                   utterance number (microphone) or turn number (speech), modulo 65,536
 *     u32 seq                      per stream, from 0
 *     u32 pts                      position of the first sample in the stream, in samples
 *
 * The header is even, so that the payload can be viewed as Int16 without a copy.
 */

export const FRAME_VERSION = 1;
export const FRAME_HEADER_BYTES = 12;
/** Largest frame that either side accepts, header included. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** The frame length both sides prefer. */
export const FRAME_MS = 20;

export const FrameKind = { microphone: 1, speech: 2 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export const FrameFlag = { first: 1, last: 2, gap: 4 } as const;

/** Codec 0: signed 16-bit little-endian mono samples. */
export const CODEC_PCM16 = 0;

export const MIC_RATES = [16_000, 24_000] as const;
export const SPEECH_RATES = [16_000, 24_000, 48_000] as const;
export type MicRate = (typeof MIC_RATES)[number];
export type SpeechRate = (typeof SPEECH_RATES)[number];

export interface AudioFrame {
  kind: FrameKind;
  first: boolean;
  last: boolean;
  /** Audio was dropped before this frame. */
  gap: boolean;
  /** Utterance (microphone) or turn (speech), 0 to 65,535. */
  stream: number;
  /** Number of the frame in its stream. */
  seq: number;
  /** Position of the first sample in the stream, in samples. */
  pts: number;
  /** Mono samples. */
  pcm: Int16Array;
}

export type FrameProblem = 'too_short' | 'too_long' | 'version' | 'kind' | 'codec' | 'flags' | 'odd_payload';

export type FrameResult = { ok: true; frame: AudioFrame } | { ok: false; problem: FrameProblem };

const KNOWN_FLAGS = FrameFlag.first | FrameFlag.last | FrameFlag.gap;

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Encodes one frame; `stream`, `seq` and `pts` wrap at their width. */
export function encodeFrame(frame: AudioFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + frame.pcm.length * 2);
  const view = new DataView(bytes.buffer);
  const flags =
    (frame.first ? FrameFlag.first : 0) | (frame.last ? FrameFlag.last : 0) | (frame.gap ? FrameFlag.gap : 0);
  view.setUint8(0, (FRAME_VERSION << 4) | frame.kind);
  view.setUint8(1, (CODEC_PCM16 << 4) | flags);
  view.setUint16(2, frame.stream & 0xffff, true);
  view.setUint32(4, frame.seq >>> 0, true);
  view.setUint32(8, frame.pts >>> 0, true);
  if (littleEndian) {
    bytes.set(new Uint8Array(frame.pcm.buffer, frame.pcm.byteOffset, frame.pcm.byteLength), FRAME_HEADER_BYTES);
  } else {
    frame.pcm.forEach((sample, i) => view.setInt16(FRAME_HEADER_BYTES + i * 2, sample, true));
  }
  return bytes;
}

/** Decodes one frame. The samples view the given bytes where alignment allows, so the caller must not reuse them. */
export function decodeFrame(bytes: Uint8Array): FrameResult {
  if (bytes.byteLength < FRAME_HEADER_BYTES) return { ok: false, problem: 'too_short' };
  if (bytes.byteLength > MAX_FRAME_BYTES) return { ok: false, problem: 'too_long' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint8(0);
  if (head >> 4 !== FRAME_VERSION) return { ok: false, problem: 'version' };
  const kind = head & 0x0f;
  if (kind !== FrameKind.microphone && kind !== FrameKind.speech) return { ok: false, problem: 'kind' };
  const coding = view.getUint8(1);
  if (coding >> 4 !== CODEC_PCM16) return { ok: false, problem: 'codec' };
  const flags = coding & 0x0f;
  if ((flags & ~KNOWN_FLAGS) !== 0) return { ok: false, problem: 'flags' };
  if ((bytes.byteLength - FRAME_HEADER_BYTES) % 2 !== 0) return { ok: false, problem: 'odd_payload' };
  return {
    ok: true,
    frame: {
      kind,
      first: (flags & FrameFlag.first) !== 0,
      last: (flags & FrameFlag.last) !== 0,
      gap: (flags & FrameFlag.gap) !== 0,
      stream: view.getUint16(2, true),
      seq: view.getUint32(4, true),
      pts: view.getUint32(8, true),
      pcm: readPcm(bytes, view),
    },
  };
}

function readPcm(bytes: Uint8Array, view: DataView): Int16Array {
  const length = (bytes.byteLength - FRAME_HEADER_BYTES) / 2;
  const offset = bytes.byteOffset + FRAME_HEADER_BYTES;
  if (littleEndian) {
    if (offset % 2 === 0) return new Int16Array(bytes.buffer, offset, length);
    // A copy with memory of its own: `slice` of a Node Buffer would be a view of its pool.
    return new Int16Array(new Uint8Array(bytes.subarray(FRAME_HEADER_BYTES)).buffer);
  }
  return Int16Array.from({ length }, (_, i) => view.getInt16(FRAME_HEADER_BYTES + i * 2, true));
}
