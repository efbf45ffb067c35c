import { describe, expect, test } from 'vitest';
import { settle } from './support/fake-clock.ts';
import { createHarness, ready, resumed } from './support/harness.ts';

/** 16 samples a millisecond. */
const RATE = 16_000;
const at = (turn: number, playedMs: number, state: 'playing' | 'stalled' | 'ended' = 'playing', bufferedMs = 0) => ({
  turn,
  playedSamples: (playedMs * RATE) / 1000,
  bufferedSamples: (bufferedMs * RATE) / 1000,
  state,
});
const frame = (turn: number, seq: number, last = false) => ({ turn, seq, pts: seq * 320, samples: 320, last });

async function live() {
  const harness = createHarness();
  await harness.goLive();
  harness.audio.calls.length = 0;
  const { socket } = harness;
  return { ...harness, reports: () => socket().sentOf('playback'), cleared: () => socket().sentOf('playback.cleared') };
}

describe('playback', () => {
  test('plays the frames of a turn and ends it with the last', async () => {
    const { audio, socket } = await live();
    socket().receiveSpeech(frame(1, 0));
    socket().receiveSpeech(frame(1, 1));
    socket().receiveSpeech({ ...frame(1, 2, true), samples: 0 });
    expect(audio.calls).toEqual(['play 1 320', 'play 1 320', 'end 1']);
  });

  test('drops late frames of older turns', async () => {
    const { audio, socket } = await live();
    socket().receiveSpeech(frame(2, 0));
    socket().receiveSpeech(frame(1, 5));
    socket().receiveSpeech(frame(3, 0));
    socket().receiveSpeech(frame(2, 1, true));
    expect(audio.calls).toEqual(['play 2 320', 'play 3 320']);
  });

  test('compares turns across the wrap of their 16 bits', async () => {
    const { audio, socket } = await live();
    socket().receiveSpeech(frame(65_535, 0));
    socket().receiveSpeech(frame(0, 0));
    socket().receiveSpeech(frame(65_535, 1));
    expect(audio.calls).toEqual(['play 65535 320', 'play 0 320']);
  });

  test('reports at each change and every 250 ms between: a fresh position from 200 ms on, else the latest', async () => {
    const { audio, clock, socket, reports } = await live();
    socket().receiveSpeech(frame(1, 0));
    audio.position(at(1, 0, 'playing', 100));
    audio.position(at(1, 100, 'playing', 900));
    expect(reports()).toEqual([{ type: 'playback', turn: 1, playedMs: 0, bufferedMs: 100, state: 'playing' }]);
    await clock.pass(250);
    audio.position(at(1, 280));
    await clock.pass(199);
    audio.position(at(1, 300));
    expect(reports()).toHaveLength(2);
    await clock.pass(1);
    audio.position(at(1, 310));
    await clock.pass(249);
    expect(reports()).toHaveLength(3);
    audio.position(at(1, 320, 'stalled'));
    audio.position(at(1, 320, 'playing'));
    audio.position(at(1, 340, 'ended'));
    expect(reports().map(({ playedMs, state }) => `${playedMs} ${state}`)).toEqual([
      '0 playing',
      '100 playing',
      '310 playing',
      '320 stalled',
      '320 playing',
      '340 ended',
    ]);
    await clock.pass(2000);
    expect(reports()).toHaveLength(6);
  });

  test('reports the announced duration at the end, however the two sides round', async () => {
    const { audio, socket, reports } = await live();
    socket().receiveSpeech(frame(1, 0, true));
    socket().receive({ type: 'audio.end', seq: 0, turn: 1, durationMs: 21 });
    audio.position(at(1, 20, 'ended'));
    expect(reports()).toMatchObject([{ playedMs: 21, state: 'ended' }]);
  });

  test('does not claim the announced duration when less was heard', async () => {
    const { audio, socket, reports } = await live();
    socket().receiveSpeech(frame(1, 0, true));
    socket().receive({ type: 'audio.end', seq: 0, turn: 1, durationMs: 500 });
    audio.position(at(1, 20, 'ended'));
    expect(reports()).toMatchObject([{ playedMs: 20, state: 'ended' }]);
  });

  test('tells who speaks', async () => {
    const { audio, socket, events } = await live();
    const speaking = events('speaking');
    socket().receiveSpeech(frame(1, 0, true));
    audio.position(at(1, 0));
    audio.position(at(1, 10));
    socket().receive({ type: 'speech.started', seq: 0, utterance: 1, atMs: 0 });
    audio.position(at(1, 20, 'ended'));
    socket().receive({ type: 'speech.stopped', seq: 0, utterance: 1, atMs: 0 });
    expect(speaking).toEqual([
      { user: false, coach: true },
      { user: true, coach: true },
      { user: true, coach: false },
      { user: false, coach: false },
    ]);
  });
});

