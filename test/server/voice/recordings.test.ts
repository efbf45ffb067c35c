import { describe, expect, it } from 'vitest';
import { KukuError } from '../../../server/errors.ts';
import type { AudioCodec } from '../../../server/ports/audio-codec.ts';
import { systemClock } from '../../../server/ports/clock.ts';
import { silentLog } from '../../../server/ports/log.ts';
import type { SpeechToText } from '../../../server/ports/speech-to-text.ts';
import { createRecordings, type RecordingsOptions } from '../../../server/voice/recordings.ts';
import { settle } from '../../support/fake-clock.ts';
import { scriptedStt } from '../../support/scripted.ts';

const { signal } = new AbortController();
const FILE = new Uint8Array(8);

/** Decodes when it is told to. */
function heldCodec() {
  const waiting: (() => void)[] = [];
  const codec: AudioCodec = {
    name: 'held',
    decode: (_file, { signal: given }) =>
      new Promise((resolve, reject) => {
        waiting.push(() => resolve(new Int16Array(1600)));
        given.addEventListener('abort', () => reject(given.reason), { once: true });
      }),
    encode: () => Promise.reject(new Error('not here')),
    close: async () => {},
  };
  return { codec, waiting };
}

function recordings(options: Partial<RecordingsOptions> & { texts?: string[] } = {}) {
  const { codec, waiting } = heldCodec();
  const stt = scriptedStt({ clock: systemClock, texts: options.texts ?? ['hello'] });
  return { waiting, ...createRecordings({ codec, stt, log: silentLog, ...options }) };
}

describe('recordings', () => {
  it('are worked on a few at a time, wait in line, and are refused when the line is full', async () => {
    const { understand, waiting } = recordings({ lanes: 2, maxWaiting: 1 });
    const first = [understand(FILE, { signal }), understand(FILE, { signal })];
    const third = understand(FILE, { signal });
    await settle();
    expect(waiting).toHaveLength(2);
    await expect(understand(FILE, { signal })).rejects.toMatchObject({
      code: 'too_many_recordings',
      status: 429,
      retryAfterMs: 2000,
    });
    waiting.forEach((release) => release());
    expect(await Promise.all(first)).toEqual(['hello', 'hello']);
    await settle();
    expect(waiting).toHaveLength(3);
    waiting[2]?.();
    expect(await third).toBe('hello');
  });

  it('are received only as long as there is room for their bytes', () => {
    const { reserve } = recordings({ maxBytes: 1000 });
    const release = reserve(600);
    expect(() => reserve(600)).toThrow(expect.objectContaining({ code: 'too_many_recordings' }));
    const small = reserve(400);
    release();
    release();
    reserve(600);
    expect(() => reserve(1)).toThrow(KukuError);
    small();
    reserve(400);
  });

  it('of an unknown size take the room of the largest', () => {
    const { reserve } = recordings({ maxBytes: 30 * 1024 * 1024 });
    reserve(undefined);
    expect(() => reserve(undefined)).toThrow(KukuError);
  });

  it('leave the line when nobody waits for them', async () => {
    const { understand, waiting } = recordings({ lanes: 1 });
    const gone = new AbortController();
    const first = understand(FILE, { signal: gone.signal });
    const second = understand(FILE, { signal: gone.signal });
    const third = understand(FILE, { signal });
    await settle();
    gone.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await expect(second).rejects.toThrow('gone');
    await settle();
    expect(waiting).toHaveLength(2);
    waiting[1]?.();
    expect(await third).toBe('hello');
  });

  it('without words are refused', async () => {
    const { understand, waiting } = recordings({ texts: ['  '] });
    const refused = understand(FILE, { signal }).catch((error: unknown) => error);
    await settle();
    waiting[0]?.();
    expect(await refused).toMatchObject({ code: 'no_words_heard', status: 422 });
  });

  it('that the recogniser fails on are refused for now, without saying why', async () => {
    const stt: SpeechToText = {
      name: 'broken',
      open: () => ({ push() {}, finish: () => Promise.reject(new Error('libsherpa: assertion at 0x1')) }),
      close: async () => {},
    };
    const { understand, waiting } = recordings({ stt });
    const refused = understand(FILE, { signal }).catch((error: unknown) => error);
    await settle();
    waiting[0]?.();
    expect(await refused).toMatchObject({
      code: 'transcription_failed',
      status: 503,
      message: expect.not.stringMatching(/sherpa/),
    });
  });

  it('are refused before they are received where nobody understands them', () => {
    const { reserve } = recordings({ stt: undefined });
    expect(() => reserve(10)).toThrow(expect.objectContaining({ code: 'no_recogniser', status: 503 }));
  });
});
