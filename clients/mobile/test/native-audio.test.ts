import { createNativeAudio } from '../src/audio/native-audio.ts';
import { createFakeClock, createFakeModule } from './support/scene.ts';

const SECOND = new Int16Array(16_000).fill(1000);

function createRig(
  given: {
    granted?: boolean;
    initializes?: boolean;
    microphone?: boolean;
    voice?: boolean;
    latenessMs?: number[];
  } = {},
) {
  const { microphone = true, voice = true, latenessMs } = given;
  const clock = createFakeClock(latenessMs);
  const fake = createFakeModule(clock, given);
  const problems: string[] = [];
  let comeBack = () => {};
  const audio = createNativeAudio({
    native: fake.native,
    clock,
    microphone,
    voice,
    onMicrophoneProblem: (problem) => void problems.push(problem),
    onForeground: (fn) => {
      comeBack = fn;
      return () => (comeBack = () => {});
    },
  });
  return { audio, clock, fake, problems, comeBack: () => comeBack() };
}

describe('the phone’s audio', () => {
  test('asks for the microphone when a talk starts, then records and plays 16 kHz', async () => {
    const { audio, fake } = createRig();
    expect(fake.calls).toEqual([]);
    expect(await audio.start(() => {})).toEqual({ in: { rate: 16_000 }, out: { rate: 16_000 } });
    expect(fake.calls).toEqual(['ask', 'initialize', 'record']);
  });

  test('a refused microphone is told, and the coach is heard all the same', async () => {
    const { audio, fake, problems } = createRig({ granted: false });
    expect(await audio.start(() => {})).toEqual({ out: { rate: 16_000 } });
    expect(problems).toEqual(['refused']);
    expect(fake.calls).not.toContain('record');
  });

  test('who types is not asked for the microphone; who only reads needs no audio at all', async () => {
    const typing = createRig({ microphone: false });
    expect(await typing.audio.start(() => {})).toEqual({ out: { rate: 16_000 } });
    expect(typing.fake.calls).toEqual(['initialize']);
    const reading = createRig({ microphone: false, voice: false });
    expect(await reading.audio.start(() => {})).toEqual({});
    expect(reading.fake.calls).toEqual([]);
  });

  test('fails to start where the phone gives no audio', async () => {
    const { audio } = createRig({ initializes: false });
    await expect(audio.start(() => {})).rejects.toThrow('no audio');
  });

  test('frames are 20 ms long, whatever the pieces in which the phone records', async () => {
    const { audio, fake } = createRig();
    const frames: Int16Array[] = [];
    await audio.start((pcm) => frames.push(pcm));
    const samples = Int16Array.from({ length: 2048 }, (_, i) => i);
    fake.tell('onMicrophoneData', new Uint8Array(samples.buffer));
    expect(frames.map(({ length }) => length)).toEqual([320, 320, 320, 320, 320, 320]);
    expect(frames.flatMap((frame) => Array.from(frame))).toEqual([...samples.subarray(0, 1920)]);
  });

  test('the module’s deaf first seconds begin with the talk, and not with the coach’s first words', async () => {
    const { audio, fake } = createRig();
    await audio.start(() => {});
    expect(fake.takenMs()).toBe(20);
  });

  test('holds at most 80 ms in the phone, and hands nothing over after a clear, however late timers are', async () => {
    const latenessMs = [0, 31, 7, 45, 2, 19, 40];
    const { audio, clock, fake } = createRig({ latenessMs });
    await audio.start(() => {});
    clock.pass(100);
    for (let at = 0; at < 5; at++) audio.play(1, SECOND);
    for (let passedMs = 0; passedMs < 1500; passedMs += 5) {
      clock.pass(5);
      expect(fake.heldMs()).toBeLessThanOrEqual(80);
    }
    const takenMs = fake.takenMs();
    const heardMs = takenMs - fake.heldMs() - 20;
    const cleared = await audio.clear();
    // The phone's own buffer of 20 ms lies between.
    expect(Math.abs(cleared.playedSamples / 16 - (heardMs - 20))).toBeLessThan(1);
    clock.pass(5000);
    expect(fake.takenMs()).toBe(takenMs);
    expect(takenMs - 20 - heardMs).toBeLessThanOrEqual(80);
  });

  test('a call interrupts: nothing is handed over, and what was not heard comes when it is over', async () => {
    const { audio, clock, fake } = createRig();
    const told: boolean[] = [];
    audio.onInterruption((now) => void told.push(now));
    await audio.start(() => {});
    audio.play(1, SECOND);
    audio.end(1);
    clock.pass(400);
    fake.tell('onAudioInterruption', 'began');
    const takenMs = fake.takenMs();
    clock.pass(5000);
    expect(fake.takenMs()).toBe(takenMs);
    fake.tell('onAudioInterruption', 'ended');
    clock.pass(2000);
    expect(told).toEqual([true, false]);
    // All of it, the first 20 ms of silence, and again what the phone had swallowed.
    expect(fake.takenMs()).toBeGreaterThanOrEqual(1020);
    expect(fake.takenMs()).toBeLessThanOrEqual(1020 + 100);
  });

  test('an interruption that does not end by itself ends when the person comes back to the app', async () => {
    const { audio, fake, comeBack } = createRig();
    const told: boolean[] = [];
    audio.onInterruption((now) => void told.push(now));
    await audio.start(() => {});
    comeBack();
    expect(fake.calls).not.toContain('restart');
    fake.tell('onAudioInterruption', 'blocked');
    comeBack();
    expect(fake.calls).toContain('restart');
    expect(told).toEqual([true, false]);
  });

  test('stopping frees the phone once, and nothing is heard any more', async () => {
    const { audio, clock, fake } = createRig();
    await audio.start(() => {});
    audio.play(1, SECOND);
    clock.pass(200);
    await audio.stop();
    await audio.stop();
    const takenMs = fake.takenMs();
    clock.pass(1000);
    expect(fake.takenMs()).toBe(takenMs);
    expect(fake.calls.filter((call) => call === 'tear down')).toHaveLength(1);
    expect(fake.listeners.size).toBe(0);
  });

  test('a start that was given up frees what it got', async () => {
    const { audio, fake } = createRig();
    const started = audio.start(() => {});
    await audio.stop();
    await expect(started).rejects.toThrow('aborted');
    expect(fake.calls).not.toContain('record');
  });
});
