/** How much may be open at once under a key: `max` different members of it. */
export interface SeatRule {
  /** Names what is counted; one rule, one name. */
  readonly name: string;
  readonly max: number;
}

/** Gives the seat back, to be called at least once. */
export type FreeSeat = () => void;

/** Counts what is open now, over all instances where they share a store. */
export interface Seats {
  /**
   * A seat for a member (a session, a connection) under a key (a user, an address); undefined when `max` others have
   * one. A member that is there already needs no more room, whichever instance has it, and stays as long as one of its
   * seats does. Never rejects: while the store does not answer, this process counts by itself. Seats of an instance that
   * died are free within a minute. Keys are hashed before they are stored.
   */
  take(rule: SeatRule, key: string, member: string): Promise<FreeSeat | undefined>;
}
