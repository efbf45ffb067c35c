import { beforeEach, describe, expect, it } from 'vitest';
import type { MicRate } from '../../../protocol/audio-frame.ts';
import type { SpeechToText } from '../../../server/ports/speech-to-text.ts';
import type { VoiceActivity } from '../../../server/ports/voice-activity.ts';
import { createListener, type HeardUtterance, type Listener } from '../../../server/voice/listen.ts';
import { createFakeClock, type FakeClock, settle } from '../../support/fake-clock.ts';
import { energyVad, scriptedStt, tone } from '../../support/scripted.ts';

const seconds = (s: number) => tone(s * 16_000, 16_000);
const silence = (s: number) => new Int16Array(s * 16_000);

let clock: FakeClock;
let over: AbortController;
let log: string[];
let heard: HeardUtterance[];
let next: number;
let question: string | undefined;
beforeEach(() => {
  clock = createFakeClock();
  over = new AbortController();
  log = [];
  heard = [];
  next = 0;
  question = undefined;
});

function listen(stt: SpeechToText, options: { vad?: VoiceActivity; waitMs?: number; rate?: MicRate } = {}): Listener {
  const { vad = energyVad(), waitMs = 500, rate = 16_000 } = options;
  return createListener({
    rate,
    vad,
    stt,
    endOfTurn: () => waitMs,
    question: () => question,
    nextUtterance: () => ++next,
    clock,
    signal: over.signal,
    events: {
      onSpeechStarted: (utterance) => log.push(`started ${utterance}`),
      onSpeechStopped: (utterance) => log.push(`stopped ${utterance}`),
      onPartial: (utterance, text) => log.push(`${utterance}: ${text}`),
      onUtterance: (said) => {
        heard.push(said);
        log.push(`final ${said.utterance}: ${said.text}`);
      },
      onLost: (utterance, error) => log.push(`lost ${utterance}: ${(error as Error).message}`),
    },
  });
}

const say = async (listener: Listener, ...parts: Int16Array[]) => {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 320) listener.push(part.subarray(at, at + 320));
    await settle();
  }
};
const stt = (...texts: string[]) => scriptedStt({ clock, texts });

