import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultCase, FAULTS, strike } from '../support/provider-faults.ts';
import { type Scene, startScene } from '../support/provider-scene.ts';

/** One of each kind; all of them are run by `npm run faults:providers`. */
const CHOSEN = [
  'model openai 429',
  'model openai hang before headers',
  'model openai cut midway',
  'transcription elevenlabs cut midway',
  'transcription openai 401',
  'speech elevenlabs 401',
  'speech elevenlabs hang midway',
  'speech elevenlabs close 1008',
  'speech openai cut midway',
];
const lineOf = ({ stage, vendor, fault }: FaultCase) => `${stage} ${vendor} ${fault}`;
const cases = FAULTS.filter((each) => CHOSEN.includes(lineOf(each)));

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
}, 120_000);
afterAll(() => scene.close());

describe('a provider that fails in the middle of a conversation', () => {
  it('is tried in every way that is named here', () => expect(cases).toHaveLength(CHOSEN.length));

  it.each(cases)(
    'leaves nobody in silence and nothing by half: $stage $vendor $fault',
    async (each) => {
      const { problems, heard, nextTurn } = await strike(scene, each);
      expect(problems).toEqual([]);
      expect(heard).not.toBe('');
      expect(nextTurn).toBe('completed');
    },
    60_000,
  );
});
