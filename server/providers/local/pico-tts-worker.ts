/** Pico in a worker thread: one engine, which gives 2 ms of sound at a time and can be stopped between any two. */
import { readFile } from 'node:fs/promises';
import createPico from '@echogarden/svoxpico-wasm';
import type { Pico } from '@echogarden/svoxpico-wasm';
import { KukuError } from '../../errors.ts';
import type { SpeechReply, SpeechRequest } from './engine-speech.ts';
import { createSilenceTrimmer, join } from './silence.ts';
import { serveWorker } from './worker-serve.ts';

export interface PicoWorkerData {
  /** Text analysis and sound of the voice, in that order. */
  files: readonly string[];
}

const SAMPLE_RATE = 16_000;
/** Parts of a sentence; the first is short, since it decides when the person hears something. */
const FIRST_PART_SAMPLES = 800;
const PART_SAMPLES = 3200;
/** As in `picoapi.h`: what an engine with one voice needs, and twice. */
const MEMORY_BYTES = 2_500_000;
const BUFFER_BYTES = 4096;
const RESOURCE_NAME_BYTES = 32;
const IDLE = 200;
const BUSY = 201;
/** At 100 both voices clip; at 60 they peak at −2 dB and are as loud as Flite. */
const VOLUME = 60;

serveWorker<SpeechRequest, SpeechReply>(async (data) => {
  const engine = await openEngine((data as PicoWorkerData).files);
  return async function* speak({ text }, { transfer }) {
    const trimmer = createSilenceTrimmer(SAMPLE_RATE);
    let ready: Int16Array[] = [];
    let readySamples = 0;
    let partSamples = FIRST_PART_SAMPLES;
    for (const pcm of engine.speak(text)) {
      const sound = trimmer.push(pcm);
      ready.push(sound);
      readySamples += sound.length;
      if (readySamples < partSamples) continue;
      const part = join(ready);
      transfer.push(part.buffer);
      yield part;
      ready = [];
      readySamples = 0;
      partSamples = PART_SAMPLES;
    }
    const rest = join([...ready, trimmer.end()]);
    transfer.push(rest.buffer);
    if (rest.length > 0) yield rest;
  };
});

async function openEngine(files: readonly string[]) {
  const pico = await createPico();
  const out = pico._malloc(4);
  const outType = pico._malloc(4);
  const buffer = pico._malloc(BUFFER_BYTES);
  const engine = await loadVoice(pico, files, out);

  function* speak(text: string): Generator<Int16Array, void, undefined> {
    const marked = `<volume level="${VOLUME}">${text.replace(/[<>&]/g, ' ')}</volume>`;
    const bytes = Buffer.byteLength(marked) + 1;
    const address = cString(pico, marked);
    try {
      for (let at = 0; at < bytes;) {
        check(pico._pico_putTextUtf8(engine, address + at, bytes - at, out), 'took no text');
        const taken = pico.HEAP16[out >> 1] ?? 0;
        if (taken <= 0) throw new KukuError('Pico takes no more text.', { code: 'engine_failed', retryable: true });
        at += taken;
        yield* drain();
      }
    } finally {
      pico._free(address);
      // After a whole text it changes nothing; after a part of one it makes room for the next.
      check(pico._pico_resetEngine(engine, 0), 'could not be reset');
    }
  }

  function* drain(): Generator<Int16Array, void, undefined> {
    for (let status = BUSY; status !== IDLE;) {
      status = pico._pico_getData(engine, buffer, BUFFER_BYTES, out, outType);
      if (status !== BUSY && status !== IDLE) check(status, 'could not speak');
      const given = pico.HEAP16[out >> 1] ?? 0;
      if (given > 0) yield pico.HEAP16.slice(buffer >> 1, (buffer + given) >> 1);
    }
  }

  return { speak };
}

/** Loads the files as the one voice of a new engine, whose address it returns. */
async function loadVoice(pico: Pico, files: readonly string[], out: number): Promise<number> {
  check(pico._pico_initialize(pico._malloc(MEMORY_BYTES), MEMORY_BYTES, out), 'did not start');
  const system = pico.HEAP32[out >> 2] ?? 0;
  const voice = cString(pico, 'voice');
  check(pico._pico_createVoiceDefinition(system, voice), 'took no voice');
  for (const [index, file] of files.entries()) {
    const path = `/voice-${index}.bin`;
    pico.FS.writeFile(path, await readFile(file));
    check(pico._pico_loadResource(system, cString(pico, path), out), `could not read ${file}`);
    pico.FS.unlink(path);
    const name = pico._malloc(RESOURCE_NAME_BYTES);
    check(pico._pico_getResourceName(system, pico.HEAP32[out >> 2] ?? 0, name), 'could not name the voice');
    check(pico._pico_addResourceToVoiceDefinition(system, voice, name), 'could not put the voice together');
  }
  check(pico._pico_newEngine(system, voice, out), 'could not load the voice');
  return pico.HEAP32[out >> 2] ?? 0;
}

function cString(pico: Pico, text: string): number {
  const bytes = Buffer.from(`${text}\0`);
  const address = pico._malloc(bytes.length);
  pico.HEAPU8.set(bytes, address);
  return address;
}

function check(status: number, what: string): void {
  if (status === 0) return;
  throw new KukuError(`Pico ${what} (status ${status}).`, { code: 'engine_failed', retryable: true, status: 503 });
}
