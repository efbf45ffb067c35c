/** A device without a phone: a clock, a store, an audio module and a server that do as they are told. */
import type { Clock } from '../../../core/src/clock.ts';
import type { NativeModule } from '../../src/audio/native-audio.ts';
import type { Store } from '../../src/device/store-types.ts';

export interface FakeClock extends Clock {
  /** Lets time pass, running each timer at its moment. */
  pass(ms: number): void;
}

/** `latenessMs`: by how much timers are late, one after the other. */
export function createFakeClock(latenessMs: readonly number[] = [0]): FakeClock {
  let nowMs = 0;
  let count = 0;
  const timers = new Set<{ atMs: number; run: () => void }>();
  return {
    monotonicMs: () => nowMs,
    after(ms, run) {
      const timer = { atMs: nowMs + ms + (latenessMs[count++ % latenessMs.length] ?? 0), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = [...timers].sort((a, b) => a.atMs - b.atMs)[0];
        if (!next || next.atMs > untilMs) break;
        timers.delete(next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

export function createFakeStore(kept: Record<string, string> = {}): Store & { kept: Record<string, string> } {
  return {
    kept,
    isSecure: true,
    get: async (key) => kept[key],
    set: async (key, value) => void (kept[key] = value),
    remove: async (key) => void delete kept[key],
  };
}

const RATE = 16_000;

/** The native module: plays what it was given without a break, and gives nothing back. */
export function createFakeModule(clock: Clock, { granted = true, initializes = true } = {}) {
  const calls: string[] = [];
  const listeners = new Map<string, (event: { data: never }) => void>();
  let dryAtMs = 0;
  let playedSamples = 0;
  const native: NativeModule = {
    async requestMicrophonePermissionsAsync() {
      calls.push('ask');
      return { granted };
    },
    async initialize() {
      calls.push('initialize');
      return initializes;
    },
    playPCMData(pcm) {
      const samples = pcm.length / 2;
      dryAtMs = Math.max(dryAtMs, clock.monotonicMs()) + (samples * 1000) / RATE;
      playedSamples += samples;
    },
    toggleRecording(on) {
      calls.push(on ? 'record' : 'stop recording');
      return on;
    },
    restart: () => void calls.push('restart'),
    tearDown: () => void calls.push('tear down'),
    addExpoTwoWayAudioEventListener(name: string, fn: (event: { data: never }) => void) {
      listeners.set(name, fn);
      return { remove: () => listeners.delete(name) };
    },
  };
  return {
    native,
    calls,
    listeners,
    tell: (name: string, data: unknown) => listeners.get(name)?.({ data: data as never }),
    /** What it holds and has not played yet. */
    heldMs: () => Math.max(0, dryAtMs - clock.monotonicMs()),
    takenMs: () => (playedSamples * 1000) / RATE,
  };
}

/** An answer: the server refuses, and says why by a code. */
export class Refusal {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    this.status = status;
    this.code = code;
  }
}

/** Answers each request by `METHOD path`; what it does not know is a 404. Remembers who asked. */
export function serve(answers: Record<string, unknown>) {
  const asked: { what: string; token: string | undefined; site: string | null; body: unknown }[] = [];
  globalThis.fetch = (async (url: string, init: RequestInit = {}) => {
    const { pathname } = new URL(url);
    const what = `${init.method ?? 'GET'} ${pathname}`;
    const headers = new Headers(init.headers);
    asked.push({
      what,
      token: headers.get('authorization')?.replace('Bearer ', ''),
      site: headers.get('sec-fetch-site'),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    const answer = answers[what];
    if (answer instanceof Error) throw answer;
    const found: unknown = typeof answer === 'function' ? await (answer as () => unknown)() : answer;
    const refusal = found instanceof Refusal ? found : typeof found === 'number' ? new Refusal(found, 'no') : undefined;
    const { status, code } = refusal ?? { status: found === undefined ? 404 : 200, code: 'no' };
    const body = status === 200 ? { success: true, data: found } : { success: false, error: code, code };
    return { ok: status < 300, status, headers: new Headers(), json: async () => body } as Response;
  }) as typeof fetch;
  return asked;
}
