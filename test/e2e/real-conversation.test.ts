/** Ten turns with the built-in coach on the real engines, through the client library: spoken, and typed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualAudio } from '@kuku-coach/cli/virtual-audio';
import { type Clock, createCoach, createSession, systemClock } from '@kuku-coach/core';
import { follow } from '../../clients/cli/src/progress.ts';
import { type Recap, type Stage, STAGES } from '../../protocol/messages.ts';
import { fastClock } from '../support/fast-clock.ts';
import { type RealServer, startRealServer, STARTS_MS } from '../support/real-server.ts';
import { spokenLines } from '../support/spoken-person.ts';

const LINES = [
  'I want to talk about my job. My manager gives me too much work.',
  'It matters because I can not sleep at night.',
  'My goal is to leave the office at six every day.',
  'Right now I work until eight and I never see my children.',
  'I tried to work faster but it did not help.',
  'I could ask my manager for help, or I could say no to new projects.',
  'Maybe I could also work from home on Fridays.',
  'I think asking my manager for help is the best one.',
  'I will talk to my manager on Monday.',
  'I am nine out of ten sure.',
];

/** Client and audio run this much faster than time; the server, which counts audio in samples, goes along. */
const SPEED = 3;
const CONVERSATION_MS = 150_000;
const WAIT_MS = 30_000;

interface Held {
  /** Each turn of the coach that was heard to its end; the greeting first. */
  answers: string[];
  heard: string[];
  stages: Set<Stage>;
  recap: Recap | undefined;
  unanswered: string[];
}

let server: RealServer;
beforeAll(async () => {
  const fast = { LIMIT_AUDIO_FACTOR: String(2 * SPEED), LIMIT_CONTROL_PER_SECOND: String(50 * SPEED) };
  server = await startRealServer({ env: fast });
}, STARTS_MS);
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** Says the lines, each after the answer to the one before, then wraps up. */
async function hold(clock: Clock, spoken: readonly Int16Array[] | undefined): Promise<Held> {
  const audio = spoken && createVirtualAudio({ clock, micRate: 16_000, keep: false });
  const session = await createSession(server.url);
  const coach = createCoach({ url: server.url, session, clock, ...(audio ? { audio } : {}) });
  const held: Held = { answers: [], heard: [], stages: new Set(), recap: undefined, unanswered: [] };
  coach.on('timer', ({ stage }) => held.stages.add(stage));
  coach.on('caption', ({ sender, final, status, text }) => {
    if (!final) return;
    if (sender === 'user') held.heard.push(text);
    else if (status === 'completed') held.answers.push(text);
  });
  coach.on('recap', (recap) => (held.recap = recap));
  coach.on('wrapUp', (proposal) => {
    if (proposal) coach.answerWrapUp(true);
  });
  const follower = follow(coach, clock);
  const answered = (turns: number) => follower.answered(turns, { waitMs: WAIT_MS, settledMs: 200 });
  coach.start();
  await answered(0);
  for (const [i, line] of LINES.entries()) {
    const turns = follower.now.turnsStarted;
    const pcm = spoken?.[i];
    if (audio && pcm) await audio.say(pcm);
    else coach.sendText(line);
    if (!(await answered(turns))) held.unanswered.push(line);
  }
  coach.requestWrapUp();
  await follower.until(({ over }) => over, WAIT_MS);
  await coach.stop();
  return held;
}

const questionsIn = (texts: readonly string[]) =>
  texts.flatMap((text) => text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.endsWith('?')));

describe.each([
  ['speaks', SPEED],
  ['types', 1],
])('a person who %s ten turns', (how, speed) => {
  let held: Held;
  beforeAll(async () => {
    const spoken = how === 'speaks' ? await spokenLines(LINES) : undefined;
    held = await hold(speed === 1 ? systemClock : fastClock(speed), spoken);
  }, CONVERSATION_MS);

  it('is answered each time', () => {
    expect(held.unanswered).toEqual([]);
    expect(held.heard.length).toBeGreaterThanOrEqual(LINES.length);
    expect(held.answers.length).toBeGreaterThan(LINES.length);
  });

  it('is led through all stages', () => {
    expect(STAGES.filter((stage) => !held.stages.has(stage))).toEqual([]);
  });

  it('is asked nothing twice', () => {
    const asked = questionsIn(held.answers);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((question, i) => asked.indexOf(question) < i)).toEqual([]);
  });

  it('hears the commitment again, and finds it in the recap', () => {
    // What was spoken is as right as the recogniser; the word before "Monday" is not what this is about.
    const [again, kept, recap] =
      how === 'types'
        ? [/you'll talk to your manager on Monday/, /talk to your manager/, /manager on Monday/]
        : [/you'll talk to your/, /talk to your/, /talk to your/];
    expect(held.answers.join(' ')).toMatch(again);
    expect(held.recap?.commitments.map(({ what }) => what).join(', ')).toMatch(kept);
    expect(held.recap?.summary).toMatch(recap);
  });
});
