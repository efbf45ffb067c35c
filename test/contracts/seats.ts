/** The contract of `ports/seats.ts`, run on each adapter. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Seats } from '../../server/ports/seats.ts';

export interface SeatsUnderTest {
  seats: Seats;
  close(): Promise<void>;
}

export function seatsContract(name: string, setUp: () => Promise<SeatsUnderTest>): void {
  describe(`${name} as counter of what is open`, () => {
    let counting: SeatsUnderTest;
    beforeAll(async () => {
      counting = await setUp();
    });
    afterAll(() => counting.close());

    const rule = (max: number) => ({ name: randomUUID(), max });
    const frees = (free: (() => void) | undefined) => {
      if (!free) throw new Error('there was no seat');
      free();
    };

    it('gives as many seats as there are, and again what was given back, once', async () => {
      const two = rule(2);
      const first = await counting.seats.take(two, 'a', 'm1');
      await counting.seats.take(two, 'a', 'm2');
      expect(await counting.seats.take(two, 'a', 'm3')).toBeUndefined();
      frees(first);
      frees(first);
      await expect.poll(() => counting.seats.take(two, 'a', 'm4')).toBeTypeOf('function');
      expect(await counting.seats.take(two, 'a', 'm5')).toBeUndefined();
    });

    it('gives exactly as many when everybody asks at once', async () => {
      const ten = rule(10);
      const asked = Array.from({ length: 40 }, (_, i) => counting.seats.take(ten, 'a', `m${i}`));
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(10);
    });

    it('counts each key and each rule by itself', async () => {
      const [one, other] = [rule(1), rule(1)];
      expect(await counting.seats.take(one, 'a', 'm')).toBeTypeOf('function');
      expect(await counting.seats.take(one, 'b', 'm')).toBeTypeOf('function');
      expect(await counting.seats.take(other, 'a', 'n')).toBeTypeOf('function');
      expect(await counting.seats.take(one, 'a', 'n')).toBeUndefined();
    });

    it('counts a member once, and until the last of its seats is given back', async () => {
      const one = rule(1);
      const first = await counting.seats.take(one, 'a', 'm');
      const second = await counting.seats.take(one, 'a', 'm');
      frees(first);
      expect(await counting.seats.take(one, 'a', 'n')).toBeUndefined();
      frees(second);
      await expect.poll(() => counting.seats.take(one, 'a', 'n')).toBeTypeOf('function');
    });
  });
}
