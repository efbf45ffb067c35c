/** `npm run talk -- --json` in a process of its own: what it said, event by event. */
import type { Caption, CoachState } from '@kuku-coach/core';
import { startChild } from './child.ts';

interface TalkEvent {
  atMs: number;
  event: string;
  data: unknown;
}

export interface Talked {
  exitCode: number | null;
  events: readonly TalkEvent[];
  /** The person's final captions. */
  said: readonly string[];
  /** What was heard of the coach, one text a turn; the greeting first. */
  answers: readonly string[];
  states: readonly CoachState['name'][];
}

export async function runTalk(url: string, args: readonly string[]): Promise<Talked> {
  const child = startChild(new URL('../../clients/cli/src/main.ts', import.meta.url), [
    '--json',
    '--url',
    url,
    ...args,
  ]);
  const exitCode = await child.ended();
  const events = child.rest().map((line) => JSON.parse(line) as TalkEvent);
  const captions = dataOf<Caption>(events, 'caption').filter(({ final }) => final);
  const textsOf = (sender: Caption['sender']) =>
    captions.filter((each) => each.sender === sender).map(({ text }) => text);
  return {
    exitCode,
    events,
    said: textsOf('user'),
    answers: textsOf('ai'),
    states: dataOf<CoachState>(events, 'state').map(({ name }) => name),
  };
}

function dataOf<T>(events: readonly TalkEvent[], name: string): T[] {
  return events.filter(({ event }) => event === name).map(({ data }) => data as T);
}
