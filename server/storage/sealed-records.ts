/** Records as they are kept when their texts are sealed, and back. Each text is bound to its place. */
import { z } from 'zod';
import { Commitment } from '../../protocol/messages.ts';
import type { MessageRecord, RatingRecord, RecapRecord, SessionRecord } from '../ports/archive.ts';
import { storable } from './archive-rows.ts';
import { SEALED, type Sealing } from './sealing.ts';

const PLACES = {
  title: (sessionId: string) => `title/${sessionId}`,
  state: (sessionId: string) => `state/${sessionId}`,
  message: (sessionId: string, id: string) => `message/${sessionId}/${id}`,
  recap: (sessionId: string, field: string) => `recap/${sessionId}/${field}`,
  feedback: (sessionId: string) => `feedback/${sessionId}`,
};

export function sealedRecords(plain: Sealing) {
  // What no database holds goes before it is sealed, so that the same is read with and without keys.
  const sealing: Sealing = { ...plain, seal: (text, place) => plain.seal(storable(text), place) };
  const clean = (_key: string, value: unknown) => (typeof value === 'string' ? storable(value) : value);
  const json = {
    seal: (value: unknown, place: string) => sealing.seal(JSON.stringify(value, clean), place),
    open: (text: string, place: string): unknown => JSON.parse(sealing.open(text, place)),
  };
  const openedTitle = (id: string, title: string | null) => title && sealing.open(title, PLACES.title(id));
  const openedList = <T>(list: readonly T[], text: (first: T) => string, schema: z.ZodType<T[]>, place: string) => {
    const [first] = list;
    const sealed = first === undefined ? '' : text(first);
    return sealed.startsWith(SEALED) ? schema.parse(json.open(sealed, place)) : list;
  };
  return {
    title: (id: string, title: string | null) => title && sealing.seal(title, PLACES.title(id)),
    openedTitle,
    session: (session: SessionRecord): SessionRecord => ({
      ...session,
      title: session.title && sealing.seal(session.title, PLACES.title(session.id)),
      // Of a session that has ended none is kept.
      state: session.state === null ? null : json.seal(session.state, PLACES.state(session.id)),
    }),
    openedSession: (session: SessionRecord): SessionRecord => ({
      ...session,
      title: openedTitle(session.id, session.title),
      state: typeof session.state === 'string' ? json.open(session.state, PLACES.state(session.id)) : session.state,
    }),
    /** As a column of JSON takes it. */
    resealedState(id: string, state: unknown): string | null {
      if (state === null) return null;
      const opened = typeof state === 'string' ? json.open(state, PLACES.state(id)) : state;
      return JSON.stringify(json.seal(opened, PLACES.state(id)));
    },
    message: (sessionId: string, message: MessageRecord): MessageRecord => ({
      ...message,
      text: sealing.seal(message.text, PLACES.message(sessionId, message.id)),
    }),
    openedMessage: (sessionId: string, message: MessageRecord): MessageRecord => ({
      ...message,
      text: sealing.open(message.text, PLACES.message(sessionId, message.id)),
    }),
    recap(id: string, recap: RecapRecord): RecapRecord {
      const { topic, goal, summary, insights, commitments } = recap;
      const field = (text: string, name: string) => sealing.seal(text, PLACES.recap(id, name));
      const sealedCommitments =
        commitments.length > 0 ? [{ what: field(JSON.stringify(commitments, clean), 'commitments') }] : [];
      return {
        ...recap,
        topic: field(topic, 'topic'),
        goal: field(goal, 'goal'),
        summary: field(summary, 'summary'),
        insights: insights.length > 0 ? [field(JSON.stringify(insights, clean), 'insights')] : [],
        commitments: sealedCommitments,
      };
    },
    openedCommitments: (id: string, commitments: readonly Commitment[]) =>
      openedList(commitments, ({ what }) => what, z.array(Commitment), PLACES.recap(id, 'commitments')),
    openedRecap(id: string, recap: RecapRecord): RecapRecord {
      const field = (text: string, name: string) => sealing.open(text, PLACES.recap(id, name));
      const { topic, goal, summary, insights, commitments } = recap;
      return {
        ...recap,
        topic: field(topic, 'topic'),
        goal: field(goal, 'goal'),
        summary: field(summary, 'summary'),
        insights: [...openedList(insights, (text) => text, z.array(z.string()), PLACES.recap(id, 'insights'))],
        commitments: [...this.openedCommitments(id, commitments)],
      };
    },
    rating: (id: string, rating: RatingRecord): RatingRecord => ({
      ...rating,
      feedback: rating.feedback && sealing.seal(rating.feedback, PLACES.feedback(id)),
    }),
    openedRating: (id: string, rating: RatingRecord): RatingRecord => ({
      ...rating,
      feedback: rating.feedback && sealing.open(rating.feedback, PLACES.feedback(id)),
    }),
  };
}
