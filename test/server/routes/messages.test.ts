import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../protocol/messages.ts';
import { CreatedSessionBody, EndedBody, ExchangeBody, MessagesBody, type SessionBody } from '../../../protocol/rest.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { ruleEndOfTurn } from '../../../server/voice/end-of-turn.ts';
import { energyVad, scriptedStt, scriptedTts, tone } from '../../support/scripted.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { call, data, expectRefusal, recordingForm } from '../../support/rest.ts';
import { wav } from '../../support/wav.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const start = async (on = server) => {
  const { sessionId } = CreatedSessionBody.parse(await data(`${on.url}/api/sessions`, { method: 'POST' }));
  return `${on.url}/api/sessions/${sessionId}`;
};
const speech = () => wav(tone(16_000, 16_000), 16_000);

describe('a typed message', () => {
  it('is answered with what was said and the coach’s answer, with its audio', async () => {
    const session = await start();
    const answer = await data(`${session}/messages`, {
      method: 'POST',
      json: { text: '  My boss ignores me.\u0000 ' },
    });
    const { messages, ...rest } = ExchangeBody.parse(answer);
    expect(messages[0]).toMatchObject({ sender: 'user', text: 'My boss ignores me.' });
    expect(messages[1]).toMatchObject({ sender: 'ai', text: 'You said My boss ignores me..' });
    expect(messages[1].audioUrl).toMatch(new RegExp(`^${server.url}/audio/[\\w.-]+\\.mp3$`));
    expect(rest).toEqual({ awaitingWrapUpConfirmation: false, sessionEnded: false });
  });

  it('is in the history afterwards, its answer with the same audio', async () => {
    const session = await start();
    const said = ExchangeBody.parse(
      await data(`${session}/messages`, { method: 'POST', json: { text: 'Hello there' } }),
    );
    const { messages } = MessagesBody.parse(await data(`${session}/messages`));
    expect(messages.filter(({ id }) => said.messages.some((each) => each.id === id))).toEqual(said.messages);
    const { messageCount } = await data<SessionBody>(session);
    expect(messageCount).toBe(messages.length);
  });

  it('sent again under its key has its effect once', async () => {
    const session = await start();
    const once = { method: 'POST', json: { text: 'Only once' }, headers: { 'idempotency-key': 'k-1' } };
    const first = await data<ExchangeBody>(`${session}/messages`, once);
    const second = await data<ExchangeBody>(`${session}/messages`, once);
    expect(second).toEqual(first);
    const { messages } = await data<MessagesBody>(`${session}/messages`);
    expect(messages.filter(({ text }) => text === 'Only once')).toHaveLength(1);
  });

  it.each([
    ['nothing at all', {}, 400, 'no_audio', 'No audio file provided'],
    ['JSON without text', { json: {} }, 400, 'no_text', 'No text provided'],
    ['JSON that is no object', { json: 'hello' }, 400, 'no_text', 'No text provided'],
    ['a text of the wrong type', { json: { text: 7 } }, 400, 'invalid_text', 'The text must be a string'],
    ['blanks', { json: { text: ' \n\u0007 ' } }, 400, 'empty_text', 'The text is empty'],
    ['too much', { json: { text: 'a'.repeat(4001) } }, 400, 'text_too_long', 'The text is longer than 4000 characters'],
    ['broken JSON', { body: '{"text":', headers: { 'content-type': 'application/json' } }, 400, undefined, /not JSON/],
    ['a body of 100 KB', { json: { text: 'a'.repeat(100_000) } }, 413, 'ctp_body_too_large', /too large/],
    [
      'a prototype',
      { body: '{"__proto__":{"text":"x"}}', headers: { 'content-type': 'application/json' } },
      400,
      undefined,
      /not JSON|Bad Request/,
    ],
    [
      'an unknown content type',
      { body: 'x', headers: { 'content-type': 'application/xml' } },
      415,
      'ctp_invalid_media_type',
      /content type/,
    ],
    [
      'a key with blanks',
      { json: { text: 'x' }, headers: { 'idempotency-key': 'a b' } },
      400,
      'invalid_idempotency_key',
      /Idempotency-Key/,
    ],
  ])('of %s is refused', async (_what, options, status, code, sentence) => {
    const answer = await call(`${await start()}/messages`, { method: 'POST', ...options });
    expectRefusal(answer, code);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(sentence);
  });
});

