import type { Clock } from '../ports/clock.ts';

/** A token bucket: `perSecond` tokens flow in, up to `burst`. */
export interface Bucket {
  /** Takes `amount`; false, and nothing taken, when there is not enough. */
  take(amount: number): boolean;
}

export function createBucket(clock: Clock, { perSecond, burst }: { perSecond: number; burst: number }): Bucket {
  let tokens = burst;
  let lastMs = clock.monotonicMs();
  return {
    take(amount) {
      const now = clock.monotonicMs();
      tokens = Math.min(burst, tokens + ((now - lastMs) * perSecond) / 1000);
      lastMs = now;
      if (tokens < amount) return false;
      tokens -= amount;
      return true;
    },
  };
}

/** Counts what is open per key (user, address) against a maximum. */
export interface Seats {
  /** Takes a seat; false when all are taken. */
  take(key: string): boolean;
  free(key: string): void;
}

export function createSeats(max: number): Seats {
  const taken = new Map<string, number>();
  return {
    take(key) {
      const count = taken.get(key) ?? 0;
      if (count >= max) return false;
      taken.set(key, count + 1);
      return true;
    },
    free(key) {
      const count = taken.get(key) ?? 0;
      if (count > 1) taken.set(key, count - 1);
      else taken.delete(key);
    },
  };
}

/** Counts the sessions in which a user has a socket: one that replaces another in the same session needs no more room. */
export interface UserSeats {
  /** What gives the seat back, to be called at least once; undefined when all are taken. */
  take(userId: string, sessionId: string): (() => void) | undefined;
}

export function createUserSeats(max: number): UserSeats {
  const users = new Map<string, Map<string, number>>();
  return {
    take(userId, sessionId) {
      const sessions = users.get(userId) ?? new Map<string, number>();
      if (!sessions.has(sessionId) && sessions.size >= max) return undefined;
      users.set(userId, sessions);
      sessions.set(sessionId, (sessions.get(sessionId) ?? 0) + 1);
      let taken = true;
      return () => {
        if (!taken) return;
        taken = false;
        const left = (sessions.get(sessionId) ?? 1) - 1;
        if (left > 0) return void sessions.set(sessionId, left);
        sessions.delete(sessionId);
        if (sessions.size === 0) users.delete(userId);
      };
    },
  };
}
