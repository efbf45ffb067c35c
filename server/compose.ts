/** The one place where adapters are chosen. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { isAbort } from './errors.ts';
import type { Archive } from './ports/archive.ts';
import type { AudioStore } from './ports/audio-store.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import type { ReplyEngine } from './ports/language-model.ts';
import type { Recordings } from './ports/recordings.ts';
import type { SpeechToText } from './ports/speech-to-text.ts';
import type { SpokenFiles } from './ports/spoken-files.ts';
import type { TextToSpeech } from './ports/text-to-speech.ts';
import type { VoiceActivity } from './ports/voice-activity.ts';
import { createBuiltinCoach } from './providers/builtin/coach.ts';
import { createAudioCodec } from './providers/local/audio-codec.ts';
import { createFliteTextToSpeech } from './providers/local/flite-tts.ts';
import { checkModel } from './providers/local/models.ts';
import { checkPicoVoice, createPicoTextToSpeech } from './providers/local/pico-tts.ts';
import { createSherpaSpeechToText } from './providers/local/sherpa-stt.ts';
import { createSileroVad } from './providers/local/silero-vad.ts';
import type { Dependency } from './routes/health.ts';
import { createHub, type Hub } from './session/hub.ts';
import { sessionSettings } from './session/services.ts';
import { type SessionState, summarize } from './session/state.ts';
import { createArchive } from './storage/archive.ts';
import { createAudioFiles } from './storage/audio-files.ts';
import { openDatabase } from './storage/database/open.ts';
import { createDurableSessions } from './storage/durable-sessions.ts';
import { createMemorySessions } from './storage/memory-sessions.ts';
import type { Logger } from './telemetry/logger.ts';
import { ruleEndOfTurn } from './voice/end-of-turn.ts';
import { createRecordings } from './voice/recordings.ts';
import { createSpokenFiles } from './voice/spoken-files.ts';
import { withSpeechText } from './voice/speech-text.ts';

const SWEEP_MS = 60 * 60_000;

export interface Composition {
  hub: Hub;
  clock: Clock;
  archive: Archive;
  audio: AudioStore;
  recordings: Recordings;
  /** Absent: answers over REST are read. */
  spokenFiles: SpokenFiles | undefined;
  dependencies: Dependency[];
  close(): Promise<void>;
}

/** Engines that tests and benchmarks put in the place of the configured ones. */
export interface Engines {
  engine?: ReplyEngine;
  vad?: VoiceActivity;
  stt?: SpeechToText;
  tts?: TextToSpeech;
}

export async function compose(config: Config, log: Logger, given: Engines = {}): Promise<Composition> {
  const clock = systemClock;
  const { databaseUrl, dataDir } = config;
  const database = await openDatabase({
    dataDir,
    clock,
    logger: log,
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const archive = createArchive(database);
  const memory = createMemorySessions<SessionState>({ clock });
  const store = createDurableSessions({ memory, archive, summarize, log });
  const restored = await store.restore();
  if (restored > 0) log.info({ sessions: restored }, 'took up the sessions of the last run');
  const engine = given.engine ?? createBuiltinCoach();
  const tts = given.tts ?? (await chooseSpeech(config, clock, log));
  const ears = await chooseEars(config, clock, log, given);
  const hub = createHub({
    services: {
      store,
      engine,
      ears,
      tts,
      clock,
      log,
      settings: sessionSettings(config),
    },
    instanceId: randomUUID(),
    ticketMs: config.limits.ticketMs,
  });
  const audio = createAudioFiles({ folder: join(dataDir, 'audio'), clock });
  const codec = createAudioCodec({ clock, log });
  const recordings = createRecordings({ codec, stt: ears?.stt, log });
  const spokenFiles = createSpokenFiles({ tts, codec, audio, archive, clock, log });
  const stopSweeping = sweepAudio(audio, { clock, log, keepMs: config.audioKeptMs });
  const ok = async () => {};
  return {
    hub,
    clock,
    archive,
    audio,
    recordings,
    spokenFiles,
    dependencies: [
      { name: 'sessions', detail: store.name, check: () => store.ping() },
      { name: 'coach', detail: engine.name, check: ok },
      { name: 'transcription', detail: ears?.stt.name ?? 'none: people type', check: ok },
      { name: 'speech', detail: tts?.name ?? 'none: people read', check: ok },
    ],
    async close() {
      await hub.close();
      stopSweeping();
      await Promise.all([
        codec.close(),
        engine.close(),
        tts?.close(),
        ears?.stt.close(),
        ears?.vad.close(),
        store.close(),
      ]);
      await database.close();
    },
  };
}

async function chooseSpeech({ modelsDir }: Config, clock: Clock, log: Logger): Promise<TextToSpeech> {
  const pico = await checkPicoVoice(modelsDir);
  if (pico.ok) return withSpeechText(createPicoTextToSpeech({ modelsDir, clock, log }));
  log.info({ reason: pico.reason }, 'speaking with the voice that came with the package');
  return withSpeechText(createFliteTextToSpeech({ clock, log }));
}

/** Old spoken replies go: at the start and every hour. */
function sweepAudio(
  audio: AudioStore,
  { clock, log, keepMs }: { clock: Clock; log: Logger; keepMs: number },
): () => void {
  const stopped = new AbortController();
  let cancel: (() => void) | undefined;
  const sweep = async () => {
    try {
      const files = await audio.sweep(keepMs, { signal: stopped.signal });
      if (files > 0) log.info({ files }, 'old spoken replies were deleted');
    } catch (error) {
      if (!isAbort(error, stopped.signal)) log.warn({ err: error }, 'old spoken replies could not be deleted');
    }
    if (!stopped.signal.aborted) cancel = clock.after(SWEEP_MS, () => void sweep());
  };
  void sweep();
  return () => {
    stopped.abort();
    cancel?.();
  };
}

async function chooseEars(config: Config, clock: Clock, log: Logger, given: Engines) {
  const { modelsDir } = config;
  const recogniser = given.stt ? { ok: true as const } : await checkModel(modelsDir, 'zipformer-en-3.3m-streaming');
  if (!recogniser.ok) {
    log.warn({ reason: recogniser.reason }, 'no speech recogniser: people type. `npm run models` fetches one');
    return undefined;
  }
  return {
    vad: given.vad ?? createSileroVad({ modelsDir, clock }),
    stt: given.stt ?? createSherpaSpeechToText({ modelsDir, clock }),
    endOfTurn: ruleEndOfTurn,
  };
}
