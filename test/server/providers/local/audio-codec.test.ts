import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_UPLOAD_BYTES, type AudioCodec } from '../../../../server/ports/audio-codec.ts';
import { systemClock } from '../../../../server/ports/clock.ts';
import { createAudioCodec } from '../../../../server/providers/local/audio-codec.ts';
import { ffmpeg, hasFfmpeg, likeness } from '../../../support/audio-files.ts';
import { loadClip, modelsDir } from '../../../support/clips.ts';
import { temporaryFolder } from '../../../support/databases.ts';

const { signal } = new AbortController();
const CLIP = 'jfk';
const RATE = 16_000;
/** Encoders put some silence first: up to 70 ms. */
const MAX_SHIFT = 1200;

const opus = ['-c:a', 'libopus', '-b:a', '32k'];
const aac = ['-c:a', 'aac', '-b:a', '96k'];
const FORMATS: readonly [file: string, args: readonly string[], likeness: number][] = [
  ['16k.wav', [], 0.9999],
  ['24-bit-stereo.wav', ['-ac', '2', '-ar', '48000', '-c:a', 'pcm_s24le'], 0.999],
  ['float.wav', ['-ar', '44100', '-c:a', 'pcm_f32le'], 0.999],
  ['telephone.wav', ['-ar', '8000', '-c:a', 'pcm_mulaw'], 0.95],
  ['mono.mp3', ['-c:a', 'libmp3lame'], 0.98],
  ['stereo.mp3', ['-ac', '2', '-ar', '44100', '-c:a', 'libmp3lame'], 0.98],
  ['mono.webm', opus, 0.97],
  ['recording.webm', [...opus, '-ac', '2', '-live', '1'], 0.97],
  ['opus.ogg', opus, 0.97],
  ['vorbis.ogg', ['-c:a', 'libvorbis'], 0.97],
  ['mono.m4a', aac, 0.98],
  // Their delay is no whole number of our samples, which costs likeness.
  ['stereo.m4a', [...aac, '-ac', '2', '-ar', '44100'], 0.95],
  ['fast-coder.m4a', [...aac, '-aac_coder', 'fast', '-ar', '44100'], 0.95],
  ['fragmented.mp4', [...aac, '-movflags', 'frag_keyframe+empty_moov'], 0.98],
  ['mono.flac', [], 0.9999],
  ['24-bit.flac', ['-ar', '48000', '-sample_fmt', 's32'], 0.999],
];

const available = await hasFfmpeg();

