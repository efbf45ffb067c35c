/** What every archive must do. Run on each adapter: see `test/server/storage/archive.test.ts`. */
import { assert, asyncProperty, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownContract } from './archive-own.ts';
import type { Archive, MessageRecord, RecapRecord, SessionRecord, TurnRecord } from '../../server/ports/archive.ts';

const START = Date.UTC(2026, 10, 2, 9, 30);

export interface ArchiveUnderTest {
  archive: Archive;
  close(): Promise<void>;
}

/** `name` is what the archive stores in. */
export function archiveContract(name: string, open: () => Promise<ArchiveUnderTest>): void {
  describe(`the archive on ${name}`, () => {
    let opened: ArchiveUnderTest;
    let archive: Archive;
    let next = 0;
    const fresh = (prefix: string) => `${prefix}-${++next}`;

    beforeAll(async () => {
      opened = await open();
      archive = opened.archive;
    }, 60_000);
    afterAll(() => opened.close(), 60_000);

    const newUser = async () => (await archive.ensureUser({ issuer: 'guest', subject: fresh('guest') }, START)).id;
    const newSession = async (changes: Partial<SessionRecord> = {}) => {
      const session = sessionRecord({ id: fresh('session'), ...changes });
      await archive.saveSession(session);
      return session;
    };

    describe('users', () => {
      it('gives one identity the same id each time, also when asked at once', async () => {
        const identity = { issuer: 'https://issuer.example', subject: fresh('person') };
        const users = await Promise.all([1, 2, 3, 4].map((n) => archive.ensureUser(identity, START + n)));
        expect(new Set(users.map((user) => user.id)).size).toBe(1);
        expect(await archive.ensureUser(identity, START + 99)).toEqual(users[0]);
      });

      it('tells the same subject of two issuers apart', async () => {
        const subject = fresh('person');
        const a = await archive.ensureUser({ issuer: 'https://a.example', subject }, START);
        const b = await archive.ensureUser({ issuer: 'https://b.example', subject }, START);
        expect(a.id).not.toBe(b.id);
      });

      it('finds a user by the id', async () => {
        const user = await archive.ensureUser({ issuer: 'guest', subject: fresh('guest') }, START);
        expect(await archive.user(user.id)).toEqual(user);
        expect(await archive.user('nobody')).toBeUndefined();
      });

      it('keeps the id of a user who is known by another identity from now on', async () => {
        const [guest, account] = [
          { issuer: 'guest', subject: fresh('guest') },
          { issuer: 'account', subject: fresh('a') },
        ];
        const { id } = await archive.ensureUser(guest, START);
        expect(await archive.reidentifyUser(guest, account)).toBe(true);
        expect(await archive.user(id)).toMatchObject({ id, ...account });
        expect((await archive.ensureUser(account, START)).id).toBe(id);
        expect((await archive.ensureUser(guest, START)).id).not.toBe(id);
      });

      it('gives nobody an identity that has a user already, or that of somebody unknown', async () => {
        const guest = { issuer: 'guest', subject: fresh('guest') };
        const account = await archive.ensureUser({ issuer: 'account', subject: fresh('a') }, START);
        expect(await archive.reidentifyUser(guest, { issuer: 'account', subject: fresh('a') })).toBe(false);
        const { id } = await archive.ensureUser(guest, START);
        expect(await archive.reidentifyUser(guest, account)).toBe(false);
        expect((await archive.ensureUser(guest, START)).id).toBe(id);
      });
    });

    describe('spoken replies', () => {
      it('belong to whoever their session belongs to', async () => {
        const userId = await newUser();
        const [mine, nobodys] = [await newSession({ userId }), await newSession()];
        await archive.appendMessages(mine.id, [{ ...message({ seq: 0 }), audioFile: 'mine.mp3' }]);
        await archive.appendMessages(nobodys.id, [{ ...message({ seq: 0 }), audioFile: 'nobodys.mp3' }]);
        expect(await archive.audioOwner('mine.mp3')).toEqual({ userId });
        expect(await archive.audioOwner('nobodys.mp3')).toEqual({ userId: null });
        expect(await archive.audioOwner('other.mp3')).toBeUndefined();
      });
    });

    describe('sessions', () => {
      it('reads a session as it was saved, its state included', async () => {
        const session = await newSession({
          userId: await newUser(),
          title: 'Delegating',
          usage: { inputTokens: 900, transcribedSeconds: 12.5, cost: 0.031 },
          state: { phase: 'confirming', notes: { insights: ['a', 'ü', '🙂'] }, deadlines: [1, null] },
        });
        expect(await archive.session(session.id)).toEqual(session);
      });

      it('sums what the sessions of a user cost that started since, and nobody else’s', async () => {
        const [userId, other] = [await newUser(), await newUser()];
        await newSession({ userId, startedAt: START - 1, usage: { cost: 8 } });
        await newSession({ userId, startedAt: START, usage: { cost: 0.25, outputTokens: 40 } });
        await newSession({ userId, startedAt: START + 5, usage: { cost: 0.5, estimated: true } });
        await newSession({ userId, startedAt: START + 6, usage: { spokenCharacters: 70 } });
        await newSession({ userId: other, startedAt: START + 7, usage: { cost: 4 } });
        expect(await archive.costSince(userId, START)).toBeCloseTo(0.75, 9);
        expect(await archive.costSince('nobody', START)).toBe(0);
      });

      it('knows no session that was never saved', async () => {
        expect(await archive.session('nobody')).toBeUndefined();
        expect(await archive.messages('nobody')).toEqual([]);
        expect(await archive.recap('nobody')).toBeUndefined();
        expect(await archive.rating('nobody')).toBeUndefined();
        expect(await archive.turns('nobody')).toEqual([]);
      });

      it('takes a newer version and ignores an equal or older one, in any order', async () => {
        const id = fresh('session');
        const at = (version: number, stage: SessionRecord['stage']) => sessionRecord({ id, version, stage });
        await archive.saveSession(at(2, 'reality'));
        await archive.saveSession(at(1, 'goal'));
        await archive.saveSession(at(2, 'topic'));
        expect((await archive.session(id))?.stage).toBe('reality');
        await archive.saveSession(at(3, 'options'));
        expect((await archive.session(id))?.stage).toBe('options');
      });

      it('ends with the newest of versions that arrive at once', async () => {
        const id = fresh('session');
        const versions = [5, 1, 9, 3, 7, 2, 8];
        await Promise.all(versions.map((version) => archive.saveSession(sessionRecord({ id, version }))));
        expect((await archive.session(id))?.version).toBe(9);
      });

      it('keeps no state of a session that has ended', async () => {
        const session = await newSession({ state: { secret: 'words' } });
        await archive.saveSession({ ...session, ...ended, version: 2 });
        expect(await archive.session(session.id)).toEqual({ ...session, ...ended, version: 2, state: null });
      });

      it('restores sessions that were active, and no other', async () => {
        const active = await newSession({ state: { turn: 5 } });
        const over = await newSession(ended);
        const deleted = await newSession();
        await archive.deleteSession(deleted.id, START);
        const restorable = await archive.restorable();
        expect(restorable).toContainEqual(active);
        const ids = restorable.map((session) => session.id);
        expect(ids).not.toContain(over.id);
        expect(ids).not.toContain(deleted.id);
      });

      it('stores whatever characters a client sends, but for those no database holds', async () => {
        await assert(
          asyncProperty(string({ unit: 'binary' }), async (text) => {
            const { id } = await newSession({ state: { text } });
            await archive.appendMessages(id, [message({ text })]);
            const stored = text.replaceAll('\0', '').toWellFormed();
            expect((await archive.messages(id))[0]?.text).toBe(stored);
            expect((await archive.session(id))?.state).toEqual({ text: stored });
          }),
          { numRuns: 25, examples: [['a\0b\ud800c'], ["'; drop table messages; --"]] },
        );
      });
    });

    describe('messages', () => {
      it('reads messages in the order of the session, whatever order they came in', async () => {
        const { id } = await newSession();
        const [a, b, c] = [0, 1, 2].map((seq) => message({ id: `m${seq}`, seq, text: `text ${seq}` }));
        await archive.appendMessages(id, [c!, a!]);
        await archive.appendMessages(id, [b!]);
        expect(await archive.messages(id)).toEqual([a, b, c]);
      });

      it('stores a message once when it is sent again', async () => {
        const { id } = await newSession();
        const said = message({ audioFile: 'a.mp3' });
        await Promise.all([1, 2, 3].map(() => archive.appendMessages(id, [said])));
        await archive.appendMessages(id, [said, said]);
        expect(await archive.messages(id)).toEqual([said]);
      });

      it('cuts a reply that was interrupted, and does not put it back', async () => {
        const { id } = await newSession();
        const whole = message({ sender: 'ai', text: 'One. Two. Three.', version: 4 });
        const cut = { ...whole, text: 'One.', interrupted: true, version: 5 };
        await archive.appendMessages(id, [whole]);
        await archive.appendMessages(id, [cut, whole]);
        await archive.appendMessages(id, [whole]);
        expect(await archive.messages(id)).toEqual([cut]);
      });

      it('keeps the same message id of two sessions apart', async () => {
        const [one, two] = [await newSession(), await newSession()];
        await archive.appendMessages(one.id, [message({ text: 'one' })]);
        await archive.appendMessages(two.id, [message({ text: 'two' })]);
        expect((await archive.messages(one.id)).map((m) => m.text)).toEqual(['one']);
      });

      it('refuses messages of an unknown session', async () => {
        const refused = archive.appendMessages(fresh('unknown'), [message()]);
        await expect(refused).rejects.toMatchObject({ code: 'session_not_found', status: 404, retryable: false });
      });

      it('stores all messages of a call or none', async () => {
        const { id } = await newSession();
        const broken = message({ id: 'broken', sender: 'nobody' as 'ai' });
        const refused = archive.appendMessages(id, [message({ id: 'fine' }), broken]);
        await expect(refused).rejects.toMatchObject({ code: 'database_failed', retryable: false });
        expect(await archive.messages(id)).toEqual([]);
      });
    });

    describe('recaps, ratings, turns', () => {
      it('keeps the newest recap', async () => {
        const { id } = await newSession();
        const first = recap({ goal: 'one', version: 3 });
        const second = recap({ goal: 'two', version: 4 });
        await archive.saveRecap(id, second);
        await archive.saveRecap(id, first);
        expect(await archive.recap(id)).toEqual(second);
      });

      it('has one rating a session, which can be changed', async () => {
        const { id } = await newSession(ended);
        await archive.rate(id, { score: 3, feedback: null, ratedAt: START });
        await archive.rate(id, { score: 5, feedback: 'It helped.', ratedAt: START + 1000 });
        await archive.rate(id, { score: 3, feedback: null, ratedAt: START });
        expect(await archive.rating(id)).toEqual({ score: 5, feedback: 'It helped.', ratedAt: START + 1000 });
      });

      it.each([0, 6, 2.5, Number.NaN])('refuses a rating of %s', async (score) => {
        const { id } = await newSession(ended);
        const refused = archive.rate(id, { score, feedback: null, ratedAt: START });
        await expect(refused).rejects.toMatchObject({ code: 'invalid_rating', status: 400 });
        expect(await archive.rating(id)).toBeUndefined();
      });

      it('reads the measurements of turns as they were saved first', async () => {
        const { id } = await newSession();
        const second = turn(id, 2, { latency: { transcript: 0, modelFirstToken: 312.5, total: 480.25 } });
        const first = turn(id, 1, { providers: { transcription: null, model: 'builtin', speech: null }, usage: null });
        await archive.saveTurn(second);
        await archive.saveTurn(first);
        await archive.saveTurn({ ...second, status: 'failed' });
        expect(await archive.turns(id)).toEqual([first, second]);
      });
    });

    describe('history', () => {
      it("pages through a user's own sessions, newest first, and shows nobody else's", async () => {
        const [mine, theirs] = [await newUser(), await newUser()];
        // Two start in the same millisecond: the id decides, and none is lost or shown twice.
        const starts = [0, 1000, 1000, 2000, 3000];
        const saved: SessionRecord[] = [];
        for (const after of starts) saved.push(await newSession({ userId: mine, startedAt: START + after }));
        await newSession({ userId: theirs });
        await newSession({ userId: null });

        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await archive.listSessions({
            userId: mine,
            limit: 2,
            ...(cursor === undefined ? {} : { cursor }),
          });
          seen.push(...page.sessions.map((session) => session.id));
          cursor = page.nextCursor;
          // A session that starts between two pages shifts nothing.
          await newSession({ userId: mine, startedAt: START + 10_000 });
        } while (cursor !== undefined);

        const order = saved.toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
        expect(seen).toEqual(order.map((session) => session.id));
      });

      it('lists a session without its state', async () => {
        const userId = await newUser();
        const { state: _, ...listed } = await newSession({ userId, title: 'A talk', state: { a: 1 } });
        expect(await archive.listSessions({ userId, limit: 10 })).toEqual({ sessions: [listed] });
      });

      it('finds what was said, with the message and its words', async () => {
        const userId = await newUser();
        const old = await newSession({ userId, startedAt: START });
        const recent = await newSession({ userId, startedAt: START + 5000 });
        const other = await newSession({ userId, startedAt: START + 9000 });
        await archive.appendMessages(old.id, [
          message({ id: 'a', seq: 0, text: 'Good morning.' }),
          message({ id: 'b', seq: 1, text: 'I want to delegate more to my team, and talk to Maria about the budget.' }),
        ]);
        await archive.appendMessages(recent.id, [message({ id: 'c', text: 'Delegating went badly this week.' })]);
        await archive.appendMessages(other.id, [message({ id: 'd', text: 'I slept well.' })]);

        const find = async (query: string) => (await archive.listSessions({ userId, limit: 10, query })).sessions;
        const found = await find('delegated');
        expect(found.map(({ id, match }) => [id, match?.messageId])).toEqual([
          [recent.id, 'c'],
          [old.id, 'b'],
        ]);
        expect(found[1]?.match?.snippet).toMatch(/delegate more to my team/);
        expect((await find('"talk to Maria"')).map((s) => s.id)).toEqual([old.id]);
        expect((await find('delegate -budget')).map((s) => s.id)).toEqual([recent.id]);
        expect(await find('delegate holiday')).toEqual([]);
      });

      it('pages through what it found', async () => {
        const userId = await newUser();
        const ids: string[] = [];
        for (let n = 0; n < 3; n++) {
          const { id } = await newSession({ userId, startedAt: START + n });
          await archive.appendMessages(id, [message({ text: 'The quarterly review.' })]);
          ids.unshift(id);
        }
        const first = await archive.listSessions({ userId, limit: 2, query: 'review' });
        const second = await archive.listSessions({ userId, limit: 2, query: 'review', cursor: first.nextCursor! });
        expect([...first.sessions, ...second.sessions].map((s) => s.id)).toEqual(ids);
        expect(second.nextCursor).toBeUndefined();
      });

      it('finds words that are too common for the index, and takes wildcards as they are typed', async () => {
        const userId = await newUser();
        const { id } = await newSession({ userId });
        await archive.appendMessages(id, [message({ text: 'What did she do then?' })]);
        const find = async (query: string) => (await archive.listSessions({ userId, limit: 10, query })).sessions;
        expect((await find('did she do'))[0]?.match?.snippet).toContain('did she do');
        expect(await find('%')).toEqual([]);
        expect(await find('_')).toEqual([]);
      });

      it('takes any text as a query', async () => {
        const userId = await newUser();
        await assert(
          asyncProperty(string({ unit: 'binary' }), async (query) => {
            expect(await archive.listSessions({ userId, limit: 1, query })).toEqual({ sessions: [] });
          }),
          { numRuns: 40, examples: [['"'], ['\0'], ["' & | ! ( :*"], ['\\']] },
        );
      });

      it("never finds another's words", async () => {
        const [mine, theirs] = [await newUser(), await newUser()];
        const { id } = await newSession({ userId: theirs });
        await archive.appendMessages(id, [message({ text: 'A xylophone, of all things.' })]);
        expect(await archive.listSessions({ userId: mine, limit: 10, query: 'xylophone' })).toEqual({ sessions: [] });
      });

      it.each(['nonsense', '', Buffer.from('x.y').toString('base64url')])('refuses the cursor %j', async (cursor) => {
        const refused = archive.listSessions({ userId: await newUser(), limit: 5, cursor });
        await expect(refused).rejects.toMatchObject({ code: 'invalid_cursor', status: 400 });
      });
    });

    describe('deletion', () => {
      it('removes the session and all that belongs to it', async () => {
        const userId = await newUser();
        const { id } = await newSession({ userId, title: 'Private' });
        await archive.appendMessages(id, [message({ text: 'A pangolin secret.' })]);
        await archive.saveRecap(id, recap());
        await archive.rate(id, { score: 4, feedback: 'x', ratedAt: START });
        await archive.saveTurn(turn(id, 1));

        expect(await archive.deleteSession(id, START + 1)).toBe(true);
        expect(await archive.session(id)).toBeUndefined();
        expect(await archive.messages(id)).toEqual([]);
        expect(await archive.recap(id)).toBeUndefined();
        expect(await archive.rating(id)).toBeUndefined();
        expect(await archive.turns(id)).toEqual([]);
        expect(await archive.listSessions({ userId, limit: 10 })).toEqual({ sessions: [] });
        expect(await archive.listSessions({ userId, limit: 10, query: 'pangolin' })).toEqual({ sessions: [] });
      });

      it('says whether there was something to delete', async () => {
        const { id } = await newSession();
        expect(await archive.deleteSession(id, START)).toBe(true);
        expect(await archive.deleteSession(id, START)).toBe(false);
        expect(await archive.deleteSession(fresh('unknown'), START)).toBe(false);
      });

      it('stays deleted when late writes arrive, also those that overtook the first save', async () => {
        const saved = await newSession();
        const unsaved = sessionRecord({ id: fresh('session') });
        for (const session of [saved, unsaved]) {
          await archive.deleteSession(session.id, START);
          await archive.saveSession({ ...session, version: 99 });
          await archive.appendMessages(session.id, [message({ text: 'late' })]);
          await archive.saveRecap(session.id, recap());
          await archive.saveTurn(turn(session.id, 1));
          await archive.rate(session.id, { score: 1, feedback: null, ratedAt: START });
          expect(await archive.session(session.id)).toBeUndefined();
          expect(await archive.messages(session.id)).toEqual([]);
          expect(await archive.recap(session.id)).toBeUndefined();
          expect(await archive.turns(session.id)).toEqual([]);
          expect(await archive.rating(session.id)).toBeUndefined();
        }
      });

      it('leaves nothing of a session that is deleted while it is written to', async () => {
        for (let round = 0; round < 10; round++) {
          const { id } = await newSession();
          const writes = [0, 1, 2, 3].map((seq) => archive.appendMessages(id, [message({ id: `m${seq}`, seq })]));
          await Promise.all([...writes, archive.deleteSession(id, START), archive.saveRecap(id, recap())]);
          expect(await archive.messages(id)).toEqual([]);
          expect(await archive.recap(id)).toBeUndefined();
        }
      });
    });

    ownContract({ archive: () => archive, newUser, newSession, message, recap, start: START });

    it('answers a ping', async () => {
      await expect(archive.ping()).resolves.toBeUndefined();
    });
  });
}

