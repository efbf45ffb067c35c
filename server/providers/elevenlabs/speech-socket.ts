/** One multi-context speech socket: at most five contexts, each with whoever listens to it. */
import type { WebSocket } from 'ws';
import { isAbort, type KukuError } from '../../errors.ts';
import type { ElevenLabsAccount } from './account.ts';
import { dial } from './dial.ts';
import { type AudioFrame, type ClientFrame, parseFrame } from './speech-frames.ts';

/** A sixth closes the socket with 1008 `max_active_conversations`. */
const MAX_CONTEXTS = 5;
/** A context that is told to close counts until the provider says that it did, or for this long. */
const CLOSING_MS = 2000;

export interface ContextEvents {
  onAudio(frame: AudioFrame): void;
  /** The provider has closed the context. */
  onFinal(): void;
  /** The socket is gone; `stale`: of itself, so that the same may well work on another one. */
  onLost(error: KukuError, stale: boolean): void;
}

export interface SpeechSocket {
  /** Whether there is room for another context. */
  readonly hasRoom: boolean;
  readonly contexts: number;
  readonly isGone: boolean;
  readonly openedAtMs: number;
  /** Resolves when connected. Rejects with a `KukuError` when that fails. */
  readonly ready: Promise<void>;
  /** Only with room. `close` takes effect within the same turn of the event loop and may be called again. */
  open(id: string, events: ContextEvents): { send(frame: ClientFrame): void; close(): void };
  /** Takes no more contexts, and goes when the last one is closed. */
  retire(): void;
  end(): void;
}

export interface SpeechSocketOptions {
  account: ElevenLabsAccount;
  url: string;
  model: string;
  /** Contexts came or went. */
  onChange(): void;
}

interface Slot {
  events: ContextEvents | undefined;
  cancelTimer?: (() => void) | undefined;
}

export function createSpeechSocket({ account, url, model, onChange }: SpeechSocketOptions): SpeechSocket {
  const { clock, failures } = account;
  const slots = new Map<string, Slot>();
  const dialling = new AbortController();
  let socket: WebSocket | undefined;
  let gone = false;
  let retired = false;

  const free = (id: string) => {
    slots.get(id)?.cancelTimer?.();
    if (!slots.delete(id)) return;
    if (retired && slots.size === 0) end();
    onChange();
  };
  const send = (frame: ClientFrame) => {
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(frame));
  };
  const lose = (error: KukuError, stale: boolean) => {
    if (gone) return;
    gone = true;
    socket?.terminate();
    const lost = [...slots.values()];
    slots.clear();
    for (const { events, cancelTimer } of lost) {
      cancelTimer?.();
      events?.onLost(error, stale);
    }
    onChange();
  };
  const end = () => {
    send({ close_socket: true });
    dialling.abort();
    lose(failures.broken('the socket was closed'), true);
  };

  const receive = (text: string) => {
    const frame = parseFrame(text);
    if (!frame) return lose(failures.broken('a frame that is none'), false);
    if (frame.type === 'other') return;
    if (frame.type === 'error') {
      const error = failures.ofProblem({ code: frame.code }, model);
      return lose(error, isStale(error));
    }
    const slot = frame.contextId === undefined ? undefined : slots.get(frame.contextId);
    if (frame.type === 'audio') return slot?.events?.onAudio(frame);
    const { events } = slot ?? {};
    if (frame.contextId !== undefined) free(frame.contextId);
    events?.onFinal();
  };
  const attach = (opened: WebSocket) => {
    socket = opened;
    opened.on('message', (data) => receive((data as Buffer).toString()));
    opened.on('close', (closeCode, reason) => {
      const error = failures.ofProblem({ closeCode, code: reason.toString() }, model);
      lose(error, isStale(error));
    });
  };

  const ready = dial({ account, url, model, signal: dialling.signal }).then(attach, (error: unknown) => {
    lose(error as KukuError, false);
    throw isAbort(error, dialling.signal) ? failures.broken('the socket was closed') : error;
  });
  ready.catch(() => {});

  return {
    get hasRoom() {
      return !gone && !retired && slots.size < MAX_CONTEXTS;
    },
    get contexts() {
      return slots.size;
    },
    get isGone() {
      return gone;
    },
    openedAtMs: clock.monotonicMs(),
    ready,
    open(id, events) {
      slots.set(id, { events });
      onChange();
      return {
        send,
        close() {
          const slot = slots.get(id);
          if (!slot?.events) return;
          slot.events = undefined;
          if (!socket) return free(id);
          send({ context_id: id, close_context: true });
          slot.cancelTimer = clock.after(CLOSING_MS, () => free(id));
        },
      };
    },
    retire() {
      retired = true;
      if (slots.size === 0) end();
    },
    end,
  };
}

/** The socket was too old, too full or cut: nothing that another one would suffer from. */
function isStale({ code }: KukuError): boolean {
  return code === 'provider_broken_answer';
}
