/**
 * A streaming recogniser in a worker process. Utterances take turns, a feed at a time, each with a stream of its own.
 *
 * A fresh stream for each utterance: `reset` of a used one keeps the encoder's memory of the utterance before (the
 * package has no option for it), and the same clip then gave another text after other clips. Native memory of a stream
 * is freed by the collector, which does not see it and comes too late (+110 MB over 400 utterances): it is called.
 * Streams are decoded one by one: batches abort the process with the small model.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import sherpa from 'sherpa-onnx-node';
import type { OnlineRecognizer, OnlineStream } from 'sherpa-onnx-node';
import { KukuError } from '../../errors.ts';
import { createAutomaticGain } from './automatic-gain.ts';
import type { AutomaticGain } from './automatic-gain.ts';
import { findTransducer } from './sherpa-model.ts';
import type { TransducerFiles } from './sherpa-model.ts';
import { serveWorker } from './worker-serve.ts';

const RATE = 16_000;
/** Silence after the last word, so that the network gives all it has: 0.6 s make the text equal to a natural end's. */
const TAIL_SAMPLES = 0.6 * RATE;

/** Ended utterances before the collector is called, for about 5 ms. */
const COLLECT_AFTER = 16;

export type SttRequest =
  /** `offset`: samples of this utterance before these; 0 begins it. `last` ends it and gives the final text. */
  | { kind: 'feed'; utterance: number; offset: number; pcm: Int16Array; last: boolean }
  /** Forgets an utterance. */
  | { kind: 'drop'; utterance: number };

export interface SttReply {
  /** Everything heard in the utterance so far, in the model's own case. */
  text: string;
}

export interface SttWorkerData {
  modelsDir: string;
  model: string | undefined;
  threads: number;
}

interface Utterance {
  stream: OnlineStream;
  gain: AutomaticGain;
  samples: number;
}

serveWorker<SttRequest, SttReply>(async (data) => {
  const { modelsDir, model, threads } = data as SttWorkerData;
  const found = await findTransducer(modelsDir, model);
  if (!found.ok) throw new KukuError(found.reason, { code: 'model_missing' });
  const recognizer = createRecognizer(found.files, threads);
  const utterances = new Map<number, Utterance>();
  const collect = createCollector();
  const forget = (id: number): void => {
    if (utterances.delete(id)) collect();
  };

  return (request) => {
    if (request.kind === 'drop') {
      forget(request.utterance);
      return { text: '' };
    }
    const { utterance: id, offset, pcm, last } = request;
    if (offset === 0) {
      utterances.set(id, { stream: recognizer.createStream(), gain: createAutomaticGain(), samples: 0 });
    }
    const utterance = utterances.get(id);
    if (utterance?.samples !== offset) {
      throw new KukuError('The recogniser was replaced.', { code: 'utterance_unknown', retryable: true });
    }
    utterance.samples += pcm.length;
    accept(utterance.stream, utterance.gain.push(pcm));
    if (last) {
      accept(utterance.stream, utterance.gain.flush());
      accept(utterance.stream, new Float32Array(TAIL_SAMPLES));
      utterance.stream.inputFinished();
    }
    while (recognizer.isReady(utterance.stream)) recognizer.decode(utterance.stream);
    const { text } = recognizer.getResult(utterance.stream);
    if (last) forget(id);
    return { text };
  };
});

function createRecognizer({ encoder, decoder, joiner, tokens }: TransducerFiles, threads: number): OnlineRecognizer {
  return new sherpa.OnlineRecognizer({
    featConfig: { sampleRate: RATE, featureDim: 80 },
    modelConfig: { transducer: { encoder, decoder, joiner }, tokens, numThreads: threads, provider: 'cpu' },
    decodingMethod: 'greedy_search',
    // Small models leave out words when unsure: a blank has to be likelier by this much (in logits).
    blankPenalty: 0.5,
  });
}

/** Calls the collector after every so many utterances; V8 gives it only to those who ask for it by a flag. */
function createCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let ended = 0;
  return () => {
    ended += 1;
    // Later, so that the answer does not wait, and the stream that ended is out of reach.
    if (ended % COLLECT_AFTER === 0) setImmediate(collectGarbage);
  };
}

function accept(stream: OnlineStream, samples: Float32Array): void {
  if (samples.length > 0) stream.acceptWaveform({ samples, sampleRate: RATE });
}
