/** What every archive must do for the person whose words it keeps. Part of `archiveContract`. */
import { describe, expect, it } from 'vitest';
import type { Archive, MessageRecord, RecapRecord, SessionRecord } from '../../server/ports/archive.ts';

export interface OwnContract {
  archive(): Archive;
  newUser(): Promise<string>;
  newSession(changes?: Partial<SessionRecord>): Promise<SessionRecord>;
  message(changes?: Partial<MessageRecord>): MessageRecord;
  recap(changes?: Partial<RecapRecord>): RecapRecord;
  start: number;
}

export function ownContract({ archive, newUser, newSession, message, recap, start }: OwnContract): void {
  const ended = (at: number) => ({ status: 'ended', endedAt: start + at, endReason: 'confirmed' }) as const;

  describe('a name of the person’s own', () => {
    it('stands before the topic, whatever is saved later, until it is taken back', async () => {
      const session = await newSession({ userId: await newUser(), title: 'delegating' });
      await archive().rename(session.id, 'Maria');
      await archive().saveSession({ ...session, title: 'the budget', version: 9 });
      expect(await archive().session(session.id)).toMatchObject({ title: 'Maria', version: 9 });
      const { sessions } = await archive().listSessions({ userId: session.userId ?? '', limit: 1 });
      expect(sessions[0]?.title).toBe('Maria');
      await archive().rename(session.id, null);
      expect((await archive().session(session.id))?.title).toBe('the budget');
    });

    it('is not given to a session that is unknown or was deleted', async () => {
      await expect(archive().rename('nobody', 'x')).rejects.toMatchObject({ code: 'session_not_found' });
      const { id } = await newSession();
      await archive().deleteSession(id, start);
      await archive().rename(id, 'x');
      expect(await archive().session(id)).toBeUndefined();
    });
  });

  it('says at which moment of the session something was said, and by whom', async () => {
    const userId = await newUser();
    const { id } = await newSession({ userId });
    await archive().appendMessages(id, [
      message({ id: 'a', seq: 0, sender: 'ai', text: 'Welcome.', createdAt: start + 1000 }),
      message({ id: 'b', seq: 1, text: 'My xylophone is broken.', createdAt: start + 65_000 }),
    ]);
    const { sessions } = await archive().listSessions({ userId, limit: 5, query: 'xylophone' });
    expect(sessions[0]?.match).toMatchObject({ messageId: 'b', sender: 'user', atMs: 65_000 });
  });

  describe('what the person wanted to do', () => {
    const withCommitment = async (userId: string, what: string, at: number) => {
      const session = await newSession({ userId, ...ended(at) });
      await archive().saveRecap(session.id, recap({ commitments: [{ what, by: 'Friday' }] }));
      return session.id;
    };

    it('is that of the latest session that ended with commitments', async () => {
      const userId = await newUser();
      expect(await archive().openCommitments(userId)).toBeUndefined();
      await withCommitment(userId, 'sleep', 1000);
      const id = await withCommitment(userId, 'talk to her', 2000);
      const without = await newSession({ userId, ...ended(3000) });
      await archive().saveRecap(without.id, recap({ commitments: [] }));
      await withCommitment(await newUser(), 'something of somebody else', 4000);
      const commitments = [{ what: 'talk to her', by: 'Friday' }];
      expect(await archive().openCommitments(userId)).toEqual({ sessionId: id, commitments });
    });

    it('is not asked about again once a session took it up, in which the person said something', async () => {
      const userId = await newUser();
      await withCommitment(userId, 'sleep', 1000);
      const sessionId = await withCommitment(userId, 'talk to her', 2000);
      const next = await newSession({ userId, continuesId: sessionId, messageCount: 1 });
      expect(await archive().openCommitments(userId)).toMatchObject({ sessionId });
      await archive().saveSession({ ...next, messageCount: 2, version: 5 });
      expect(await archive().openCommitments(userId)).toBeUndefined();
      expect((await archive().session(next.id))?.continuesId).toBe(sessionId);
    });

    it('goes with its session', async () => {
      const userId = await newUser();
      await archive().deleteSession(await withCommitment(userId, 'talk to her', 1000), start);
      expect(await archive().openCommitments(userId)).toBeUndefined();
    });
  });

  describe('a user who is deleted', () => {
    it('leaves nothing but the ids of the sessions, and comes back as somebody new', async () => {
      const identity = { issuer: 'guest', subject: `leaving-${start}-${await newUser()}` };
      const { id: userId } = await archive().ensureUser(identity, start);
      const { id } = await newSession({ userId, title: 'pangolins' });
      await archive().appendMessages(id, [message({ text: 'pangolins' })]);
      await archive().saveRecap(id, recap());
      const other = await newSession({ userId: await newUser() });
      expect(await archive().deleteUser(userId, start)).toEqual([id]);
      expect(await archive().user(userId)).toBeUndefined();
      expect([await archive().session(id), await archive().messages(id)]).toEqual([undefined, []]);
      expect(await archive().wasDeleted(id)).toBe(true);
      expect([await archive().wasDeleted(other.id), await archive().wasDeleted('nobody')]).toEqual([false, false]);
      expect(await archive().deleteUser(userId, start)).toEqual([]);
      expect((await archive().ensureUser(identity, start)).id).not.toBe(userId);
    });

    it('is not brought back by what is still written', async () => {
      const userId = await newUser();
      const session = await newSession({ userId });
      await archive().deleteUser(userId, start);
      await archive().saveSession({ ...session, version: 99 });
      await archive().appendMessages(session.id, [message()]);
      expect(await archive().session(session.id)).toBeUndefined();
      expect(await archive().messages(session.id)).toEqual([]);
    });
  });
}
