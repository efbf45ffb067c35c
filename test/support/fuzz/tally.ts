/** What a fuzz did, counted; and what must not be. */

export interface Tally {
  /** Requests, frames, openings of sockets, raw connections. */
  readonly inputs: ReadonlyMap<string, number>;
  /** HTTP statuses and close codes. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Codes of refusals for now (503, and closes that say so). */
  readonly busy: ReadonlyMap<string, number>;
  /** Operations of the document, and how many of their answers were good. */
  readonly good: ReadonlyMap<string, number>;
  readonly total: number;
  input(kind: string): void;
  outcome(what: string): void;
  refusedForNow(code: string): void;
  answeredWell(operation: string): void;
}

export function createTally(): Tally {
  const maps = {
    inputs: new Map<string, number>(),
    outcomes: new Map<string, number>(),
    busy: new Map<string, number>(),
    good: new Map<string, number>(),
  };
  let total = 0;
  const count = (map: Map<string, number>, key: string) => void map.set(key, (map.get(key) ?? 0) + 1);
  return {
    ...maps,
    get total() {
      return total;
    },
    input(kind) {
      total += 1;
      count(maps.inputs, kind);
    },
    outcome: (what) => count(maps.outcomes, what),
    refusedForNow: (code) => count(maps.busy, code),
    answeredWell: (operation) => count(maps.good, operation),
  };
}

/** Something that an input brought about and must not. */
export class Finding extends Error {
  override readonly name = 'Finding';
}
