import { beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../protocol/audio-frame.ts';
import type { ReplyPart } from '../../../server/ports/language-model.ts';
import type { TextToSpeech } from '../../../server/ports/text-to-speech.ts';
import { FILLER_TEXTS, type Fillers, renderFillers, withFillers } from '../../../server/voice/fillers.ts';
import { type Reply, startReply } from '../../../server/voice/reply.ts';
import { createFakeClock, type FakeClock, settle } from '../../support/fake-clock.ts';
import { pitchedVoice, voiceIn } from '../../support/voices.ts';

const RATE = 16_000;
const REPLY = 'That sounds hard. What now?';

let clock: FakeClock;
let heard: { by: string; atMs: number }[];
let log: string[];
let turn: AbortController;
let fillers: Fillers;
let reply: Reply;

beforeEach(async () => {
  clock = createFakeClock();
  [heard, log] = [[], []];
  turn = new AbortController();
  fillers = await renderFillers(pitchedVoice('filler'), { signal: turn.signal });
});

/** Plays everything at once, as if the person had a very fast loudspeaker. */
function start(parts: AsyncIterable<ReplyPart>, voice: TextToSpeech = pitchedVoice('cloud'), sinceMs?: number): void {
  let samples = 0;
  reply = startReply({
    turn: 1,
    parts,
    clock,
    signal: turn.signal,
    ...(sinceMs !== undefined && { waitingSinceMs: sinceMs }),
    speech: {
      tts: withFillers(voice, fillers),
      rate: RATE,
      aheadMs: 60_000,
      reportTimeoutMs: 5000,
      sendFrame(bytes) {
        const decoded = decodeFrame(bytes);
        if (!decoded.ok) throw new Error(decoded.problem);
        samples += decoded.frame.pcm.length;
        const by = voiceIn(decoded.frame.pcm, RATE);
        if (by && heard.at(-1)?.by !== by) heard.push({ by, atMs: clock.monotonicMs() });
        queueMicrotask(() => reply.report((samples * 1000) / RATE));
      },
    },
    events: {
      onNotes() {},
      onSentence: (text) => log.push(text),
      onAudioEnd() {},
      onNotice: (code, message) => log.push(`${code}: ${message}`),
      onCompleted: () => log.push('completed'),
      onFailed: (error) => log.push(`failed: ${(error as Error).message}`),
      onStalled: () => log.push('stalled'),
    },
  });
}

/** Text, pauses in ms, and at last perhaps an error. */
async function* parts(...steps: (string | number | Error)[]): AsyncGenerator<ReplyPart> {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    if (typeof step === 'string') yield { type: 'text', text: step };
    else await new Promise<void>((resolve) => clock.after(step, resolve));
  }
}

describe('a reply that is late', () => {
  it('says nothing besides itself when it comes in time', async () => {
    start(parts(1400, REPLY));
    await clock.advance(9000);
    expect(heard).toEqual([{ by: 'cloud', atMs: 1400 }]);
    expect(log).toEqual(['That sounds hard.', 'What now?', 'completed']);
    expect(clock.pending).toBe(0);
  });

  it('fills the silence after 1.5 s and 4 s, before the reply and never into it', async () => {
    start(parts(5000, REPLY));
    await clock.advance(1500);
    expect(heard).toEqual([{ by: 'filler', atMs: 1500 }]);
    expect([reply.started, reply.audible, reply.heard(), reply.unheard()]).toEqual([false, true, '', []]);
    await clock.advance(5000);
    expect(heard).toEqual([
      { by: 'filler', atMs: 1500 },
      { by: 'cloud', atMs: 5000 },
    ]);
    expect(reply.heard()).toBe(REPLY);
    expect(reply.started).toBe(true);
    expect(reply.latency().firstAudioSent).toBe(0);
    expect(log).toEqual(['That sounds hard.', 'What now?', 'completed']);
  });

  it('knows which words were heard although a filler came first', async () => {
    start(parts(2000, REPLY));
    await clock.advance(3000);
    const fillerMs = FILLER_TEXTS.short[0].length * 60;
    expect(reply.heard(fillerMs)).toBe('');
    expect(reply.heard(fillerMs + 'That sounds hard.'.length * 60)).toBe('That sounds hard.');
    expect(reply.unheard(fillerMs + 'That sounds hard.'.length * 60)).toEqual(['What now?']);
  });

  it('counts from when the person began to wait', async () => {
    await clock.advance(1000);
    start(parts(5000, REPLY), undefined, 0);
    await clock.advance(5000);
    expect(heard[0]).toEqual({ by: 'filler', atMs: 1500 });
  });

  it('apologises after 8 s, with the text on screen, and fails; what comes then is not said', async () => {
    start(parts(8500, REPLY));
    await clock.advance(20_000);
    expect(heard.map(({ by }) => by)).toEqual(['filler']);
    expect(log).toEqual([`slow_provider: ${FILLER_TEXTS.apology[0]}`, 'failed: The coach took too long to answer.']);
    expect(reply.heard()).toBe('');
  });

  it('is not late in a voice that is slow to begin: the filler waits its turn', async () => {
    const slow: TextToSpeech = {
      ...pitchedVoice('cloud'),
      async *synthesize(text, options) {
        await new Promise<void>((resolve) => clock.after(2000, resolve));
        yield* pitchedVoice('cloud').synthesize(text, options);
      },
    };
    start(parts('One. '), slow);
    await clock.advance(3000);
    expect(heard).toEqual([
      { by: 'filler', atMs: 1500 },
      { by: 'cloud', atMs: 2000 },
    ]);
    expect(reply.heard()).toBe('One.');
  });
});

describe('a reply that breaks', () => {
  it('is apologised for when there is none, then fails', async () => {
    start(parts(500, new Error('no model')));
    await clock.advance(9000);
    expect(heard).toEqual([{ by: 'filler', atMs: 500 }]);
    expect(log).toEqual([`slow_provider: ${FILLER_TEXTS.apology[0]}`, 'failed: no model']);
  });

  it('says its whole sentences, drops the half one, and says that the rest is lost', async () => {
    start(parts('That sounds hard. What wou', new Error('cut')));
    await clock.advance(100);
    expect(heard.map(({ by }) => by)).toEqual(['cloud', 'filler']);
    expect(log).toEqual(['That sounds hard.', `slow_provider: ${FILLER_TEXTS.lost[0]}`, 'completed']);
    expect(reply.heard()).toBe('That sounds hard.');
  });

  it('says so when no voice could say it', async () => {
    const mute: TextToSpeech = {
      ...pitchedVoice('cloud'),
      synthesize: () => {
        throw new Error('no voice');
      },
    };
    start(parts('One.'), mute);
    await clock.advance(100);
    expect(heard.map(({ by }) => by)).toEqual(['filler']);
    expect(log).toContain('completed');
  });

  it('is silent at once when it is interrupted, fillers included', async () => {
    start(parts(5000, REPLY));
    await clock.advance(1000);
    turn.abort();
    await clock.advance(10_000);
    await settle();
    expect(heard).toEqual([]);
    expect(log).toEqual([]);
  });
});

describe('fillers', () => {
  it('take turns, at any rate', () => {
    const texts = [1, 2, 3, 4].map(() => fillers.clip('short', 24_000).text);
    expect(new Set(texts)).toEqual(new Set(FILLER_TEXTS.short));
    const { text, pcm } = fillers.clip('moment', 24_000);
    expect(pcm.length).toBe(text.length * 60 * 24);
  });
});
