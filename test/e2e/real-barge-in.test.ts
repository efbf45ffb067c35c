/** A person breaks into the coach's speech: recorded human speech, real detector, recogniser, voice and coach. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadClip } from '../support/clips.ts';
import { createInterrupter, type Interrupter, type Interruption } from '../support/interrupter.ts';
import { type RealServer, startRealServer, STARTS_MS } from '../support/real-server.ts';
import { fromFirstSpeech } from '../support/speech-onset.ts';

/** Into the greeting's first sentence. */
const HEARD_MS = 900;

let server: RealServer;
let interrupter: Interrupter;
let bystander: Interrupter;
let interruption: Interruption;

beforeAll(async () => {
  server = await startRealServer();
  [interrupter, bystander] = await Promise.all([createInterrupter(server.url), createInterrupter(server.url)]);
  interruption = await interrupter.interrupt(fromFirstSpeech(loadClip('arctic24').pcm), HEARD_MS);
}, STARTS_MS);
afterAll(async () => {
  await Promise.all([interrupter.close(), bystander.close()]);
  expect(await server.stop()).toBe(0);
});

describe('a person who breaks into the greeting', () => {
  it('silences the coach while still speaking', () => {
    expect(interruption.clear).toMatchObject({ turn: 1, reason: 'barge_in' });
    const order = interrupter.messages.map(({ type }) => type);
    const before = order.slice(0, order.indexOf('audio.clear'));
    expect(before).toContain('speech.started');
    expect(before).not.toContain('speech.stopped');
  });

  it('has heard a part of the greeting, and that is what is kept', async () => {
    const { done } = interruption;
    expect(done).toMatchObject({ turn: 1, status: 'interrupted' });
    expect(done.playedMs).toBeGreaterThan(HEARD_MS - 200);
    const written = interrupter.messages.flatMap((message) =>
      message.type === 'transcript.coach' && message.turn === 1 ? [message.text] : [],
    );
    expect(done.spokenText.length).toBeGreaterThan(0);
    expect(written.join(' ').startsWith(done.spokenText)).toBe(true);
    // A greeting heard for a second is some words, not a sentence of six and a second one.
    expect(done.spokenText.split(' ').length).toBeLessThan(8);
    expect((await storedMessages()).at(0)).toMatchObject({ sender: 'ai', text: done.spokenText });
  });

  it('is understood and answered', async () => {
    const { follower, messages } = interrupter;
    expect(await follower.answered(1, { waitMs: 15_000, settledMs: 100 })).toBe(true);
    const said = messages.findLast((message) => message.type === 'transcript.user');
    expect(said).toMatchObject({ final: true, text: expect.stringMatching(/reports .*north/i) });
    const answer = messages.findLast((message) => message.type === 'turn.done');
    expect(answer).toMatchObject({ turn: 2, status: 'completed', spokenText: expect.stringMatching(/\w/) });
    expect(await storedMessages()).toMatchObject([
      { sender: 'ai' },
      { sender: 'user' },
      { sender: 'ai', text: answer?.spokenText },
    ]);
  });

  it('does not silence the coach of somebody else', async () => {
    expect(await bystander.follower.until(({ turnsDone }) => turnsDone > 0, 15_000)).toBe(true);
    expect(bystander.messages.map(({ type }) => type)).not.toContain('audio.clear');
    expect(bystander.messages.find((message) => message.type === 'turn.done')).toMatchObject({ status: 'completed' });
  });
});

async function storedMessages() {
  const response = await fetch(`${server.url}/api/sessions/${interrupter.sessionId}/messages`);
  const body = (await response.json()) as { data: { messages: { sender: string; text: string }[] } };
  return body.data.messages;
}
