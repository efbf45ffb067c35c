/** Many clients of `capacity.ts`: quiet microphones in real time, and one person who speaks now and then. */
import { WebSocket } from 'ws';
import { encodeFrame, FRAME_MS, FrameKind } from '../../protocol/audio-frame.ts';
import { PROTOCOL } from '../../protocol/messages.ts';
import { createTestSession } from '../support/test-client.ts';

const FRAME_SAMPLES = 320;
/** The frames of 20 ms leave in so many groups: people's microphones are not in step. */
const GROUPS = 5;
const CONNECTING_AT_ONCE = 8;
/** About −60 dB: a quiet room. */
const room = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => ((i * 7919) % 65) - 32);

/** `welcome`: says hello and waits for the answer; else the socket is open and nothing more. */
export async function openSockets(url: string, count: number, { welcome }: { welcome: boolean }): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  const connectSome = async () => {
    while (sockets.length < count) {
      const place = sockets.push(undefined as never) - 1;
      sockets[place] = await openSocket(url, welcome);
    }
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, connectSome));
  return sockets;
}

async function openSocket(url: string, welcome: boolean): Promise<WebSocket> {
  const { socket: access } = await createTestSession(url);
  const socket = new WebSocket(access.url, access.protocols, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  if (!welcome) return socket;
  const audio = { in: { rate: 16_000 } };
  const answered = new Promise<void>((resolve) => socket.once('message', () => resolve()));
  socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, client: { name: 'crowd', version: '0' }, audio }));
  await answered;
  return socket;
}

export interface Crowd {
  /** The first of them says the clip (16 kHz). Resolves with ms from its first frame to `speech.started`. */
  speak(clip: Int16Array): Promise<number>;
  /** Frames that could not be sent in their 20 ms: then it was this process that was too slow. */
  readonly lateFrames: number;
  stop(): void;
}

export function startCrowd(sockets: readonly WebSocket[]): Crowd {
  const startMs = performance.now();
  let ticks = 0;
  let lateFrames = 0;
  let speech: Int16Array = new Int16Array(0);
  let onFirstFrame = (): void => {};
  const frameOf = (pcm: Int16Array, seq: number) =>
    encodeFrame({
      kind: FrameKind.microphone,
      first: seq === 0,
      last: false,
      gap: false,
      stream: 1,
      seq,
      pts: seq * FRAME_SAMPLES,
      pcm,
    });
  const sendGroup = (group: number, seq: number) => {
    const quiet = frameOf(room, seq);
    for (let i = group; i < sockets.length; i += GROUPS) {
      if (i > 0 || speech.length < FRAME_SAMPLES) sockets[i]?.send(quiet);
      else {
        sockets[0]?.send(frameOf(speech.subarray(0, FRAME_SAMPLES), seq));
        speech = speech.subarray(FRAME_SAMPLES);
        onFirstFrame();
      }
    }
  };
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) * GROUPS) / FRAME_MS);
    for (; ticks < due; ticks++) {
      if (due - ticks > GROUPS) lateFrames += sockets.length / GROUPS;
      sendGroup(ticks % GROUPS, Math.floor(ticks / GROUPS));
    }
  }, 1);

  return {
    speak: (clip) =>
      new Promise((resolve) => {
        let sentAtMs: number | undefined;
        onFirstFrame = () => (sentAtMs ??= performance.now());
        const listen = (data: unknown) => {
          if (sentAtMs === undefined || !String(data).includes('"speech.started"')) return;
          sockets[0]?.off('message', listen);
          resolve(performance.now() - sentAtMs);
        };
        sockets[0]?.on('message', listen);
        speech = clip;
      }),
    get lateFrames() {
      return lateFrames;
    },
    stop: () => clearInterval(timer),
  };
}
