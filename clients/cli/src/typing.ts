import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Coach } from '@kuku-coach/core';
import type { Follower } from './progress.ts';

export interface TypingOptions {
  input: Readable & { isTTY?: boolean };
  coach: Coach;
  follower: Follower;
  greeted: boolean;
  waitMs: number;
  say: (line: string) => void;
  onSaid: () => void;
}

const SETTLED_MS = 100;

/**
 * Sends each line as a turn. A person may type while the coach answers; lines from a pipe wait for each answer.
 * Resolves at the end of the input, at `/quit` or when the coach is over, with how many lines were not answered.
 */
export async function typeLines({
  input,
  coach,
  follower,
  greeted,
  waitMs,
  say,
  onSaid,
}: TypingOptions): Promise<number> {
  const person = input.isTTY === true;
  const lines = createInterface({ input });
  // At once: lines that come before the iterator exists are lost.
  const typed = lines[Symbol.asyncIterator]();
  // A prompt that waits for a person must not outlive the session.
  void follower.until(({ over }) => over).then(() => lines.close());
  let unanswered = 0;
  await follower.until(({ live }) => live);
  if (greeted && !person) await follower.answered(0, { waitMs, settledMs: SETTLED_MS });
  for await (const line of typed) {
    const text = line.trim();
    if (text === '/quit' || follower.now.over) break;
    if (text === '') continue;
    const turns = follower.now.turnsStarted;
    const isAnswered = () => follower.answered(turns, { waitMs, settledMs: SETTLED_MS });
    const speaks = command(text, coach, say);
    if (speaks !== undefined) {
      if (speaks && !person) await isAnswered();
      continue;
    }
    if (coach.sendText(text) === undefined) {
      say('! This was not sent: it is too long, or too much waits to be sent.');
      unanswered += 1;
      continue;
    }
    onSaid();
    if (person || (await isAnswered())) continue;
    unanswered += 1;
    say(`! No answer to “${text}”.`);
  }
  lines.close();
  return unanswered;
}

/** Whether the coach has something to say to it; undefined when the line was no command. */
function command(text: string, coach: Coach, say: (line: string) => void): boolean | undefined {
  switch (text) {
    case '/off':
    case '/on':
      coach.setRecord(text === '/on');
      return false;
    case '/wrap':
      coach.requestWrapUp();
      return true;
    case '/yes':
    case '/no': {
      const answers = coach.answerWrapUp(text === '/yes');
      if (!answers) say('! The coach has not proposed to wrap up.');
      return answers;
    }
    case '/stop':
      if (!coach.interrupt()) say('! The coach is not speaking.');
      return false;
    default:
      return undefined;
  }
}
