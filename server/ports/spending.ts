/**
 * What people have spent today, the day being UTC's by the store's time. Forgotten after it. Rejects with a `KukuError`
 * `store_away` or that of the archive when it can't be known now.
 */
export interface Spending {
  /** Adds to the user's day, once a call, and resolves with what it comes to. */
  add(userId: string, amount: number): Promise<number>;
  spent(userId: string): Promise<number>;
}

/** `2026-11-28`. */
export function dayOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

export function dayStart(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS;
}

export function untilTomorrow(nowMs: number): number {
  return dayStart(nowMs) + DAY_MS - nowMs;
}
