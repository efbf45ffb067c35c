import { decodeFrame, encodeFrame, FrameKind, type AudioFrame } from '../../../../protocol/audio-frame.ts';
import { ClientMessage, ServerMessage } from '../../../../protocol/messages.ts';
import type { SocketConstructor, SocketLike } from '../../src/connection.ts';

type Listener = (event: { data: unknown; code: number }) => void;

/** A socket whose other end is the test. What the client sends is checked against the protocol. */
export interface FakeSocket extends SocketLike {
  readonly url: string;
  readonly protocols: readonly string[];
  /** Messages sent, oldest first. */
  readonly sent: ClientMessage[];
  readonly frames: AudioFrame[];
  /** Set when the client closed. */
  closedWith: { code: number | undefined } | undefined;
  bufferedAmount: number;
  open(): void;
  /** Delivers a message of the server, which must be one. */
  receive(message: ServerMessage): void;
  receiveRaw(data: unknown): void;
  receiveSpeech(frame: { turn: number; seq: number; pts: number; samples: number; last?: boolean }): void;
  /** The server closes, or the link breaks (1006). */
  drop(code: number): void;
  sentOf<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[];
}

/** A constructor to inject, and the sockets made with it. */
export function createFakeSockets(): { WebSocket: SocketConstructor; sockets: FakeSocket[]; last: () => FakeSocket } {
  const sockets: FakeSocket[] = [];
  const WebSocket = function (url: string, protocols: string[]) {
    const socket = createFakeSocket(url, protocols);
    sockets.push(socket);
    return socket;
  } as unknown as SocketConstructor;
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('No socket was made.');
    return socket;
  };
  return { WebSocket, sockets, last };
}

function createFakeSocket(url: string, protocols: string[]): FakeSocket {
  const listeners = new Map<string, Listener[]>();
  let readyState = 0;
  const emit = (type: string, event: { data?: unknown; code?: number }) => {
    for (const fn of listeners.get(type) ?? []) fn({ data: undefined, code: 0, ...event });
  };
  const socket: FakeSocket = {
    url,
    protocols,
    binaryType: 'blob',
    bufferedAmount: 0,
    sent: [],
    frames: [],
    closedWith: undefined,
    get readyState() {
      return readyState;
    },
    addEventListener(type: string, fn: unknown) {
      listeners.set(type, [...(listeners.get(type) ?? []), fn as Listener]);
    },
    send(data) {
      if (readyState !== 1) throw new Error('Sent while not open.');
      if (typeof data === 'string') socket.sent.push(ClientMessage.parse(JSON.parse(data)));
      else {
        const result = decodeFrame(data);
        if (!result.ok) throw new Error(result.problem);
        socket.frames.push(result.frame);
      }
    },
    close(code) {
      socket.closedWith = { code };
      readyState = 3;
    },
    open() {
      readyState = 1;
      emit('open', {});
    },
    receive: (message) => emit('message', { data: JSON.stringify(ServerMessage.parse(message)) }),
    receiveRaw: (data) => emit('message', { data }),
    receiveSpeech({ turn, seq, pts, samples, last = false }) {
      const pcm = new Int16Array(samples).fill(1000);
      const frame = { kind: FrameKind.speech, first: seq === 0, last, gap: false, stream: turn, seq, pts, pcm };
      emit('message', { data: encodeFrame(frame).buffer });
    },
    drop(code) {
      readyState = 3;
      emit('close', { code });
    },
    sentOf: <T extends ClientMessage['type']>(type: T) =>
      socket.sent.filter((message): message is Extract<ClientMessage, { type: T }> => message.type === type),
  };
  return socket;
}
