/** How often a key (an address, a user) may do something: `points` times within `windowMs` of the first time. */
export interface RateRule {
  /** Names what is counted; one rule, one name. */
  readonly name: string;
  readonly points: number;
  /** At least 1000, and counted in whole seconds. */
  readonly windowMs: number;
}

/** Counts what is done, over all instances where they share a store. */
export interface RateLimits {
  /**
   * Counts one time. Undefined when it is within the rule, else the ms until the next time may be. Never rejects, and
   * answers within a quarter of a second also when the store does not: then this process counts by itself.
   * Keys are hashed before they are stored.
   */
  take(rule: RateRule, key: string): Promise<number | undefined>;
}
