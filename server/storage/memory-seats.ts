/** What is open at one process. */
import type { FreeSeat, SeatRule, Seats } from '../ports/seats.ts';

export function createMemorySeats(): Seats {
  const table = createSeatTable();
  return {
    take: async (rule, key, member) =>
      table.hasRoom(rule, key, member) ? table.sit(rule, key, member, () => {}) : undefined,
  };
}

export interface SeatTable {
  hasRoom(rule: SeatRule, key: string, member: string): boolean;
  /** Sits the member down, room or not; `onLeft` when the last of its seats here is given back. */
  sit(rule: SeatRule, key: string, member: string, onLeft: () => void): FreeSeat;
}

export function createSeatTable(): SeatTable {
  const keys = new Map<string, Map<string, number>>();
  const idOf = ({ name }: SeatRule, key: string) => `${name} ${key}`;
  return {
    hasRoom(rule, key, member) {
      const members = keys.get(idOf(rule, key));
      return members === undefined || members.has(member) || members.size < rule.max;
    },
    sit(rule, key, member, onLeft) {
      const id = idOf(rule, key);
      const members = keys.get(id) ?? new Map<string, number>();
      keys.set(id, members);
      members.set(member, (members.get(member) ?? 0) + 1);
      let taken = true;
      return () => {
        if (!taken) return;
        taken = false;
        const left = (members.get(member) ?? 1) - 1;
        if (left > 0) return void members.set(member, left);
        members.delete(member);
        if (members.size === 0 && keys.get(id) === members) keys.delete(id);
        onLeft();
      };
    },
  };
}
