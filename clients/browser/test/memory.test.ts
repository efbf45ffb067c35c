/** What a page holds after half an hour of talk, at many times its speed. The whole hour: `npm run bench:browser`. */
import { describe, expect, test } from 'vitest';
import { withoutChromium } from '../../../test/support/chromium.ts';
import { liveUntil } from './support/long-session.ts';
import { noErrors, openTalk } from './support/page.ts';

describe.skipIf(withoutChromium('memory'))('the memory of a page', { timeout: 180_000 }, () => {
  test('grows with what is shown and with nothing else', async () => {
    await using rig = await openTalk();
    const debuggerOf = await rig.page.context().newCDPSession(rig.page);
    const early = await liveUntil(rig, { from: 1, to: 10, debuggerOf });
    const late = await liveUntil(rig, { from: 11, to: 40, debuggerOf });
    const grownKb = (late.heapBytes - early.heapBytes) / 1024;
    const nodes = late.nodes - early.nodes;
    console.info(`30 exchanges: ${grownKb.toFixed(0)} KB of heap, ${nodes} nodes, ${late.listeners} listeners`);
    // An exchange brings 576 KB of speech and 25 partial transcripts; its two lines stay, which are 10 nodes or so.
    expect(grownKb).toBeLessThan(30 * 16);
    expect(nodes).toBeLessThan(30 * 24);
    expect(late.listeners - early.listeners).toBeLessThan(10);
    noErrors(rig);
  });
});