describe('a clear', () => {
  test('silences the player and answers with what was heard', async () => {
    const { audio, socket, cleared } = await live();
    socket().receiveSpeech(frame(1, 0));
    audio.position(at(1, 0));
    audio.cleared = { turn: 1, playedSamples: 123 * 16 };
    socket().receive({ type: 'audio.clear', seq: 0, turn: 1, reason: 'barge_in' });
    await settle();
    expect(audio.calls).toEqual(['play 1 320', 'clear']);
    expect(cleared()).toEqual([{ type: 'playback.cleared', turn: 1, playedMs: 123 }]);
  });

  test('ends the reports, also of positions that are still on their way', async () => {
    const { audio, clock, socket, reports } = await live();
    socket().receiveSpeech(frame(1, 0));
    audio.position(at(1, 0));
    socket().receive({ type: 'audio.clear', seq: 0, turn: 1, reason: 'barge_in' });
    audio.position(at(1, 15));
    await clock.pass(1000);
    audio.position(at(1, 18));
    expect(reports()).toHaveLength(1);
  });

  test('of a turn that was never heard answers with nothing heard', async () => {
    const { audio, socket, cleared } = await live();
    socket().receiveSpeech(frame(1, 0));
    socket().receiveSpeech(frame(2, 0));
    audio.cleared = { turn: 1, playedSamples: 50 };
    socket().receive({ type: 'audio.clear', seq: 0, turn: 2, reason: 'cancelled' });
    await settle();
    expect(cleared()).toEqual([{ type: 'playback.cleared', turn: 2, playedMs: 0 }]);
  });

  test('of a turn that was played to its end answers with all of it', async () => {
    const { audio, socket, cleared } = await live();
    socket().receiveSpeech(frame(1, 0, true));
    audio.position(at(1, 20, 'ended'));
    audio.cleared = { turn: 1, playedSamples: 0 };
    socket().receive({ type: 'audio.clear', seq: 0, turn: 1, reason: 'barge_in' });
    await settle();
    expect(cleared()).toEqual([{ type: 'playback.cleared', turn: 1, playedMs: 20 }]);
  });

  test('counts on from the place where the same turn goes on', async () => {
    const { audio, socket, reports } = await live();
    socket().receiveSpeech(frame(1, 0));
    socket().receive({ type: 'audio.clear', seq: 0, turn: 1, reason: 'barge_in' });
    socket().receiveSpeech(frame(1, 50));
    await settle();
    audio.position(at(1, 10));
    expect(audio.calls).toEqual(['play 1 320', 'clear', 'play 1 320']);
    expect(reports()).toMatchObject([{ turn: 1, playedMs: 1010 }]);
  });

  test('without a player is answered too', async () => {
    const { goLive, socket } = createHarness({ audio: null });
    await goLive();
    socket().receive({ type: 'audio.clear', seq: 0, turn: 1, reason: 'barge_in' });
    expect(socket().sentOf('playback.cleared')).toEqual([{ type: 'playback.cleared', turn: 1, playedMs: 0 }]);
  });
});

