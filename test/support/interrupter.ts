/**
 * A client in real time that breaks into the coach's greeting: the client library on a virtual microphone and speaker.
 * The microphone gives digital silence until a clip begins, at the first sample of a frame.
 */
import { createVirtualAudio } from '@kuku-coach/cli/virtual-audio';
import { type Coach, createCoach, createSession, systemClock } from '@kuku-coach/core';
import { follow, type Follower } from '../../clients/cli/src/progress.ts';
import type { ServerMessage, ServerMessageOf } from '../../protocol/messages.ts';

export interface Interruption {
  /** Of the turn that was broken into. */
  clear: ServerMessageOf<'audio.clear'>;
  done: ServerMessageOf<'turn.done'>;
  /** First speech frame handed to the socket → `audio.clear` received. */
  clearAfterMs: number;
}

export interface Interrupter {
  readonly sessionId: string;
  readonly coach: Coach;
  readonly follower: Follower;
  readonly messages: readonly ServerMessage[];
  /** Once: waits until the greeting has been heard for `afterMs`, then speaks the clip (16 kHz) to its end. */
  interrupt(pcm: Int16Array, afterMs: number): Promise<Interruption>;
  close(): Promise<void>;
}

const WAIT_MS = 20_000;

export async function createInterrupter(url: string): Promise<Interrupter> {
  const clock = systemClock;
  const session = await createSession(url);
  const audio = createVirtualAudio({ clock, keep: false });
  const messages: ServerMessage[] = [];
  let speechSentAtMs: number | undefined;
  let clearedAtMs = Number.NaN;
  const listening = {
    ...audio,
    start: (onFrame: (pcm: Int16Array) => void) =>
      audio.start((pcm) => {
        onFrame(pcm);
        if (pcm.some((sample) => sample !== 0)) speechSentAtMs ??= clock.monotonicMs();
      }),
  };
  const coach = createCoach({ url, session, audio: listening, clock });
  coach.on('message', (message) => {
    messages.push(message);
    if (message.type === 'audio.clear') clearedAtMs = clock.monotonicMs();
  });
  const follower = follow(coach, clock);
  coach.start();

  return {
    sessionId: session.sessionId,
    coach,
    follower,
    messages,
    async interrupt(pcm, afterMs) {
      if (!(await follower.until(({ turnsHeard }) => turnsHeard > 0, WAIT_MS)))
        throw new Error('nothing to break into');
      await follower.sleep(afterMs);
      const before = messages.length;
      speechSentAtMs = undefined;
      await audio.say(pcm);
      await follower.until(({ turnsDone }) => turnsDone > 0, WAIT_MS);
      const news = messages.slice(before);
      const clear = news.find((message) => message.type === 'audio.clear');
      const done = news.find((message) => message.type === 'turn.done');
      if (!clear || !done) throw new Error(`not cleared: ${news.map(({ type }) => type).join(', ')}`);
      return { clear, done, clearAfterMs: clearedAtMs - (speechSentAtMs ?? Number.NaN) };
    },
    close: () => coach.stop(),
  };
}
