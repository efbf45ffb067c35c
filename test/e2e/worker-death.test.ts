/** Speech engines that die in the middle of a turn, as a crash would end them: the session goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualAudio, type VirtualAudio } from '@kuku-coach/cli/virtual-audio';
import { type Coach, createCoach, createSession } from '@kuku-coach/core';
import { follow, type Follower } from '../../clients/cli/src/progress.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import { systemClock as clock } from '../../server/ports/clock.ts';
import { createBuiltinCoach } from '../../server/providers/builtin/coach.ts';
import { createFliteTextToSpeech } from '../../server/providers/local/flite-tts.ts';
import { createSherpaSpeechToText } from '../../server/providers/local/sherpa-stt.ts';
import { createSileroVad } from '../../server/providers/local/silero-vad.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { loadClip, modelsDir } from '../support/clips.ts';
import { fastClock } from '../support/fast-clock.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Clients and their audio run this much faster than time. */
const SPEED = 4;
const clientClock = fastClock(SPEED);
const WAITING = { waitMs: 15_000 * SPEED, settledMs: 100 };
/** Half a clip: the person is in mid-sentence. */
const MID_CLIP_MS = 2000;
const TEST_MS = 45_000;

const engines = () => ({
  vad: createSileroVad({ modelsDir: modelsDir(), clock }),
  stt: createSherpaSpeechToText({ modelsDir: modelsDir(), clock }),
  tts: createFliteTextToSpeech({ clock }),
});

let local: ReturnType<typeof engines>;
let server: TestServer;
beforeAll(async () => {
  local = engines();
  const { vad, stt, tts } = local;
  await Promise.all([vad.ready(), stt.ready(), tts.ready()]);
  server = await startTestServer({
    env: { LIMIT_AUDIO_FACTOR: String(2 * SPEED), LIMIT_CONTROL_PER_SECOND: String(50 * SPEED) },
    engines: { engine: createBuiltinCoach(), ears: { vad, stt, endOfTurn: ruleEndOfTurn }, tts },
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([local.vad.close(), local.stt.close(), local.tts.close()]);
});

interface Talk {
  coach: Coach;
  audio: VirtualAudio;
  follower: Follower;
  messages: ServerMessage[];
}

async function begin(): Promise<Talk> {
  const session = await createSession(server.url);
  const audio = createVirtualAudio({ clock: clientClock });
  const coach = createCoach({ url: server.url, session, audio, clock: clientClock });
  const messages: ServerMessage[] = [];
  coach.on('message', (message) => messages.push(message));
  const follower = follow(coach, clientClock);
  coach.start();
  return { coach, audio, follower, messages };
}

/** Says the clip and waits for the answer. */
async function exchange({ audio, follower }: Talk, onMidClip = () => {}): Promise<boolean> {
  const { turnsStarted } = follower.now;
  const { pcm } = loadClip('arctic24');
  const said = audio.say(pcm);
  await follower.sleep(MID_CLIP_MS);
  onMidClip();
  await said;
  return follower.answered(turnsStarted, WAITING);
}

const finalsOf = ({ messages }: Talk) =>
  messages.flatMap((message) => (message.type === 'transcript.user' && message.final ? [message.text] : []));
const spokenMs = ({ audio }: Talk, turn: number) =>
  audio.segments.filter((segment) => segment.turn === turn).reduce((sum, { samples }) => sum + samples / 24, 0);

describe('a session', () => {
  it(
    'loses no word when the recogniser dies in mid-sentence',
    async () => {
      const talk = await begin();
      await talk.follower.answered(0, WAITING);
      expect(await exchange(talk, () => local.stt.terminate())).toBe(true);
      expect(finalsOf(talk).join(' ')).toMatch(/reports .*north.* people/i);
      expect(spokenMs(talk, talk.follower.now.turnsStarted)).toBeGreaterThan(500);
      await talk.coach.stop();
    },
    TEST_MS,
  );

  it(
    'hears the person again after the detector died in mid-sentence',
    async () => {
      const talk = await begin();
      await talk.follower.answered(0, WAITING);
      expect(await exchange(talk, () => local.vad.terminate())).toBe(true);
      const before = finalsOf(talk).length;
      expect(await exchange(talk)).toBe(true);
      expect(finalsOf(talk).slice(before).join(' ')).toMatch(/reports .*north.* people/i);
      await talk.coach.stop();
    },
    TEST_MS,
  );

  it(
    'says the rest when the voice dies while it speaks, and tells of a sentence that was lost',
    async () => {
      const talk = await begin();
      // The greeting has three sentences; the first is being made.
      await talk.follower.until(({ turnsStarted }) => turnsStarted > 0, 5000 * SPEED);
      local.tts.terminate();
      expect(await talk.follower.answered(0, WAITING)).toBe(true);
      const done = talk.messages.find((message) => message.type === 'turn.done');
      expect(done).toMatchObject({ turn: 1, status: 'completed', spokenText: expect.stringMatching(/today\?$/) });
      const lost = talk.messages.filter((message) => message.type === 'notice' && message.code === 'sentence_lost');
      // All of it takes 6 s and more; what is not heard must be told.
      expect(spokenMs(talk, 1)).toBeGreaterThan(lost.length > 0 ? 1000 : 5000);
      expect(await exchange(talk)).toBe(true);
      expect(spokenMs(talk, talk.follower.now.turnsStarted)).toBeGreaterThan(500);
      await talk.coach.stop();
    },
    TEST_MS,
  );
});
