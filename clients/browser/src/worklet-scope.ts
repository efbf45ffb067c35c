/** The globals of an audio worklet, which the DOM's types do not know. */
interface WorkletScope {
  /** Samples a second of the context. */
  readonly sampleRate: number;
  readonly AudioWorkletProcessor: new () => { readonly port: MessagePort };
  registerProcessor(name: string, processor: new (options: ProcessorOptions) => Processor): void;
}

interface ProcessorOptions {
  processorOptions: unknown;
}

interface Processor {
  /** One render quantum; false ends the processor for good. */
  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean;
}

export const worklet = globalThis as unknown as WorkletScope;
