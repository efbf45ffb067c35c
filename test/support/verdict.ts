/**
 * Whether what many people saw and what is stored agree: nothing that was acknowledged is lost, nothing is there twice,
 * each warning and each end came exactly once, no answer is missing.
 */
import type { Message, ServerMessage, ServerMessageOf } from '../../protocol/messages.ts';
import type { MessagesBody, SessionBody } from '../../protocol/rest.ts';
import type { PersonRecord } from './person.ts';
import { scriptedSentences } from './scripted-answer.ts';

export interface Expected {
  url: string;
  /** Time left at which a session warns, most first. */
  warningsMs: readonly number[];
  /** Whether all sessions are to be over. */
  ended: boolean;
}

export interface Verdict {
  /** A line each; empty: all is right. */
  problems: string[];
  /** Messages that a client had been shown. */
  acknowledged: number;
  lost: number;
  twice: number;
  unanswered: number;
  /** Answers of which only the beginning was said: the rest was not yet thought of when the line or the instance went. */
  cutShort: number;
  warnings: number;
  ends: number;
  /** Until all that was shown stood in the archive, from the beginning of the judging. */
  archivedMs: number;
}

/** What is written behind the conversation's back gets this long to arrive. */
const SETTLE_MS = 60_000;
const AT_ONCE = 16;

export async function judge(records: readonly PersonRecord[], expected: Expected): Promise<Verdict> {
  const verdict = {
    problems: [],
    acknowledged: 0,
    lost: 0,
    twice: 0,
    unanswered: 0,
    cutShort: 0,
    warnings: 0,
    ends: 0,
    archivedMs: 0,
  };
  const left = [...records];
  const startMs = performance.now();
  const until = startMs + SETTLE_MS;
  const work = async () => {
    for (let record = left.pop(); record; record = left.pop()) await judgeOne(record, expected, { verdict, until });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  verdict.archivedMs = performance.now() - startMs;
  return verdict;
}

async function judgeOne(
  record: PersonRecord,
  expected: Expected,
  { verdict, until }: { verdict: Verdict; until: number },
): Promise<void> {
  const problem = (text: string) => void verdict.problems.push(`${record.name} (${record.sessionId}): ${text}`);
  const shown = shownTexts(record.events);
  let history = await historyOf(expected.url, record.sessionId);
  while (shown.some((text) => occurrences(history, text) === 0) && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    history = await historyOf(expected.url, record.sessionId);
  }
  verdict.acknowledged += shown.length;
  for (const text of shown) {
    const times = occurrences(history, text);
    if (times === 0) verdict.lost += 1;
    if (times > 1) verdict.twice += 1;
    if (times !== 1) problem(`“${text}” was shown and is stored ${times} times`);
  }
  if (new Set(history.map(({ id }) => id)).size < history.length) problem('two messages have one id');
  judgeAnswers(record, history, { verdict, problem });
  judgeEvents(record, expected, { verdict, problem });
  if (expected.ended && (await statusOf(expected.url, record.sessionId)) !== 'ended') problem('it is not over');
}

interface Judging {
  verdict: Verdict;
  problem(text: string): void;
}

/** Every text that was taken has an answer before the next one. */
function judgeAnswers(
  { said, events }: PersonRecord,
  history: readonly Message[],
  { verdict, problem }: Judging,
): void {
  const taken = new Set(userTexts(events));
  const over = events.some(({ type }) => type === 'session.ended');
  for (const text of said) {
    if (!taken.has(text)) {
      // What was typed while the session closed is refused.
      if (!over) problem(`“${text}” was typed and never taken`);
      continue;
    }
    const answers = history.filter(({ sender }) => sender === 'ai').map((message) => message.text);
    const heard = scriptedSentences(text).filter((sentence) => answers.some((answer) => answer.includes(sentence)));
    // The end of the session may come between the sentences of its last answer.
    if (over && text === said.at(-1)) continue;
    if (heard.length === 1) verdict.cutShort += 1;
    if (heard.length > 0) continue;
    verdict.unanswered += 1;
    problem(`“${text}” has no answer`);
  }
}

function judgeEvents(record: PersonRecord, expected: Expected, { verdict, problem }: Judging): void {
  const { events, gaps, repeats, snapshots, state } = record;
  if (gaps > 0) problem(`${gaps} gaps among the events`);
  if (repeats > 0) problem(`${repeats} events came twice`);
  if (state.startsWith('failed')) problem(state);
  const warned = ofType(events, 'session.warning').map(({ remainingMs }) => remainingMs);
  verdict.warnings += warned.length;
  const ends = ofType(events, 'session.ended').length;
  verdict.ends += ends;
  // A late one says how much is left then. A snapshot stands for what was missed: a warning may have been among that.
  const isTooMany = warned.some((remainingMs, index) => remainingMs > (expected.warningsMs[index] ?? 0));
  const least = expected.ended && snapshots === 0 ? expected.warningsMs.length : 0;
  if (isTooMany || warned.length < least) problem(`warned at ${warned.join(', ')} ms left`);
  if (ends > 1 || (expected.ended && ends === 0)) problem(`ended ${ends} times`);
}

/** Words of the person and sentences of the coach that the client was told of. */
function shownTexts(events: readonly ServerMessage[]): string[] {
  return [...userTexts(events), ...ofType(events, 'transcript.coach').map(({ text }) => text)].filter((text) =>
    // The greeting, remarks and the recap have words of their own, which may come again.
    /t\d+p\d+x\d+/.test(text),
  );
}

const userTexts = (events: readonly ServerMessage[]) => ofType(events, 'transcript.user').map(({ text }) => text);

function ofType<T extends ServerMessage['type']>(events: readonly ServerMessage[], type: T): ServerMessageOf<T>[] {
  return events.flatMap((event) => (event.type === type ? [event as ServerMessageOf<T>] : []));
}

/** A message of the person's is their words alone; one of the coach's holds sentences. */
function occurrences(history: readonly Message[], text: string): number {
  const isWords = WORDS.test(text);
  return history.reduce((sum, message) => {
    if (isWords) return sum + (message.text === text ? 1 : 0);
    return sum + (message.sender === 'ai' ? message.text.split(text.trim()).length - 1 : 0);
  }, 0);
}

/** What a person of these tests types. */
const WORDS = /^t\d+p\d+x\d+$/;

async function historyOf(url: string, sessionId: string): Promise<Message[]> {
  return (await get<MessagesBody>(`${url}/api/sessions/${sessionId}/messages`)).messages;
}

async function statusOf(url: string, sessionId: string): Promise<string> {
  return (await get<SessionBody>(`${url}/api/sessions/${sessionId}`)).status;
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const body = (await response.json()) as { success: boolean; data: T };
  if (!body.success) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(body)}`);
  return body.data;
}
