/**
 * Sockets for all turns of a server: as many as their contexts need, one kept warm while people talk, each let go of
 * before it is so old or so long unused that the provider does it.
 */
import type { ElevenLabsAccount } from './account.ts';
import { createSpeechSocket, type SpeechSocket } from './speech-socket.ts';

/** The longest that the provider lets a socket be idle. */
export const INACTIVITY_SECONDS = 180;
const MAX_IDLE_MS = 150_000;
const MAX_AGE_MS = 20 * 60_000;
/** Since the last sentence: turns of a conversation are half a minute apart. */
const KEEP_WARM_MS = 10 * 60_000;
const LOOK_EVERY_MS = 15_000;

export interface SpeechSockets {
  /** One with room for a context. Throws a `KukuError` when there are too many already. */
  take(): SpeechSocket;
  /** Connects, if nothing is connected. */
  warm(): void;
  close(): void;
}

export interface SpeechSocketsOptions {
  account: ElevenLabsAccount;
  url: string;
  model: string;
  /** Each carries five turns at a time; plans differ in how many they allow. */
  maxSockets: number;
}

export function createSpeechSockets({ account, url, model, maxSockets }: SpeechSocketsOptions): SpeechSockets {
  const { clock, failures } = account;
  const sockets = new Set<SpeechSocket>();
  const idleSinceMs = new Map<SpeechSocket, number>();
  let usedAtMs = clock.monotonicMs();
  let cancelLook: (() => void) | undefined;

  const connect = (): SpeechSocket => {
    const socket = createSpeechSocket({ account, url, model, onChange: () => changed(socket) });
    sockets.add(socket);
    idleSinceMs.set(socket, clock.monotonicMs());
    cancelLook ??= clock.after(LOOK_EVERY_MS, look);
    return socket;
  };
  const changed = (socket: SpeechSocket) => {
    if (socket.isGone) sockets.delete(socket);
    if (socket.isGone || socket.contexts > 0) idleSinceMs.delete(socket);
    else if (!idleSinceMs.has(socket)) idleSinceMs.set(socket, clock.monotonicMs());
  };

  /** Old ones are replaced while they still work. */
  const look = () => {
    cancelLook = undefined;
    const nowMs = clock.monotonicMs();
    for (const socket of sockets) {
      const idleMs = nowMs - (idleSinceMs.get(socket) ?? nowMs);
      if (idleMs < MAX_IDLE_MS && nowMs - socket.openedAtMs < MAX_AGE_MS) continue;
      sockets.delete(socket);
      socket.retire();
    }
    if (nowMs - usedAtMs < KEEP_WARM_MS) warm();
    if (sockets.size > 0) cancelLook ??= clock.after(LOOK_EVERY_MS, look);
  };
  const warm = () => {
    if (sockets.size === 0) connect();
  };

  return {
    take() {
      usedAtMs = clock.monotonicMs();
      const free = [...sockets].find(({ hasRoom }) => hasRoom);
      if (!free && sockets.size >= maxSockets) throw failures.busy();
      return free ?? connect();
    },
    warm,
    close() {
      cancelLook?.();
      for (const socket of sockets) socket.end();
      cancelLook?.();
    },
  };
}
