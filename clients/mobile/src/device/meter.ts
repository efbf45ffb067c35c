/** Counts what a conversation costs in data. */
import type { SocketConstructor } from '../../../core/src/connection.ts';
import type { Clock } from '../../../core/src/clock.ts';

export interface Traffic {
  /** Over the last 5 s, in kbit a second. */
  upKbps: number;
  downKbps: number;
  /** Since the meter was made. */
  totalBytes: number;
}

export interface Meter {
  /** The same sockets, counted. Headers of frames and of TCP (a few per cent) are not. */
  count(Socket: SocketConstructor): SocketConstructor;
  read(): Traffic;
}

const WINDOW_MS = 5000;

export function createMeter(clock: Clock): Meter {
  let recent: { atMs: number; up: number; down: number }[] = [];
  let totalBytes = 0;
  const note = (up: number, down: number) => {
    totalBytes += up + down;
    recent.push({ atMs: clock.monotonicMs(), up, down });
  };
  return {
    count: (Socket) =>
      class extends Socket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          this.addEventListener('message', ({ data }) => note(0, bytesOf(data)));
        }
        override send(data: string | Uint8Array<ArrayBuffer>) {
          note(bytesOf(data), 0);
          super.send(data);
        }
      },
    read() {
      const sinceMs = clock.monotonicMs() - WINDOW_MS;
      recent = recent.filter(({ atMs }) => atMs > sinceMs);
      const kbps = (bytes: number) => Math.round((bytes * 8) / WINDOW_MS);
      const sum = (way: 'up' | 'down') => recent.reduce((bytes, each) => bytes + each[way], 0);
      return { upKbps: kbps(sum('up')), downKbps: kbps(sum('down')), totalBytes };
    },
  };
}

/** Texts of the wire are nearly all ASCII: a letter is a byte. */
function bytesOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0;
}