describe('the audio codec', () => {
  let codec: AudioCodec;
  beforeAll(() => {
    codec = createAudioCodec({ clock: systemClock });
  });
  afterAll(() => codec.close());
  const decode = (file: Uint8Array) => codec.decode(file, { signal });
  const invalid = { code: 'invalid_audio', status: 400, message: 'Invalid audio format' };

  describe.skipIf(!available)('with files that ffmpeg made', () => {
    let folder: string;
    let remove: () => Promise<void>;
    const clip = loadClip(CLIP);
    const make = (file: string, args: readonly string[]) =>
      ffmpeg(folder, file, ['-i', join(modelsDir(), 'speech-clips', `${CLIP}.wav`), ...args]);
    const generate = (file: string, source: string, args: readonly string[]) =>
      ffmpeg(folder, file, ['-f', 'lavfi', '-i', source, ...args]);

    beforeAll(async () => {
      const temporary = await temporaryFolder();
      folder = temporary.path;
      remove = () => temporary.remove();
    });
    afterAll(() => remove());

    it.each(FORMATS)('hears in %s what was said', async (file, args, least) => {
      const pcm = await decode(await make(file, args));
      expect(pcm.length / RATE).toBeCloseTo(clip.pcm.length / clip.rate, 0);
      expect(Math.abs(pcm.length - clip.pcm.length)).toBeLessThan(0.15 * RATE);
      // A part of it: the search for the shift is quadratic.
      const part = (samples: Int16Array) => samples.subarray(2 * RATE, 4 * RATE);
      expect(likeness(part(clip.pcm), part(pcm), MAX_SHIFT)).toBeGreaterThan(least);
      expect(rms(pcm) / rms(clip.pcm)).toBeCloseTo(1, 0);
    });

    it('gives 16 kHz WAV back bit by bit', async () => {
      expect(await decode(await make('exact.wav', []))).toEqual(clip.pcm);
    });

    it('goes by what is in the file, not by what it is called', async () => {
      const pcm = await decode(await make('really-mp3.wav', ['-f', 'mp3']));
      expect(pcm.length / RATE).toBeCloseTo(clip.pcm.length / clip.rate, 0);
    });

    it.each([
      ['cut.webm', opus],
      ['cut.mp3', []],
      ['cut.ogg', opus],
      ['cut.wav', []],
      ['cut.flac', []],
    ])('hears what came before %s broke off', async (file, args) => {
      const whole = await make(file, args);
      const pcm = await decode(whole.subarray(0, Math.floor(whole.length / 2)));
      expect(pcm.length / clip.pcm.length).toBeGreaterThan(0.4);
      expect(pcm.length / clip.pcm.length).toBeLessThan(0.65);
    });

    it('refuses an MP4 that broke off before its index', async () => {
      const whole = await make('no-index.m4a', aac);
      await expect(decode(whole.subarray(0, whole.length / 2))).rejects.toMatchObject(invalid);
    });

    it('refuses a file without sound', async () => {
      const video = await generate('video.webm', 'testsrc=d=1:s=64x64', ['-c:v', 'libvpx']);
      await expect(decode(video)).rejects.toMatchObject(invalid);
      const header = (await make('header.wav', [])).subarray(0, 44);
      await expect(decode(header)).rejects.toMatchObject(invalid);
    });

    it('takes five minutes and refuses more, before all of it is decoded', async () => {
      const silence = 'anullsrc=r=48000:cl=mono';
      const fits = await generate('fits.ogg', silence, ['-t', '299', ...opus]);
      expect((await decode(fits)).length / RATE).toBeCloseTo(299, 0);
      const bomb = await generate('bomb.ogg', silence, ['-t', '1200', '-c:a', 'libopus', '-b:a', '6k']);
      expect(bomb.length).toBeLessThan(MAX_UPLOAD_BYTES);
      await expect(decode(bomb)).rejects.toMatchObject({ code: 'audio_too_long', status: 413 });
    }, 60_000);

    it('survives any damage: it decodes something or says that it can not', async () => {
      const files = await Promise.all(FORMATS.map(([file, args]) => make(`damaged-${file}`, ['-t', '2', ...args])));
      let seed = 7;
      const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
      for (const file of files) {
        for (let round = 0; round < 4; round++) {
          const damaged = file.slice();
          for (let n = 0; n < 40; n++) damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
          const outcome = await decode(damaged).catch((error: unknown) => error);
          if (outcome instanceof Int16Array) expect(outcome.length).toBeGreaterThan(0);
          else expect(['invalid_audio', 'audio_too_long']).toContain((outcome as { code?: string }).code);
        }
      }
      expect((await decode(await make('after.wav', []))).length).toBe(clip.pcm.length);
    }, 60_000);

    it('keeps a reply as MP3 that sounds the same', async () => {
      const { bytes, contentType } = await codec.encode(clip.pcm, RATE, { signal });
      expect(contentType).toBe('audio/mpeg');
      expect(bytes.length).toBeLessThan(clip.pcm.byteLength / 4);
      const back = await decode(bytes);
      const part = (samples: Int16Array) => samples.subarray(2 * RATE, 4 * RATE);
      // 1,105 samples of delay of encoder and decoder, at 16 kHz twice that in the frames' own count.
      expect(likeness(part(clip.pcm), part(back), 2400)).toBeGreaterThan(0.97);
    });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('{"hello": "world"}')],
    ['noise', Uint8Array.from({ length: 50_000 }, (_, i) => (i * 2_654_435_761) >>> 13)],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['a WAV with a rate of 1', wav({ rate: 1 })],
    ['a WAV with a rate of 4 billion', wav({ rate: 0xffff_ffff })],
    ['a WAV without channels', wav({ rate: RATE, channels: 0 })],
  ])('refuses %s', async (_, file) => {
    await expect(decode(file)).rejects.toMatchObject(invalid);
  });

  it('refuses a file that is too large without looking at it', async () => {
    const refused = decode(new Uint8Array(MAX_UPLOAD_BYTES + 1));
    await expect(refused).rejects.toMatchObject({ code: 'audio_too_large', status: 413 });
  });

  it('leaves the bytes that it was given as they were', async () => {
    const file = wav({ rate: RATE });
    const before = file.slice();
    await decode(file);
    expect(file).toEqual(before);
  });

  it('rejects with the reason when it is aborted, and serves the next', async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const aborted = codec.decode(wav({ rate: RATE, seconds: 200 }), { signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(await decode(wav({ rate: RATE, seconds: 1 }))).toHaveLength(RATE);
  });

  it('serves a hundred uploads at once, or says that it is busy', async () => {
    const file = wav({ rate: RATE, seconds: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => decode(file)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(32);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'decoder_busy', retryable: true, status: 503 });
  });
});

function rms(pcm: Int16Array): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);
}

/** A 16-bit WAV of a tone. */
function wav({ rate, channels = 1, seconds = 1 }: { rate: number; channels?: number; seconds?: number }): Buffer {
  const samples = seconds * RATE;
  const file = Buffer.alloc(44 + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE((rate * 2 * channels) % 2 ** 32, 28);
  file.writeUInt16LE(2 * channels, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) file.writeInt16LE(Math.round(8000 * Math.sin(i / 7)), 44 + i * 2);
  return file;
}