describe('an interruption by the person', () => {
  test('silences the coach at once, drops what still comes, and says what was heard', async () => {
    const { coach, audio, socket, cleared } = await live();
    socket().receive({ type: 'turn.started', seq: 1, turn: 3, inReplyTo: 1 });
    socket().receiveSpeech(frame(3, 0));
    audio.position(at(3, 0));
    audio.cleared = { turn: 3, playedSamples: 160 };
    expect(coach.interrupt()).toBe(true);
    socket().receiveSpeech(frame(3, 1));
    await settle();
    expect(audio.calls).toEqual(['play 3 320', 'clear']);
    expect(socket().sentOf('turn.cancel')).toEqual([{ type: 'turn.cancel', turn: 3, playedMs: 10 }]);
    audio.cleared = { turn: 3, playedSamples: 0 };
    socket().receive({ type: 'audio.clear', seq: 1, turn: 3, reason: 'cancelled' });
    await settle();
    expect(cleared()).toEqual([{ type: 'playback.cleared', turn: 3, playedMs: 10 }]);
  });

  test('does nothing when it is not the coach’s turn', async () => {
    const { coach, audio, socket } = await live();
    expect(coach.interrupt()).toBe(false);
    expect(audio.calls).toEqual([]);
    expect(socket().sentOf('turn.cancel')).toEqual([]);
  });
});

describe('the microphone', () => {
  const spoken = new Int16Array(320).fill(7);

  test('is numbered and placed, and begins with the first frame that is sent', async () => {
    const { audio, goLive, coach, clock, socket } = createHarness();
    coach.start();
    await clock.pass(0);
    audio.speak(spoken);
    socket().open();
    audio.speak(spoken);
    socket().receive(ready());
    audio.speak(spoken);
    audio.speak(spoken);
    expect(goLive).toBeDefined();
    expect(socket().frames).toMatchObject([
      { kind: 1, stream: 1, seq: 0, pts: 0, first: true, gap: false, last: false },
      { kind: 1, stream: 1, seq: 1, pts: 320, first: false, gap: false, last: false },
    ]);
    expect(socket().frames[0]?.pcm).toEqual(spoken);
  });

  test('is dropped during an outage, then flagged with a gap that its position measures', async () => {
    const { audio, clock, socket } = await live();
    audio.speak(spoken);
    socket().drop(1006);
    audio.speak(spoken);
    await clock.pass(150);
    socket().open();
    audio.speak(spoken);
    socket().receive(resumed());
    audio.speak(spoken);
    audio.speak(spoken);
    expect(socket().frames).toMatchObject([
      { seq: 1, pts: 960, gap: true, first: false },
      { seq: 2, pts: 1280, gap: false },
    ]);
  });

  test('is dropped while too much is unsent', async () => {
    const { audio, socket } = await live();
    audio.speak(spoken);
    socket().bufferedAmount = 32_001;
    audio.speak(spoken);
    socket().bufferedAmount = 32_000;
    audio.speak(spoken);
    expect(socket().frames).toMatchObject([
      { seq: 0, gap: false },
      { seq: 1, pts: 640, gap: true },
    ]);
  });

  test('is mute when asked, says so, and says so again after a reconnect', async () => {
    const { audio, clock, coach, socket } = await live();
    coach.mute(true);
    coach.mute(true);
    audio.speak(spoken);
    expect(socket().frames).toEqual([]);
    expect(socket().sentOf('input.mute')).toEqual([{ type: 'input.mute', muted: true }]);
    socket().drop(1006);
    await clock.pass(150);
    socket().open();
    socket().receive(resumed());
    expect(socket().sentOf('input.mute')).toEqual([{ type: 'input.mute', muted: true }]);
    coach.mute(false);
    audio.speak(spoken);
    expect(socket().frames).toHaveLength(1);
  });

  test('is mute while another app has the audio', async () => {
    const { audio, events, socket } = await live();
    const notices = events('notice');
    audio.interruption(true);
    audio.speak(spoken);
    audio.interruption(false);
    audio.route('Headphones');
    expect(socket().frames).toEqual([]);
    expect(
      socket()
        .sentOf('input.mute')
        .map(({ muted }) => muted),
    ).toEqual([true, false]);
    expect(notices.map(({ code }) => code)).toEqual(['audio_interrupted', 'audio_back', 'audio_route']);
  });

  test('shows its loudness', async () => {
    const { audio, events } = await live();
    const levels = events('level');
    audio.speak(new Int16Array(320).fill(16_384));
    audio.speak(new Int16Array(320));
    expect(levels).toEqual([0.5, 0]);
  });
});
