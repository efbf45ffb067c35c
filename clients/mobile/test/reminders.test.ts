import { createReminderList } from '../src/reminder-list.ts';
import { reminderAt, type Notifier } from '../src/reminders.ts';
import { CATALOGUES } from '../src/words/catalogues.ts';
import { signal } from '@preact/signals-core';
import { createFakeStore } from './support/scene.ts';

/** A Wednesday. */
const SAID = new Date(2026, 10, 25, 16, 30);
const on = (by: string | undefined, now = SAID) => {
  const at = reminderAt(by, { said: SAID, now });
  return at && [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()].join(' ');
};

describe('the day of a commitment', () => {
  test.each([
    ['Friday', '11 27 9 0'],
    ['by Friday', '11 27 9 0'],
    ['tomorrow', '11 26 9 0'],
    ['tomorrow at 5 pm', '11 26 17 0'],
    ['Monday morning', '11 30 9 0'],
    ['by the end of the week', '11 27 9 0'],
    ['the end of next week', '12 4 9 0'],
    ['in two weeks', '12 9 9 0'],
    ['December 3rd', '12 3 9 0'],
  ])('%s', (by, expected) => {
    expect(on(by)).toBe(expected);
  });

  test('there is none where none was named, or where it is over', () => {
    expect(on(undefined)).toBeUndefined();
    expect(on('soon')).toBeUndefined();
    expect(on('when I am ready')).toBeUndefined();
    expect(on('Friday', new Date(2026, 10, 28))).toBeUndefined();
  });
});

function createList(allowed: boolean, kept: Record<string, string> = {}) {
  const calls: unknown[] = [];
  const notifier: Notifier = {
    isAvailable: true,
    async mayNotify() {
      calls.push('ask');
      return allowed;
    },
    async schedule(reminder) {
      calls.push(reminder);
      return `n${calls.length}`;
    },
    cancel: async (id) => void calls.push(`cancel ${id}`),
    onTap: () => () => {},
  };
  const store = createFakeStore(kept);
  const list = createReminderList({ store, words: signal(CATALOGUES.en), createNotifier: () => notifier });
  return { list, calls, store };
}

const WANTED = {
  sessionId: 's1',
  index: 0,
  commitment: { what: 'Talk to her', by: 'Friday' },
  at: new Date(2026, 10, 27, 9),
};

describe('a reminder', () => {
  test('is opt-in: the phone is asked with the first, which is then scheduled and remembered', async () => {
    const { list, calls, store } = createList(true);
    expect(calls).toEqual([]);
    await list.toggle(WANTED);
    expect(calls).toEqual([
      'ask',
      { sessionId: 's1', at: WANTED.at, title: 'You wanted to do this', body: 'Talk to her' },
    ]);
    const { list: later } = createList(true, store.kept);
    await later.restore();
    expect(later.all.value).toEqual({ 's1/0': 'n2' });
  });

  test('is taken back by the same switch', async () => {
    const { list, calls } = createList(true, { reminders: '{"s1/0":"n7"}' });
    await list.restore();
    await list.toggle(WANTED);
    expect(calls).toEqual(['cancel n7']);
    expect(list.all.value).toEqual({});
  });

  test('is not set where the person refuses, and says so', async () => {
    const { list } = createList(false);
    await list.toggle(WANTED);
    expect(list.all.value).toEqual({});
    expect(list.refused.value).toBe(true);
  });
});
