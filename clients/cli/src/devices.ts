import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import type { AudioIO, Clock } from '@kuku-coach/core';
import { createFrameCutter } from '@kuku-coach/core/frames';
import { FRAME_MS, type MicRate, type SpeechRate } from '../../../protocol/audio-frame.ts';
import { joined } from './pcm.ts';
import { createVirtualAudio } from './virtual-audio.ts';

/** A program that records from, or plays to, the machine's default device: raw 16-bit mono. */
export interface DeviceCommand {
  program: string;
  args: readonly string[];
}

const raw = (rate: number) => ['-t', 'raw', '-r', `${rate}`, '-e', 'signed', '-b', '16', '-c', '1'];
const alsa = (rate: number) => ['-q', '-t', 'raw', '-f', 'S16_LE', '-c', '1', '-r', `${rate}`];

/** Microphone of ffmpeg, which names the sound system of each platform. */
const FFMPEG_INPUT: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['-f', 'avfoundation', '-i', ':default'],
  linux: ['-f', 'alsa', '-i', 'default'],
};

function recorders(rate: number, platform: NodeJS.Platform): DeviceCommand[] {
  const input = FFMPEG_INPUT[platform];
  const ffmpeg = {
    program: 'ffmpeg',
    args: ['-loglevel', 'error', ...(input ?? []), '-f', 's16le', '-ac', '1', '-ar', `${rate}`, '-'],
  };
  return [
    { program: 'sox', args: ['-q', '-d', ...raw(rate), '-'] },
    { program: 'arecord', args: alsa(rate) },
    ...(input ? [ffmpeg] : []),
  ];
}

function players(rate: number): DeviceCommand[] {
  const pipe = ['-f', 's16le', '-ar', `${rate}`, '-ch_layout', 'mono', '-i', '-'];
  return [
    { program: 'sox', args: ['-q', ...raw(rate), '-', '-d'] },
    { program: 'aplay', args: [...alsa(rate), '--buffer-time=100000'] },
    { program: 'ffplay', args: ['-loglevel', 'error', '-nodisp', '-autoexit', '-fflags', 'nobuffer', ...pipe] },
  ];
}

export interface FoundDevices {
  record: DeviceCommand | undefined;
  play: DeviceCommand | undefined;
}

/** The first program of each kind on the search path; `program` is then where it lies. */
export function findDevices(path: string, platform: NodeJS.Platform = process.platform): FoundDevices {
  const folders = path.split(delimiter);
  const find = (commands: DeviceCommand[]) =>
    commands
      .flatMap(({ program, args }) => folders.map((folder) => ({ program: join(folder, program), args })))
      .find(({ program }) => isExecutable(program));
  return { record: find(recorders(MIC_RATE, platform)), play: find(players(SPEECH_RATE)) };
}

export const MIC_RATE: MicRate = 16_000;
export const SPEECH_RATE: SpeechRate = 24_000;

export interface DeviceAudioOptions {
  record: DeviceCommand;
  play: DeviceCommand;
  clock: Clock;
  /** A program ended by itself: the device is gone. */
  onLost: (program: string) => void;
  onElapsed?: (mic: Int16Array, speech: Int16Array) => void;
}

/**
 * The machine's microphone and speaker, each through a program. What is played is paced by our own clock, 20 ms at a
 * time, so that a clear takes effect at once; positions are early by the player's own buffer, about 100 ms.
 */
export function createDeviceAudio({ record, play, clock, onLost, onElapsed }: DeviceAudioOptions): AudioIO {
  const children: ChildProcess[] = [];
  let stopped = false;
  let heardFromMic: Int16Array[] = [];
  let player: ChildProcess | undefined;
  const speaker = createVirtualAudio({
    clock,
    micRate: null,
    speechRate: SPEECH_RATE,
    keep: false,
    onElapsed(_, speech) {
      // A player that stalls must not be fed without bound: what it misses is lost, as in any sound card.
      const stdin = player?.stdin;
      if (stdin && stdin.writableLength < SPEECH_RATE) stdin.write(new Uint8Array(speech.buffer));
      onElapsed?.(joined(heardFromMic), speech);
      heardFromMic = [];
    },
  });
  const run = ({ program, args }: DeviceCommand, stdio: ['pipe' | 'ignore', 'pipe' | 'ignore', 'inherit']) => {
    const child = spawn(program, args, { stdio });
    const lost = () => {
      if (!stopped) onLost(basename(program));
    };
    child.on('error', lost);
    child.on('exit', lost);
    // A player that ends breaks its pipe: told by its exit.
    child.stdin?.on('error', () => {});
    children.push(child);
    return child;
  };
  const listen = (child: ChildProcess, onFrame: (pcm: Int16Array) => void) => {
    const cut = createFrameCutter((MIC_RATE * FRAME_MS) / 1000);
    child.stdout?.on('data', (bytes: Uint8Array) => {
      for (const pcm of cut(bytes)) {
        if (onElapsed) heardFromMic.push(pcm);
        onFrame(pcm);
      }
    });
  };

  return {
    ...speaker,
    async start(onFrame) {
      const format = await speaker.start(() => {});
      player = run(play, ['pipe', 'ignore', 'inherit']);
      listen(run(record, ['ignore', 'pipe', 'inherit']), onFrame);
      return { ...format, in: { rate: MIC_RATE } };
    },
    async stop() {
      stopped = true;
      await speaker.stop();
      await Promise.all(children.map((child) => finish(child, clock)));
    },
  };
}

/** A player that drains its buffer gets this long. */
const DRAIN_MS = 500;

/** Lets a player play what it has and ends a recorder at once. Resolves when the program is gone. */
function finish(child: ChildProcess, clock: Clock): Promise<void> {
  const isGone = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  if (isGone) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(DRAIN_MS, () => child.kill('SIGKILL'));
    child.once('exit', () => {
      cancel();
      resolve();
    });
    if (child.stdin) child.stdin.end();
    else child.kill();
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
