import { expectTypeOf, test } from 'vitest';
import type * as published from '../kuku-coach.d.ts';
import type { KukuCoachElement } from '../src/element.tsx';
import type * as source from '../src/index.ts';

test('the published types are those of the element', () => {
  type Method = 'start' | 'stop' | 'mute' | 'say' | 'wrapUp';
  expectTypeOf<Pick<KukuCoachElement, Method>>().toExtend<Pick<published.KukuCoachElement, Method>>();
  expectTypeOf<Pick<published.KukuCoachElement, Method>>().toExtend<Pick<KukuCoachElement, Method>>();
  expectTypeOf<typeof source.addCatalogue>().toExtend<typeof published.addCatalogue>();
  expectTypeOf<typeof source.languages>().toEqualTypeOf<typeof published.languages>();
});
