/** A minute of the fuzz that `npm run fuzz` runs for as long as one likes, there with another seed each time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type FuzzResult, fuzz, isLeak } from '../support/fuzz/run.ts';
import { type FuzzedServer, startFuzzedServer } from '../support/fuzz/server.ts';
import { createTestSession } from '../support/test-client.ts';

const seed = 20_261_128;

describe(`a minute of fuzz with the seed ${seed}`, () => {
  let result: FuzzResult;
  beforeAll(async () => {
    result = await fuzz({ seed, minutes: 1 });
  }, 240_000);

  it('finds nothing', () => {
    expect(result.failures).toEqual([]);
  });

  it('reaches what is behind the checks, over REST and the socket', () => {
    const { inputs, outcomes, good, total } = result.tally;
    expect(total).toBeGreaterThan(1000);
    for (const kind of ['request', 'upload', 'opening', 'hello', 'message', 'audio frame', 'raw'])
      expect(inputs.get(kind) ?? 0, kind).toBeGreaterThan(10);
    for (const outcome of ['200', '400', '401', '404', 'close 4000', 'close 1005', 'raw: 400'])
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(0);
    expect(good.size).toBeGreaterThan(result.operations.length / 2);
  });
});

it('takes memory that rises with the inputs for a leak, and memory that sways for none', () => {
  const looks = (heldMb: (round: number) => number) =>
    Array.from({ length: 12 }, (_, round) => {
      const heldBytes = heldMb(round) * 2 ** 20;
      return { inputs: round * 10_000, atMs: round * 20_000, heldBytes, residentBytes: heldBytes };
    });
  expect(isLeak(looks((round) => 100 + 5 * round))).toBe(true);
  expect(isLeak(looks((round) => 100 + (round % 3)))).toBe(false);
});

describe('a frame that is none', () => {
  let server: FuzzedServer;
  beforeAll(async () => {
    server = await startFuzzedServer();
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
  });

  it.each([
    ['text that is no UTF-8', new Uint8Array([0xc3, 0x28]), { binary: false }, 1007],
    ['more than any frame may have', new Uint8Array(70_000), { binary: true }, 1009],
  ])('is closed with its code, and is no error in the log: %s', async (_what, bytes, options, code) => {
    const { socket: access } = await createTestSession(server.url);
    const socket = new WebSocket(access.url, access.protocols);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('open', () => socket.send(bytes, options));
    expect(await closed).toBe(code);
    await server.memory();
    expect(server.errors()).toEqual([]);
  });
});
