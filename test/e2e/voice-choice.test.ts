/** Who the coach speaks as: offered by the server, chosen in `hello` or while it speaks. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { createVoiceChoice } from '../../server/providers/voice-choice.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { connectTestClient, createTestSession, type TestClient } from '../support/test-client.ts';
import { pitchedVoice, voiceIn } from '../support/voices.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(voice?: string) {
  const tts = createVoiceChoice({
    usual: pitchedVoice('local'),
    usualId: 'a',
    offered: [
      { id: 'a', name: 'Anna', language: 'en-GB', open: () => pitchedVoice('local') },
      { id: 'b', name: 'Ben', open: () => pitchedVoice('cloud') },
    ],
    clock,
  });
  server = await startTestServer({ engines: { tts } });
  const session = await createTestSession(server.url);
  return connectTestClient({ access: session.socket, ...(voice !== undefined && { hello: { voice } }) });
}

/** Who was heard in a turn; silence aside. */
function heardIn({ frames }: TestClient, turn: number): string[] {
  const voices = frames
    .filter(({ stream, pcm }) => stream === turn && pcm.length > 0)
    .map(({ pcm }) => voiceIn(pcm, 16_000));
  return [...new Set(voices.filter((voice) => voice !== undefined))];
}

describe('the coach’s voice', () => {
  it('is offered in `ready` and over REST, the usual one first', async () => {
    const client = await start();
    const voices = [
      { id: 'a', name: 'Anna', language: 'en-GB' },
      { id: 'b', name: 'Ben' },
    ];
    expect((await client.next('ready')).coach.voices).toEqual(voices);
    const answer = await fetch(`${server?.url}/api/voices`);
    expect(await answer.json()).toEqual({ success: true, data: { voices } });
    await client.next('turn.done');
    expect(heardIn(client, 1)).toEqual(['local']);
  });

  it('is the one that `hello` asks for, and another from the sentence after it was chosen', async () => {
    const client = await start('b');
    await client.next('turn.done');
    expect(heardIn(client, 1)).toEqual(['cloud']);
    client.send({ type: 'voice.choose', voice: 'a' });
    client.send({ type: 'text', id: 'c1', text: 'I want to talk about my boss' });
    await client.next('turn.done', ({ turn }) => turn === 2);
    expect(heardIn(client, 2)).toEqual(['local']);
  });

  it('is the usual one when nobody knows the one that is asked for', async () => {
    const client = await start('c');
    await client.next('turn.done');
    expect(heardIn(client, 1)).toEqual(['local']);
  });
});
