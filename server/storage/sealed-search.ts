/** Search where the database can't: in texts that are opened here, of the person's own sessions, the newest first. */
import type { Archive, ListedSession, ListQuery, MessageRecord, SessionPage } from '../ports/archive.ts';

/** Sessions that one call opens; the cursor of its page goes on from there. */
const MOST_SESSIONS = 500;
/** Characters before and after what was found. */
const AROUND = 60;

type Readable = Pick<Archive, 'listSessions' | 'messages'>;

export async function searchSealed(archive: Readable, list: ListQuery & { query: string }): Promise<SessionPage> {
  const { query, limit: asked, ...rest } = list;
  const limit = Math.min(Math.max(Math.trunc(asked), 1), 100);
  const matches = matcher(query);
  const sessions: ListedSession[] = [];
  let cursor = list.cursor;
  for (let opened = 0; opened < MOST_SESSIONS; opened++) {
    // One at a time, so that the cursor is that of the last one that was looked at.
    const page = await archive.listSessions({ ...rest, limit: 1, ...(cursor !== undefined && { cursor }) });
    const [session] = page.sessions;
    if (!session) return { sessions };
    const found = (await archive.messages(session.id)).find(({ text }) => matches(text) !== undefined);
    if (found) sessions.push({ ...session, match: matchOf(session, found, matches(found.text) ?? 0) });
    cursor = page.nextCursor;
    if (cursor === undefined) return { sessions };
    if (sessions.length >= limit) break;
  }
  return { sessions, ...(cursor !== undefined && { nextCursor: cursor }) };
}

function matchOf(session: ListedSession, { id: messageId, text, sender, createdAt }: MessageRecord, at: number) {
  const from = Math.max(0, at - AROUND);
  const snippet = text.slice(from, at + AROUND * 2).trim();
  return { messageId, snippet, sender, atMs: Math.max(0, createdAt - session.startedAt) };
}

/**
 * Where in a text the query is met; undefined: it is not. All words must be there, as beginnings of words ("delegate" is
 * found in "delegated"); "quoted words" stand together; -word must not be there.
 */
function matcher(query: string): (text: string) => number | undefined {
  const parts = [...query.toLowerCase().matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)].map(([, minus, quoted, word]) => ({
    not: minus === '-',
    pattern: patternOf(quoted ?? word?.replace(/^"|"$/g, '') ?? ''),
  }));
  const wanted = parts.filter((part) => !part.not && part.pattern !== undefined);
  return (text) => {
    const lower = text.toLowerCase();
    if (wanted.length === 0 || parts.some(({ not, pattern }) => not && pattern?.test(lower))) return undefined;
    const places = wanted.map(({ pattern }) => pattern?.exec(lower)?.index);
    return places.includes(undefined) ? undefined : Math.min(...places.map((place) => place ?? 0));
  };
}

function patternOf(words: string): RegExp | undefined {
  const all = words.match(/[\p{L}\p{N}']+/gu);
  return all ? new RegExp(`(?<![\\p{L}\\p{N}])${all.map(stem).join('[^\\p{L}\\p{N}]+')}`, 'u') : undefined;
}

/** English endings count as little as in the database's search. */
function stem(word: string): string {
  const root = word.length > 4 ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word;
  return `${root.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}[\\p{L}\\p{N}']*`;
}