describe('listening', () => {
  it('opens nothing for push to talk while the microphone is muted', async () => {
    const listener = listen(stt('hello'));
    listener.mute(true);
    listener.hold(true);
    await say(listener, seconds(0.5));
    listener.hold(false);
    expect(log).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('lets go of the recogniser when the detector fails', async () => {
    let finished = 0;
    const counting: SpeechToText = {
      name: 'counting',
      open: () => ({ push() {}, finish: () => Promise.reject(new Error(`finished ${++finished}`)) }),
      close: () => Promise.resolve(),
    };
    let isDown = false;
    const detector = energyVad();
    const vad: VoiceActivity = {
      ...detector,
      open: () => {
        const stream = detector.open();
        const process = (window: Int16Array) => (isDown ? Promise.reject(new Error('down')) : stream.process(window));
        return { ...stream, process };
      },
    };
    const listener = listen(counting, { vad });
    await say(listener, seconds(0.3));
    isDown = true;
    await say(listener, seconds(0.1));
    expect(log).toEqual(['started 1', 'lost 1: down']);
    expect(finished).toBe(1);
  });

  it('tells of speech, its words so far and its end, in audio time', async () => {
    await say(listen(stt('hello there')), seconds(0.5), silence(1));
    expect(log).toEqual(['started 1', '1: hello', '1: hello there', 'stopped 1', 'final 1: hello there']);
    expect(heard[0]).toMatchObject({ utterance: 1, incomplete: false });
  });

  it('takes a pause that is shorter than the wait for part of the utterance', async () => {
    await say(listen(stt('one two three')), seconds(0.5), silence(0.4), seconds(0.5), silence(1));
    expect(log.filter((line) => line.startsWith('final'))).toEqual(['final 1: one two three']);
    expect(log.filter((line) => line === 'started 1')).toHaveLength(2);
  });

  it('waits longer from then on when it has cut somebody off', async () => {
    const listener = listen(stt('a', 'b'));
    await say(listener, seconds(0.5), silence(0.6), seconds(0.5), silence(0.6));
    expect(log.filter((line) => line.startsWith('final'))).toEqual(['final 1: a']);
    await say(listener, silence(0.3));
    expect(log.filter((line) => line.startsWith('final'))).toEqual(['final 1: a', 'final 2: b']);
  });

  it('gives the recogniser what was said before the detector was sure', async () => {
    let samples = 0;
    const counting: SpeechToText = {
      name: 'counting',
      open: () => ({
        push: (pcm) => void (samples += pcm.length),
        finish: () => Promise.resolve({ text: 'x', incomplete: false }),
      }),
      close: () => Promise.resolve(),
    };
    await say(listen(counting), silence(0.5), seconds(0.512), silence(1));
    // 0.3 s of pre-roll, the speech, and the silence until the turn was over.
    expect(samples / 16_000).toBeGreaterThan(0.28 - 0.064 + 0.5 + 0.45);
  });

  it('ends an utterance when the microphone is muted, and hears nothing while it is', async () => {
    const listener = listen(stt('so I'));
    await say(listener, seconds(0.5));
    listener.mute(true);
    await settle();
    expect(log.at(-1)).toBe('final 1: so I');
    await say(listener, seconds(0.5));
    expect(log.at(-1)).toBe('final 1: so I');
    listener.mute(false);
    await say(listener, seconds(0.5));
    expect(log).toContain('started 2');
  });

  it('keeps the turn open while the talk button is held, and closes it when it is released', async () => {
    const listener = listen(stt('well'));
    listener.hold(true);
    await say(listener, seconds(0.3), silence(3));
    expect(log.filter((line) => line.startsWith('final'))).toEqual([]);
    listener.hold(false);
    await settle();
    expect(log.at(-1)).toBe('final 1: well');
  });

  it('ends an utterance whose audio stops coming', async () => {
    const listener = listen(stt('and then'));
    await say(listener, seconds(0.5));
    await clock.advance(1600);
    expect(log.at(-1)).toBe('final 1: and then');
  });

  it('gives finals in the order of their utterances, however long each takes', async () => {
    const delays = [1000, 10];
    const slowFirst: SpeechToText = {
      name: 'slow first',
      open: () => {
        const delayMs = delays.shift() ?? 0;
        return {
          push() {},
          finish: () =>
            new Promise((resolve) => clock.after(delayMs, () => resolve({ text: `${delayMs}`, incomplete: false }))),
        };
      },
      close: () => Promise.resolve(),
    };
    await say(listen(slowFirst), seconds(0.5), silence(1.2), seconds(0.5), silence(1.2));
    await clock.advance(2000);
    expect(heard.map(({ text }) => text)).toEqual(['1000', '10']);
  });

  it('tells of an utterance that was lost and hears the next', async () => {
    let failing = true;
    const working = stt('again');
    const breaking: SpeechToText = {
      name: 'breaking',
      open: (options) =>
        failing ? { push() {}, finish: () => Promise.reject(new Error('engine gone')) } : working.open(options),
      close: () => Promise.resolve(),
    };
    const listener = listen(breaking);
    await say(listener, seconds(0.5), silence(1));
    failing = false;
    await say(listener, silence(1), seconds(0.5), silence(1));
    expect(log).toContain('lost 1: engine gone');
    expect(log.at(-1)).toBe('final 2: again');
  });

  it('drops audio rather than pile it up when the detector does not answer', async () => {
    let asked = 0;
    const stuck: VoiceActivity = {
      name: 'stuck',
      windowSamples: 512,
      open: () => ({ process: () => (asked++, new Promise<number>(() => {})), reset() {}, close() {} }),
      close: () => Promise.resolve(),
    };
    await say(listen(stt('x'), { vad: stuck }), silence(30));
    expect(asked).toBe(192);
  });

  it('says nothing more once it is over', async () => {
    const listener = listen(stt('never'));
    await say(listener, seconds(0.5));
    over.abort();
    await say(listener, silence(2));
    await clock.advance(5000);
    expect(log.some((line) => line.startsWith('final') || line.startsWith('lost'))).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('resamples a microphone of 24 kHz', async () => {
    const listener = listen(stt('hi'), { rate: 24_000 });
    for (const part of [tone(12_000, 24_000), new Int16Array(24_000)]) {
      for (let at = 0; at < part.length; at += 480) listener.push(part.subarray(at, at + 480));
      await settle();
    }
    expect(log.at(-1)).toBe('final 1: hi');
  });
});
