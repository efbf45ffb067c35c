/**
 * Local streaming transcription with sherpa-onnx, in worker processes. Each utterance belongs to one worker and has at
 * most one feed under way, so that utterances share a worker fairly and a slow one makes feeds larger, not queues.
 */
import type { Clock } from '../../ports/clock.ts';
import type { SpeechToText } from '../../ports/speech-to-text.ts';
import { findTransducer } from './sherpa-model.ts';
import type { SttReply, SttRequest, SttWorkerData } from './sherpa-stt-worker.ts';
import { LocalTranscription } from './sherpa-transcription.ts';
import { createWorkerHost } from './worker-host.ts';
import type { EngineLog } from './worker-supervisor.ts';

export interface SherpaSttOptions {
  modelsDir: string;
  clock: Clock;
  logger?: EngineLog | undefined;
  /** Worker processes, each with the model loaded (about 40 streams in real time a core). Default 1. */
  workers?: number | undefined;
  /** Folder in `modelsDir`; by default the most accurate of the known ones that is there. */
  model?: string | undefined;
}

export interface SherpaStt extends SpeechToText {
  /** Resolves when all workers have loaded the model. Waiting for it is not needed. */
  ready(): Promise<void>;
  /** Ends all workers as a crash would. */
  terminate(): void;
}

export type SttCheck = { ok: true; model: string; remark?: string } | { ok: false; reason: string };

/** Whether a model is there and whole. `reason` and `remark` are sentences for a person. */
export async function checkSherpaSpeechToText(modelsDir: string, model?: string): Promise<SttCheck> {
  const found = await findTransducer(modelsDir, model);
  if (!found.ok || found.verified) return found.ok ? { ok: true, model: found.model } : found;
  return {
    ok: true,
    model: found.model,
    remark: `The checksums of ${found.model} are not known: it is used unchecked.`,
  };
}

export function createSherpaSpeechToText(options: SherpaSttOptions): SherpaStt {
  const { modelsDir, clock, logger, model, workers = 1 } = options;
  const workerData: SttWorkerData = { modelsDir, model, threads: 1 };
  const places = Array.from({ length: workers }, (_, i) => ({
    open: 0,
    host: createWorkerHost<SttRequest, SttReply>({
      name: workers === 1 ? 'transcription' : `transcription ${i + 1}`,
      url: new URL('./sherpa-stt-worker.ts', import.meta.url),
      isolation: 'process',
      workerData,
      clock,
      log: logger,
      // Large models take seconds to load.
      startDeadlineMs: 30_000,
    }),
  }));
  let utterances = 0;

  return {
    name: 'sherpa-onnx',
    open(transcription) {
      const usable = places.filter(({ host }) => host.state !== 'broken');
      const place = (usable.length > 0 ? usable : places).reduce((best, each) => (each.open < best.open ? each : best));
      place.open += 1;
      const closed = (): void => {
        place.open -= 1;
      };
      return new LocalTranscription({ ...transcription, id: utterances++, host: place.host, closed });
    },
    ready: async () => void (await Promise.all(places.map(({ host }) => host.ready()))),
    terminate: () => places.forEach(({ host }) => host.terminate()),
    close: async () => void (await Promise.all(places.map(({ host }) => host.close()))),
  };
}