describe('a recording', () => {
  it('is transcribed and answered', async () => {
    const session = await start();
    const answer = await data(`${session}/messages`, { method: 'POST', body: recordingForm(speech()) });
    const { messages } = ExchangeBody.parse(answer);
    expect(messages.map(({ text }) => text)).toEqual([
      'I want to talk about my boss',
      'You said I want to talk about my boss.',
    ]);
  });

  it('of unreadable bytes is refused as an invalid format, and nothing is stored', async () => {
    const session = await start();
    const form = recordingForm(new TextEncoder().encode('this is no audio'.repeat(100)));
    const answer = await call(`${session}/messages`, { method: 'POST', body: form });
    expectRefusal(answer, 'invalid_audio');
    expect(answer).toMatchObject({ status: 400, body: { error: 'Invalid audio format' } });
    expect(await data(`${session}/messages`)).toEqual({ messages: [] });
  });

  it.each([
    ['in another field', () => fieldForm('file', speech())],
    ['as text instead of a file', () => textForm()],
    ['that is empty', () => recordingForm(new Uint8Array(0))],
    ['in an empty form', () => new FormData()],
  ])('%s is refused as missing', async (_what, form) => {
    const answer = await call(`${await start()}/messages`, { method: 'POST', body: form() });
    expectRefusal(answer, 'no_audio');
    expect(answer).toMatchObject({ status: 400, body: { error: 'No audio file provided' } });
  });

  it('is taken from its field, whatever other parts there are', async () => {
    const form = fieldForm('picture', new Uint8Array(2000));
    form.append('language', 'en');
    form.append('audio', new Blob([new Uint8Array(speech())]), 'recording.webm');
    const { messages } = await data<ExchangeBody>(`${await start()}/messages`, { method: 'POST', body: form });
    expect(messages[0].text).toBe('I want to talk about my boss');
  });

  it('of more than 25 MB is refused', async () => {
    const form = recordingForm(new Uint8Array(25 * 1024 * 1024 + 1));
    const answer = await call(`${await start()}/messages`, { method: 'POST', body: form });
    expectRefusal(answer, 'audio_too_large');
    expect(answer).toMatchObject({ status: 413, body: { error: 'The recording is larger than 25 MB' } });
  });

  it('of more than five minutes is refused', async () => {
    const form = recordingForm(wav(new Int16Array(301 * 8000), 8000));
    const answer = await call(`${await start()}/messages`, { method: 'POST', body: form });
    expectRefusal(answer, 'audio_too_long');
    expect(answer).toMatchObject({ status: 413, body: { error: 'The recording is longer than 5 minutes' } });
  });

  it.each([
    [
      'is cut off',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="audio"; filename="a"\r\n\r\nabc',
    ],
    ['has no boundary', 'multipart/form-data', '--b\r\n'],
    ['is no form', 'multipart/form-data; boundary=b', 'hello'],
  ])('in a form that %s is refused', async (_what, type, body) => {
    const answer = await call(`${await start()}/messages`, { method: 'POST', body, headers: { 'content-type': type } });
    expectRefusal(answer);
    expect(answer.status).toBe(400);
  });

  it('in a form of too many parts is refused', async () => {
    const form = new FormData();
    for (let i = 0; i < 50; i++) form.append('audio', `${i}`);
    const answer = await call(`${await start()}/messages`, { method: 'POST', body: form });
    expectRefusal(answer, 'too_many_parts');
    expect(answer.status).toBe(413);
  });
});

describe('a session', () => {
  it('that nobody knows has no messages and takes none', async () => {
    for (const id of ['unknown', '00000000-0000-4000-8000-000000000000', '%00', '..%2f..', "x'--", 'a'.repeat(90)]) {
      for (const options of [
        {},
        { method: 'POST', json: { text: 'x' } },
        { method: 'POST', body: recordingForm(speech()) },
      ]) {
        const answer = await call(`${server.url}/api/sessions/${id}/messages`, options);
        expectRefusal(answer, 'session_not_found');
        expect(answer).toMatchObject({ status: 404, body: { error: 'Session not found' } });
      }
    }
  });

  it('that has ended keeps its messages and takes no more', async () => {
    const session = await start();
    await data(`${session}/messages`, { method: 'POST', json: { text: 'One thing' } });
    EndedBody.parse(await data(`${session}/end`, { method: 'POST' }));
    for (const options of [{ json: { text: 'More' } }, { body: recordingForm(speech()) }]) {
      const answer = await call(`${session}/messages`, { method: 'POST', ...options });
      expectRefusal(answer, 'session_not_active');
      expect(answer).toMatchObject({ status: 400, body: { error: 'Session is not active' } });
    }
    const { messages } = MessagesBody.parse(await data(`${session}/messages`));
    expect(messages.some(({ text }) => text === 'One thing')).toBe(true);
  });
});