const ended = { status: 'ended', endedAt: START + 60_000, endReason: 'confirmed' } as const;

function sessionRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: 'session',
    userId: null,
    status: 'active',
    title: null,
    startedAt: START,
    endedAt: null,
    endReason: null,
    usage: {},
    elapsedMs: 1234,
    messageCount: 2,
    stage: 'goal',
    state: { notes: 'n' },
    updatedAt: START + 500,
    version: 1,
    ...changes,
  };
}

function message(changes: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: 'm0',
    seq: 0,
    sender: 'user',
    text: 'Hello.',
    audioFile: null,
    interrupted: false,
    createdAt: START + 700,
    version: 1,
    ...changes,
  };
}

function recap(changes: Partial<RecapRecord> = {}): RecapRecord {
  return {
    topic: 'Delegation',
    goal: 'Hand over the report',
    insights: ['It need not be perfect'],
    commitments: [{ what: 'Ask Maria', by: 'Friday', confidence: 8 }, { what: 'Sleep' }],
    summary: 'We talked about the report.',
    createdAt: START + 60_000,
    version: 1,
    ...changes,
  };
}

function turn(sessionId: string, number: number, changes: Partial<TurnRecord> = {}): TurnRecord {
  return {
    sessionId,
    turn: number,
    status: 'completed',
    createdAt: START + number,
    latency: {},
    providers: { transcription: 'local', model: 'gpt', speech: 'flite' },
    usage: { inputTokens: 120, cachedInputTokens: 20, cost: 0.0012 },
    ...changes,
  };
}
