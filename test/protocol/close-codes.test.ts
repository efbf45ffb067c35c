import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE, closeMeaning, type CloseName } from '../../protocol/close-codes.ts';

/** The protocol's table: what a client does after each code. */
const TABLE: readonly [code: number, name: CloseName, action: string][] = [
  [1000, 'sessionOver', 'stop'],
  [1012, 'restarting', 'resume'],
  [1013, 'overloaded', 'resume'],
  [4000, 'brokenProtocol', 'stop'],
  [4001, 'badTicket', 'ticket'],
  [4003, 'notYours', 'stop'],
  [4004, 'noSuchSession', 'stop'],
  [4008, 'noHello', 'retry'],
  [4009, 'replaced', 'stop'],
  [4010, 'heartbeatMissed', 'resume'],
  [4011, 'internal', 'resume'],
  [4014, 'versionNotSpoken', 'stop'],
  [4015, 'tooSlow', 'resume'],
  [4016, 'tooFast', 'stop'],
  [4020, 'timeLimit', 'stop'],
  [4021, 'idle', 'stop'],
  [4029, 'quota', 'retry'],
];

describe('close codes', () => {
  it('are those of the protocol, with what the client does', () => {
    const rows = Object.entries(CLOSE).map(([name, { code, action }]) => [code, name, action]);
    expect(rows).toHaveLength(TABLE.length);
    expect(rows).toEqual(expect.arrayContaining([...TABLE]));
  });

  it('are unique in code and reason', () => {
    const meanings = Object.values(CLOSE);
    expect(new Set(meanings.map(({ code }) => code)).size).toBe(meanings.length);
    expect(new Set(meanings.map(({ reason }) => reason)).size).toBe(meanings.length);
  });

  it('are ones that an application may send, with a reason that fits a close frame', () => {
    for (const { code, reason } of Object.values(CLOSE)) {
      // RFC 6455, 7.4: 1004 to 1006 and 1015 never travel; 4000 to 4999 are the application's. 5.5: 125 bytes with the code.
      expect([1000, 1012, 1013].includes(code) || (code >= 4000 && code <= 4999)).toBe(true);
      expect(Buffer.byteLength(reason)).toBeGreaterThan(0);
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    }
  });

  it('name a delay where the client must wait', () => {
    expect(closeMeaning(1013)).toHaveProperty('delayMs', expect.any(Number));
    expect(closeMeaning(4029)).toHaveProperty('delayMs', expect.any(Number));
  });

  it('are found by their number, and any other number is a lost connection to resume', () => {
    for (const meaning of Object.values(CLOSE)) expect(closeMeaning(meaning.code)).toBe(meaning);
    const known: ReadonlySet<number> = new Set(TABLE.map(([code]) => code));
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 4999 }).filter((code) => !known.has(code)),
        (code) => {
          expect(closeMeaning(code)).toEqual({ code, reason: 'connection lost', action: 'resume' });
        },
      ),
    );
  });
});
