/** The archive with everything that was said sealed: what it stands on sees no word of it. */
import type { Archive } from '../ports/archive.ts';
import { sealedRecords } from './sealed-records.ts';
import { searchSealed } from './sealed-search.ts';
import type { Sealing } from './sealing.ts';

export function createSealedArchive(archive: Archive, sealing: Sealing): Archive {
  const records = sealedRecords(sealing);
  const messages: Archive['messages'] = async (sessionId) =>
    (await archive.messages(sessionId)).map((message) => records.openedMessage(sessionId, message));
  const listSessions: Archive['listSessions'] = async (query) => {
    const page = await archive.listSessions(query);
    const opened = page.sessions.map((session) => ({
      ...session,
      title: records.openedTitle(session.id, session.title),
    }));
    return { ...page, sessions: opened };
  };
  return {
    ...archive,
    name: `${archive.name}, sealed`,
    saveSession: (session) => archive.saveSession(records.session(session)),
    appendMessages: (sessionId, added) =>
      archive.appendMessages(
        sessionId,
        added.map((message) => records.message(sessionId, message)),
      ),
    saveRecap: (sessionId, recap) => archive.saveRecap(sessionId, records.recap(sessionId, recap)),
    rename: (sessionId, title) => archive.rename(sessionId, records.title(sessionId, title)),
    rate: (sessionId, rating) => archive.rate(sessionId, records.rating(sessionId, rating)),
    async session(sessionId) {
      const session = await archive.session(sessionId);
      return session && records.openedSession(session);
    },
    listSessions: (list) =>
      list.query === undefined || list.query.trim() === ''
        ? listSessions(list)
        : searchSealed({ listSessions, messages }, { ...list, query: list.query }),
    messages,
    async recap(sessionId) {
      const recap = await archive.recap(sessionId);
      return recap && records.openedRecap(sessionId, recap);
    },
    async rating(sessionId) {
      const rating = await archive.rating(sessionId);
      return rating && records.openedRating(sessionId, rating);
    },
    async openCommitments(userId) {
      const found = await archive.openCommitments(userId);
      return found && { ...found, commitments: records.openedCommitments(found.sessionId, found.commitments) };
    },
    restorable: async () => (await archive.restorable()).map(records.openedSession),
  };
}
