/** The part of `sherpa-onnx-node` 1.13 that is used here; the package describes its types in JSDoc only. */
declare module 'sherpa-onnx-node' {
  export interface OnlineStream {
    /** Mono samples, nominally −1 to 1. */
    acceptWaveform(audio: { samples: Float32Array; sampleRate: number }): void;
    /** No audio follows; what comes after it is undefined. */
    inputFinished(): void;
  }

  export interface OnlineRecognizerConfig {
    featConfig: { sampleRate: number; featureDim: number };
    modelConfig: {
      transducer: { encoder: string; decoder: string; joiner: string };
      tokens: string;
      numThreads: number;
      provider: 'cpu';
    };
    decodingMethod: 'greedy_search';
    blankPenalty: number;
  }

  export interface OnlineRecognizer {
    createStream(): OnlineStream;
    isReady(stream: OnlineStream): boolean;
    /** Aborts the process unless `isReady`. */
    decode(stream: OnlineStream): void;
    getResult(stream: OnlineStream): { text: string };
  }

  const sherpa: { OnlineRecognizer: new (config: OnlineRecognizerConfig) => OnlineRecognizer };
  export default sherpa;
}
