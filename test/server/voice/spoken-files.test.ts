import { describe, expect, it } from 'vitest';
import type { Archive, MessageRecord } from '../../../server/ports/archive.ts';
import type { AudioCodec } from '../../../server/ports/audio-codec.ts';
import type { AudioStore } from '../../../server/ports/audio-store.ts';
import { silentLog } from '../../../server/ports/log.ts';
import type { TextToSpeech } from '../../../server/ports/text-to-speech.ts';
import { createSpokenFiles, type SpokenFilesOptions } from '../../../server/voice/spoken-files.ts';
import { createFakeClock, settle } from '../../support/fake-clock.ts';
import { scriptedTts } from '../../support/scripted.ts';

const { signal } = new AbortController();
const MESSAGE = { id: 'm1', text: 'Good. What else?' };

/** An archive of one session with one message, and a store that numbers its files. */
function setUp(options: Partial<SpokenFilesOptions> = {}) {
  const clock = createFakeClock();
  const world = {
    clock,
    record: record(),
    known: true,
    written: [] as MessageRecord[],
    encoded: [] as number[],
    files: 0,
    deleted: [] as string[],
  };
  const archive: Partial<Archive> = {
    messages: async () => (world.known ? [world.written.at(-1) ?? world.record] : []),
    wasDeleted: async () => !world.known,
    async appendMessages(_sessionId, messages) {
      world.written.push(...messages);
    },
  };
  const audio: Partial<AudioStore> = {
    put: async () => `file-${++world.files}.mp3`,
    deleteSession: async (id) => void world.deleted.push(id),
  };
  const codec: Partial<AudioCodec> = {
    async encode(pcm) {
      world.encoded.push(pcm.length);
      return { bytes: new Uint8Array(1), contentType: 'audio/mpeg' };
    },
  };
  const spoken = createSpokenFiles({
    tts: scriptedTts({ clock, charMs: 10 }),
    codec: codec as AudioCodec,
    audio: audio as AudioStore,
    archive: archive as Archive,
    clock,
    log: silentLog,
    ...options,
  });
  return { world, speak: (given = MESSAGE) => spoken.speak('s', given, { signal }), spoken };
}

function record(): MessageRecord {
  const { id, text } = MESSAGE;
  return { id, text, seq: 1, sender: 'ai', audioFile: null, interrupted: false, createdAt: 5, version: 7 };
}

/** Sees what it is told of the turn. */
function listeningTts() {
  const turns: { signal: AbortSignal | undefined; wasOver: boolean }[] = [];
  const tts: TextToSpeech = {
    name: 'listening',
    sampleRate: 16_000,
    close: async () => {},
    async *synthesize(_text, { turnSignal: signal }) {
      turns.push({ signal, wasOver: signal?.aborted === true });
      yield { pcm: new Int16Array(160) };
    },
  };
  return { tts, turns };
}

/** Speaks when it is told to. */
function heldTts() {
  const waiting: (() => void)[] = [];
  const tts: TextToSpeech = {
    name: 'held',
    sampleRate: 16_000,
    async *synthesize(_text, { signal: given }) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        given.addEventListener('abort', () => reject(given.reason), { once: true });
      });
      yield { pcm: new Int16Array(160) };
    },
    close: async () => {},
  };
  return { tts, waiting };
}

describe('a message of the coach', () => {
  it('lets the voice go once it is spoken, and not before', async () => {
    const { tts, turns } = listeningTts();
    const { speak } = setUp({ tts });
    await speak({ ...MESSAGE, text: 'One. Two.' });
    expect(turns.map(({ wasOver }) => wasOver)).toEqual([false, false]);
    expect(turns.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
  });

  it('becomes a file of all its sentences, and the next version of the message in the archive', async () => {
    const { world, speak } = setUp();
    expect(await speak()).toBe('file-1.mp3');
    // 10 ms a character at 16 kHz: "Good." and "What else?"
    expect(world.encoded).toEqual([5 * 160 + 10 * 160]);
    expect(world.written).toEqual([{ ...record(), audioFile: 'file-1.mp3', version: 8 }]);
  });

  it('is spoken once, however often it is asked for', async () => {
    const { world, speak } = setUp();
    expect(await Promise.all([speak(), speak()])).toEqual(['file-1.mp3', 'file-1.mp3']);
    expect(await speak()).toBe('file-1.mp3');
    expect(world.files).toBe(1);
  });

  it('that can’t be spoken stays text: nothing is thrown, stored or noted', async () => {
    const { world, speak } = setUp({ tts: scriptedTts({ clock: createFakeClock(), failOn: /else/ }) });
    expect(await speak()).toBeUndefined();
    expect(world).toMatchObject({ files: 0, written: [] });
  });

  it('without anything to say is no file', async () => {
    const { world, speak } = setUp();
    expect(await speak({ id: 'm1', text: ' ' })).toBeUndefined();
    expect(world.files).toBe(0);
  });

  it('that takes too long to speak stays text, and the voice is told to stop', async () => {
    const { tts, waiting } = heldTts();
    const { world, speak } = setUp({ tts, deadlineMs: 1000 });
    const spoken = speak();
    await settle();
    expect(waiting).toHaveLength(1);
    await world.clock.advance(1000);
    expect(await spoken).toBeUndefined();
    expect(world.clock.pending).toBe(0);
  });

  it('is given up by a voice that does not stop', async () => {
    const tts: TextToSpeech = {
      name: 'endless',
      sampleRate: 16_000,
      async *synthesize() {
        for (;;) yield { pcm: new Int16Array(160_000) };
      },
      close: async () => {},
    };
    const { world, speak } = setUp({ tts });
    expect(await speak()).toBeUndefined();
    expect(world.files).toBe(0);
  });

  it('waits for its lane, and goes without when too many wait', async () => {
    const { tts, waiting } = heldTts();
    const { speak } = setUp({ tts, lanes: 1, maxWaiting: 1 });
    const [first, second] = [speak(), speak({ id: 'm2', text: 'Two' })];
    await settle();
    expect(await speak({ id: 'm3', text: 'Three' })).toBeUndefined();
    expect(waiting).toHaveLength(1);
    for (let i = 0; i < 3; i++) {
      waiting[i]?.();
      await settle();
    }
    expect(await Promise.all([first, second])).toEqual(['file-1.mp3', 'file-2.mp3']);
  });

  it('is spoken also for one who went away before', async () => {
    const { world, spoken } = setUp();
    const asked = spoken.speak('s', MESSAGE, { signal: AbortSignal.abort(new Error('gone')) });
    await expect(asked).rejects.toThrow('gone');
    await settle();
    expect(world.written).toHaveLength(1);
  });

  it('is spoken to its end when the one who asked goes away', async () => {
    const { tts, waiting } = heldTts();
    const { world, spoken } = setUp({ tts });
    const gone = new AbortController();
    const asked = spoken.speak('s', { id: 'm1', text: 'Good.' }, { signal: gone.signal });
    const refused = asked.catch((error: unknown) => error);
    await settle();
    gone.abort(new Error('gone'));
    expect(await refused).toEqual(new Error('gone'));
    waiting[0]?.();
    await settle();
    expect(world.written).toHaveLength(1);
  });

  it('of a session that is deleted meanwhile leaves no file behind', async () => {
    const { tts, waiting } = heldTts();
    const { world, speak } = setUp({ tts });
    const spoken = speak({ id: 'm1', text: 'Good.' });
    await settle();
    world.known = false;
    waiting[0]?.();
    expect(await spoken).toBeUndefined();
    expect(world.deleted).toEqual(['s']);
  });
});
