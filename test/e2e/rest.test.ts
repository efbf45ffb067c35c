/** The REST of older clients with the real recogniser, codec and voice: recordings of people, in what they record in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSessionBody, ExchangeBody, MessagesBody } from '../../protocol/rest.ts';
import { systemClock } from '../../server/ports/clock.ts';
import { createFliteTextToSpeech } from '../../server/providers/local/flite-tts.ts';
import { createSherpaSpeechToText } from '../../server/providers/local/sherpa-stt.ts';
import { createSileroVad } from '../../server/providers/local/silero-vad.ts';
import { ruleEndOfTurn } from '../../server/voice/end-of-turn.ts';
import { ffmpeg, hasFfmpeg } from '../support/audio-files.ts';
import { modelsDir } from '../support/clips.ts';
import { call, data, recordingForm } from '../support/rest.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { wordErrors } from '../support/word-error-rate.ts';

const REFERENCE =
  'and so my fellow americans ask not what your country can do for you ask what you can do for your country';
const FORMATS = [
  ['recording.webm', 'audio/webm', ['-c:a', 'libopus', '-b:a', '32k', '-ar', '48000']],
  ['recording.mp3', 'audio/mpeg', ['-c:a', 'libmp3lame', '-b:a', '64k']],
  ['recording.wav', 'audio/wav', ['-ar', '44100', '-ac', '2']],
  ['recording.ogg', 'audio/ogg', ['-c:a', 'libopus']],
  ['recording.m4a', 'audio/mp4', ['-c:a', 'aac']],
  ['recording.flac', 'audio/flac', ['-c:a', 'flac']],
] as const;

const clock = systemClock;
const stt = createSherpaSpeechToText({ modelsDir: modelsDir(), clock });
const tts = createFliteTextToSpeech({ clock });
const vad = createSileroVad({ modelsDir: modelsDir(), clock });
const canEncode = await hasFfmpeg();
let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuku-rest-'));
  server = await startTestServer({ engines: { ears: { stt, vad, endOfTurn: ruleEndOfTurn }, tts } });
});
afterAll(async () => {
  await server.close();
  await Promise.all([stt.close(), tts.close(), vad.close()]);
  await rm(folder, { recursive: true, force: true });
});

const start = async () => {
  const { sessionId } = await data<CreatedSessionBody>(`${server.url}/api/sessions`, { method: 'POST' });
  return `${server.url}/api/sessions/${sessionId}`;
};
const encode = (file: string, args: readonly string[]) =>
  ffmpeg(folder, file, ['-i', join(modelsDir(), 'speech-clips', 'jfk.wav'), ...args]);

describe.skipIf(!canEncode)('a recording', () => {
  it.each(FORMATS)('as %s is understood, answered and spoken', { timeout: 60_000 }, async (file, type, args) => {
    const session = await start();
    const form = recordingForm(await encode(file, args), file, type);
    const { messages } = await data<ExchangeBody>(`${session}/messages`, { method: 'POST', body: form });
    const [user, ai] = messages;
    expect(wordErrors(REFERENCE, user.text).errors).toBeLessThanOrEqual(4);
    expect(ai.text).toContain(user.text);
    const audio = await fetch(ai.audioUrl ?? '');
    expect(audio.headers.get('content-type')).toBe('audio/mpeg');
    const bytes = new Uint8Array(await audio.arrayBuffer());
    // What was sent is speech: it is understood when it is sent back.
    const spoken = await data<ExchangeBody>(`${session}/messages`, {
      method: 'POST',
      body: recordingForm(bytes, 'reply.mp3', 'audio/mpeg'),
    });
    expect(spoken.messages[0].text.split(' ').length).toBeGreaterThan(5);
    const history = await data<MessagesBody>(`${session}/messages`);
    expect(history.messages).toEqual([...messages, ...spoken.messages]);
  });

  it('of silence is refused, and nothing is stored', async () => {
    const session = await start();
    const silence = await ffmpeg(folder, 'silence.webm', ['-f', 'lavfi', '-i', 'anullsrc=r=48000', '-t', '3']);
    const answer = await call(`${session}/messages`, { method: 'POST', body: recordingForm(silence) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'no_words_heard' } });
    expect(await data(`${session}/messages`)).toEqual({ messages: [] });
  });

  it('of minutes is understood to its end', { timeout: 120_000 }, async () => {
    const clip = join(modelsDir(), 'speech-clips', 'jfk.wav');
    const looped = await ffmpeg(folder, 'long.ogg', ['-stream_loop', '9', '-i', clip, '-c:a', 'libopus']);
    const { messages } = await data<ExchangeBody>(`${await start()}/messages`, {
      method: 'POST',
      body: recordingForm(looped, 'recording.ogg', 'audio/ogg'),
    });
    const heard = messages[0].text.toLowerCase();
    expect(heard.split('country').length - 1).toBeGreaterThanOrEqual(15);
    const { errors, words } = wordErrors(`${REFERENCE} `.repeat(10), heard);
    expect(errors / words).toBeLessThan(0.25);
  });

  it('comes a hundred times at once: each is answered or told to come back', { timeout: 180_000 }, async () => {
    const webm = await encode('many.webm', ['-t', '3', '-c:a', 'libopus']);
    const sessions = await Promise.all(Array.from({ length: 100 }, start));
    const answers = await Promise.all(
      sessions.map((session) =>
        call<ExchangeBody>(`${session}/messages`, { method: 'POST', body: recordingForm(webm) }),
      ),
    );
    for (const { status, headers, body } of answers) {
      expect([200, 429, 503]).toContain(status);
      if (status === 200) expect(body.data.messages[0].text).toMatch(/fellow american/i);
      else expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const answered = answers.filter(({ status }) => status === 200).length;
    expect(answered).toBeGreaterThan(20);
    expect(
      (await data<ExchangeBody>(`${sessions[0]}/messages`, { method: 'POST', json: { text: 'Still there?' } }))
        .messages,
    ).toHaveLength(2);
  });
});
