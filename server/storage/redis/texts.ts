/**
 * What is said, as Redis keeps it: JSON, sealed where the operator has a key. Each text is bound to its session and its
 * kind; ids, times, versions and deadlines, by which Redis works, are not sealed, nor are the figures of a turn.
 */
import { type Sealer, unsealed } from '../sealing.ts';

export type TextKind = 'state' | 'event' | 'message' | 'refused';

export interface Texts {
  write(value: unknown, kind: TextKind, sessionId: string): string;
  /** Throws what `Sealer.open` throws. */
  read(text: string, kind: TextKind, sessionId: string): unknown;
}

export function createTexts(sealing: Sealer = unsealed): Texts {
  const place = (kind: TextKind, sessionId: string) => `redis/${kind}/${sessionId}`;
  return {
    write: (value, kind, sessionId) => sealing.seal(JSON.stringify(value), place(kind, sessionId)),
    read: (text, kind, sessionId) => JSON.parse(sealing.open(text, place(kind, sessionId))),
  };
}