describe('wrapping up', () => {
  const say = async (session: string, text: string) =>
    ExchangeBody.parse(await data(`${session}/messages`, { method: 'POST', json: { text } }));

  it('is proposed, confirmed, and ends with the summary', async () => {
    const session = await start();
    await say(session, 'I want to plan my week');
    const asked = await say(session, "Let's wrap up");
    expect(asked).toMatchObject({ awaitingWrapUpConfirmation: true, sessionEnded: false });
    expect(await data(session)).toMatchObject({ status: 'active', awaitingWrapUpConfirmation: true });
    const ended = await say(session, 'yes, wrap up');
    expect(ended).toMatchObject({ awaitingWrapUpConfirmation: false, sessionEnded: true });
    expect(ended.finalSummary).toMatch(/\w+ \w+/);
    expect(ended.messages[1].audioUrl).toBeDefined();
    expect(await data(session)).toMatchObject({ status: 'ended', awaitingWrapUpConfirmation: false });
    const { summary } = EndedBody.parse(await data(`${session}/end`, { method: 'POST' }));
    expect(summary).toBe(ended.finalSummary);
  });

  it('is declined, and the session goes on', async () => {
    const session = await start();
    await say(session, "Let's wrap up");
    const declined = await say(session, 'not yet');
    expect(declined).toMatchObject({ awaitingWrapUpConfirmation: false, sessionEnded: false });
    expect(declined).not.toHaveProperty('finalSummary');
    await say(session, 'One more thing about my boss');
  });
});

describe('after a restart', () => {
  it('an active session goes on where it was', async () => {
    const session = await start();
    const before = await data<ExchangeBody>(`${session}/messages`, { method: 'POST', json: { text: 'Remember me' } });
    const next = await startTestServer();
    try {
      const there = session.replace(server.url, next.url);
      const after = await data<ExchangeBody>(`${there}/messages`, { method: 'POST', json: { text: 'And now?' } });
      const { messages } = await data<MessagesBody>(`${there}/messages`);
      const ids = messages.map(({ id }) => id);
      expect(ids).toEqual([...before.messages, ...after.messages].map(({ id }) => id));
      const file = new URL(before.messages[1].audioUrl ?? '').pathname;
      expect(messages[1]?.audioUrl).toBe(next.url + file);
      expect((await fetch(next.url + file)).status).toBe(200);
    } finally {
      await next.close();
    }
  });

  it('an ended session still shows how it ended', async () => {
    const session = await start();
    await data(`${session}/messages`, { method: 'POST', json: { text: 'That was all' } });
    const ended = EndedBody.parse(await data(`${session}/end`, { method: 'POST' }));
    const next = await startTestServer();
    try {
      const there = session.replace(server.url, next.url);
      expect(await data(there)).toMatchObject({ status: 'ended', messageCount: ended.messageCount, remainingMs: 0 });
      expect(EndedBody.parse(await data(`${there}/end`, { method: 'POST' }))).toEqual(ended);
      expect(await data(`${there}/recap`)).toMatchObject({ summary: ended.summary });
      expect((await data<MessagesBody>(`${there}/messages`)).messages.length).toBe(ended.messageCount);
      const more = await call(`${there}/messages`, { method: 'POST', json: { text: 'More' } });
      expectRefusal(more, 'session_not_active');
    } finally {
      await next.close();
    }
  });
});

describe('without', () => {
  const withEngines = async (
    engines: Parameters<typeof startTestServer>[0],
    test: (on: TestServer) => Promise<void>,
  ) => {
    const other = await startTestServer(engines);
    try {
      await test(other);
    } finally {
      await other.close();
    }
  };

  it('a recogniser recordings are refused with what to do instead, and text is taken', async () => {
    await withEngines({ engines: { ears: undefined } }, async (other) => {
      const session = await start(other);
      const answer = await call(`${session}/messages`, { method: 'POST', body: recordingForm(speech()) });
      expect(answer).toMatchObject({ status: 503, body: { success: false, code: 'no_recogniser' } });
      expect(answer.body.error).toMatch(/send text/);
      await data(`${session}/messages`, { method: 'POST', json: { text: 'Then I type' } });
    });
  });

  it('any words heard a recording is refused, and nothing is stored', async () => {
    const stt = scriptedStt({ clock: systemClock, texts: [''] });
    const ears = { stt, vad: energyVad(), endOfTurn: ruleEndOfTurn };
    await withEngines({ engines: { ears } }, async (other) => {
      const session = await start(other);
      const answer = await call(`${session}/messages`, { method: 'POST', body: recordingForm(speech()) });
      expectRefusal(answer, 'no_words_heard');
      expect(answer).toMatchObject({ status: 422, body: { error: expect.stringMatching(/could not hear any words/) } });
      expect(await data(`${session}/messages`)).toEqual({ messages: [] });
    });
  });

  it('a voice, or with one that fails, the answer is text alone', async () => {
    for (const tts of [undefined, scriptedTts({ clock: systemClock, failOn: /./ })]) {
      await withEngines({ engines: { tts } }, async (other) => {
        const session = await start(other);
        const { messages } = await data<{ messages: Message[] }>(`${session}/messages`, {
          method: 'POST',
          json: { text: 'Silence' },
        });
        expect(messages[1]?.text).toBe('You said Silence.');
        expect(messages[1]).not.toHaveProperty('audioUrl');
      });
    }
  });
});

function fieldForm(field: string, bytes: Uint8Array): FormData {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(bytes)]), 'recording.webm');
  return form;
}

function textForm(): FormData {
  const form = new FormData();
  form.append('audio', 'data:audio/webm;base64,AAAA');
  return form;
}
