/** The reminders that the person has asked for. */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Commitment } from '../../../protocol/messages.ts';
import type { Store } from './device/store-types.ts';
import { toggleReminder, type Notifier, type Reminders } from './reminders.ts';
import type { Words } from './words/catalogues.ts';

const KEY = 'reminders';

export interface ReminderListOptions {
  store: Store;
  words: ReadonlySignal<Words>;
  createNotifier: (channelName: string) => Notifier;
}

export function createReminderList({ store, words, createNotifier }: ReminderListOptions) {
  const all = signal<Reminders>({});
  /** The person does not want notifications: told where it was asked for. */
  const refused = signal(false);
  let made: Notifier | undefined;
  // Made when it is first needed: by then the words are those of the person's language.
  const notifier = () => (made ??= createNotifier(words.value.app.recap.channel));
  return {
    all,
    refused,
    notifier,
    async restore() {
      try {
        const stored: unknown = JSON.parse((await store.get(KEY)) ?? '{}');
        if (typeof stored === 'object' && stored !== null) all.value = stored as Reminders;
      } catch {
        // Reminders that were set still come; only their switches are off.
      }
    },
    async toggle(wanted: { sessionId: string; index: number; commitment: Commitment; at: Date }) {
      const title = words.value.app.recap.reminderTitle;
      const changed = await toggleReminder({ ...wanted, reminders: all.value, notifier: notifier(), title });
      refused.value = changed === undefined;
      if (!changed) return;
      all.value = changed;
      await store.set(KEY, JSON.stringify(changed)).catch(() => {});
    },
  };
}
