/** The parts of `aac` and `av` (AAC.js on Aurora.js) that are used here; neither package has types. */
declare module 'aac' {
  import type { AudioBuffer, AudioBitstream } from 'av';

  export default class AACDecoder {
    /** It subscribes to a demuxer's events; packets are handed over by `bitstream` instead. */
    constructor(demuxer: { on(event: string, listener: (data: AudioBuffer) => void): void }, format: object);
    /** Takes the AudioSpecificConfig; throws for profiles other than low complexity. */
    setCookie(config: AudioBuffer): void;
    bitstream: AudioBitstream;
    config: { sampleRate: number; chanConfig: number };
    /** Decodes one access unit: 1,024 samples a channel, interleaved, -1 to 1. Throws where it is broken. */
    readChunk(): Float32Array;
  }
}

declare module 'av' {
  /** Opaque here: made from bytes, handed on. */
  export interface AudioBuffer {
    readonly length: number;
  }
  export interface AudioBitstream {
    offset(): number;
  }
  const av: {
    Buffer: new (bytes: Uint8Array) => AudioBuffer;
    Bitstream: new (stream: object) => AudioBitstream;
    Stream: { fromBuffer(buffer: AudioBuffer): object };
  };
  export default av;
}
