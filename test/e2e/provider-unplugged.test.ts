import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scene, startScene } from '../support/provider-scene.ts';
import { unplug } from '../support/provider-unplugged.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
}, 120_000);
afterAll(() => scene.close());

describe('the network to a provider, unplugged in the middle of a session', () => {
  it.each(['elevenlabs', 'openai'] as const)(
    'opens the breakers, the local voice goes on, and plugged in again they close: %s',
    async (vendor) => {
      const { turns, breakers, problems } = await unplug(scene, vendor, { openMs: 500 });
      expect(problems).toEqual([]);
      const heard = (when: string) => turns.filter((turn) => turn.when === when).map((turn) => turn.heard);
      expect(heard('before')).toMatchObject([expect.stringMatching(/^cloud/)]);
      for (const each of heard('unplugged')) expect(each).toMatch(/^((cloud|filler) [^,]*, )*local/);
      expect(heard('plugged in').at(-1)).toMatch(/^cloud/);
      for (const kind of ['speech', 'transcription', 'coach']) {
        const states = breakers.filter((line) => line.startsWith(kind)).map((line) => line.split(' ').at(-1));
        expect(states[0], kind).toBe('open');
        expect(states.at(-1), kind).toBe('closed');
      }
    },
    120_000,
  );
});
