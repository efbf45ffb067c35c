/** A notification of this phone on the day for which somebody has promised something. Asked for one by one. */
import * as chrono from 'chrono-node/en';
import type { Commitment } from '../../../protocol/messages.ts';

/** When no time was said: in the morning, so that the day is still to come. */
const MORNING_HOUR = 9;

/**
 * The moment to remind of a commitment, from the person's own words ("Friday", "by the end of next week", "tomorrow at
 * five") as they were said at `said`; undefined where they name no day, or one that is over at `now`.
 */
export function reminderAt(by: string | undefined, { said, now }: { said: Date; now: Date }): Date | undefined {
  if (!by) return undefined;
  const endOf = /\bend of (?:the|this|next) week\b/i.exec(by);
  const words = endOf ? by.replace(endOf[0], /next/i.test(endOf[0]) ? 'friday next week' : 'friday') : by;
  const [found] = chrono.parse(words, said, { forwardDate: true });
  if (!found) return undefined;
  const at = found.start.date();
  if (!found.start.isCertain('hour')) at.setHours(MORNING_HOUR, 0, 0, 0);
  return at > now ? at : undefined;
}

/** The phone's notifications, as far as reminders use them. */
export interface Notifier {
  /** False where there is none to speak of, as in a browser. */
  isAvailable: boolean;
  /** Asks the person, the first time. */
  mayNotify(): Promise<boolean>;
  schedule(reminder: { title: string; body: string; at: Date; sessionId: string }): Promise<string>;
  cancel(id: string): Promise<void>;
  /** Calls `fn` with the session of a reminder that was tapped, also of the one that has opened the app. */
  onTap(fn: (sessionId: string) => void): () => void;
}

/** Which commitments are reminded of: by the session and the place in its recap. */
export type Reminders = Readonly<Record<string, string>>;

/** More than that does not fit into what keychains take; the oldest still come, and can't be taken back. */
const MAX_REMINDERS = 20;

export const reminderKey = (sessionId: string, index: number): string => `${sessionId}/${index}`;

export interface Remind {
  reminders: Reminders;
  notifier: Notifier;
  sessionId: string;
  index: number;
  commitment: Commitment;
  at: Date;
  title: string;
}

/** Reminds of a commitment, or no longer. Undefined: the person does not want notifications. */
export async function toggleReminder(options: Remind): Promise<Reminders | undefined> {
  const { reminders, notifier, sessionId, index, commitment, at, title } = options;
  const key = reminderKey(sessionId, index);
  const { [key]: known, ...others } = reminders;
  if (known !== undefined) {
    await notifier.cancel(known);
    return others;
  }
  if (!(await notifier.mayNotify())) return undefined;
  const id = await notifier.schedule({ title, body: commitment.what, at, sessionId });
  return Object.fromEntries([...Object.entries(reminders), [key, id]].slice(-MAX_REMINDERS));
}
