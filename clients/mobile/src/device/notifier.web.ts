import type { Notifier } from '../reminders.ts';

/** Browsers can't be told to notify somebody later, without a server that does. */
export const createNotifier = (_channelName: string): Notifier => ({
  isAvailable: false,
  mayNotify: async () => false,
  schedule: async () => '',
  cancel: async () => {},
  onTap: () => () => {},
});
