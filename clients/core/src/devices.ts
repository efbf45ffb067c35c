import type { ClientMessage } from '../../../protocol/messages.ts';
import type { AudioFormat, AudioIO } from './audio-io.ts';
import type { Clock } from './clock.ts';
import type { Emitter, Speaking } from './events.ts';
import { createMicrophone, loudness } from './microphone.ts';
import { createPlayback, type Playback } from './playback.ts';

export interface DevicesOptions extends Pick<Emitter, 'emit'> {
  audio: AudioIO | undefined;
  clock: Clock;
  send: (message: ClientMessage) => boolean;
  sendFrame: (bytes: Uint8Array<ArrayBuffer>) => boolean;
}

/** The audio of one coach: microphone gate, loudness, playback bookkeeping, who speaks. */
export interface Devices {
  /** Rejects as `AudioIO.start` does. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether the server takes microphone audio at present. */
  listen(listening: boolean): void;
  mute: (muted: boolean) => void;
  /** Push to talk: while held the microphone is open, and what is said is one utterance, whatever its pauses. */
  hold: (held: boolean) => void;
  /** Tells a server that knows nothing of us yet. */
  retell(): void;
  setSpeaking(change: Partial<Speaking>): void;
  /** Reports what went wrong with a device; talk goes on without it. */
  report: (error: unknown) => void;
  /** The rates in use, in the shape of `hello.audio`. */
  readonly format: AudioFormat;
  /** Absent where nothing is played. */
  readonly playback: Playback | undefined;
}

export function createDevices({ audio, clock, emit, send, sendFrame }: DevicesOptions): Devices {
  const microphone = createMicrophone(sendFrame);
  const format: AudioFormat = {};
  let playback: Playback | undefined;
  let listening = false;
  let muted = false;
  let held = false;
  let interrupted = false;
  let speaking: Speaking = { user: false, coach: false };

  const setSpeaking = (change: Partial<Speaking>) => {
    const { user, coach } = speaking;
    speaking = { ...speaking, ...change };
    if (speaking.user !== user || speaking.coach !== coach) emit('speaking', speaking);
  };
  const isShut = () => interrupted || (muted && !held);
  const tellMute = () => send({ type: 'input.mute', muted: isShut() });
  const onFrame = (pcm: Int16Array) => {
    const shut = isShut();
    microphone.push(pcm, listening && !shut);
    emit('level', shut ? 0 : loudness(pcm));
  };
  const onInterruption = (now: boolean) => {
    interrupted = now;
    tellMute();
    const message = now ? 'Another app has the audio.' : 'The audio is back.';
    emit('notice', { code: now ? 'audio_interrupted' : 'audio_back', message });
  };
  const report = (error: unknown) => emit('error', { code: 'audio', message: messageOf(error), fatal: false });

  return {
    async start() {
      if (!audio) return;
      audio.onInterruption(onInterruption);
      audio.onRoute((message) => emit('notice', { code: 'audio_route', message }));
      const rates = await audio.start(onFrame);
      // Named one by one: an engine's answer may carry more than the wire takes.
      if (rates.in) format.in = { rate: rates.in.rate };
      if (!rates.out) return;
      format.out = { rate: rates.out.rate };
      const onSpeaking = (coach: boolean) => setSpeaking({ coach });
      playback = createPlayback({ audio, rate: rates.out.rate, clock, send, onSpeaking });
    },
    async stop() {
      playback?.cancel();
      listening = false;
      await audio?.stop().catch(report);
    },
    listen: (now) => void (listening = now),
    mute(now) {
      if (now === muted) return;
      muted = now;
      tellMute();
    },
    hold(now) {
      if (now === held) return;
      held = now;
      // The server opens its ear before the utterance begins, and closes it after the utterance's end.
      if (muted && held) tellMute();
      send({ type: held ? 'input.start' : 'input.end' });
      if (muted && !held) tellMute();
    },
    retell() {
      if (isShut()) tellMute();
      if (held) send({ type: 'input.start' });
    },
    setSpeaking,
    report,
    get format() {
      return format;
    },
    get playback() {
      return playback;
    },
  };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
