import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TranscriptionOptions } from '../../../../server/ports/speech-to-text.ts';
import type { Usage } from '../../../../server/ports/usage.ts';
import { createElevenLabsSpeechToText } from '../../../../server/providers/elevenlabs/speech-to-text.ts';
import {
  type ElevenLabsCloud,
  refused,
  startElevenLabsCloud,
  tooMany,
  wrongKey,
} from '../../../support/cloud/elevenlabs.ts';
import { hang, reset } from '../../../support/cloud/script.ts';
import { tone } from '../../../support/scripted.ts';
import { accountAt, failureOf } from './support.ts';

let cloud: ElevenLabsCloud;
beforeEach(async () => {
  cloud = await startElevenLabsCloud();
});
afterEach(() => cloud.close());

function open(options: Partial<TranscriptionOptions> = {}) {
  const stt = createElevenLabsSpeechToText({ account: accountAt(cloud.url) });
  const partials: string[] = [];
  const signal = new AbortController().signal;
  const utterance = stt.open({ signal, onPartial: (text) => partials.push(text), ...options });
  return { utterance, partials, stt };
}

/** 20 ms at a time, as a microphone has it. */
function push(utterance: { push(pcm: Int16Array): void }, seconds: number): void {
  const pcm = tone(seconds * 16_000, 16_000);
  for (let at = 0; at < pcm.length; at += 320) utterance.push(pcm.subarray(at, at + 320));
}

describe('ElevenLabs transcription', () => {
  it('tells the words as they come and the final text at our own end of turn, sample for sample', async () => {
    cloud.scribe.next({ text: 'I want to talk', wordMs: 200, finalMs: 20 });
    const { utterance, partials } = open();
    push(utterance, 1);
    await expect.poll(() => partials.at(-1)).toBe('I want to talk');
    expect(await utterance.finish()).toEqual({ text: 'I want to talk', incomplete: false });
    expect(partials.every((text) => 'I want to talk'.startsWith(text))).toBe(true);
    const [seen] = cloud.scribe.utterances;
    const heard = new Int16Array(Uint8Array.from(seen?.audio ?? []).buffer);
    expect(heard).toEqual(tone(16_000, 16_000));
    expect(seen?.query.get('model_id')).toBe('scribe_v2_realtime');
    await expect.poll(() => seen?.closed).toBe(true);
  });

  it('keeps what was said while it connects', async () => {
    const { utterance } = open();
    push(utterance, 2);
    expect(await utterance.finish()).toMatchObject({ text: 'Hello from the socket.' });
    expect(cloud.scribe.utterances[0]?.audio.length).toBe(2 * 32_000);
  });

  it('completes a very short utterance with silence, since less is refused', async () => {
    const { utterance } = open();
    push(utterance, 0.1);
    expect(await utterance.finish()).toMatchObject({ text: 'Hello from the socket.' });
    expect(cloud.scribe.utterances[0]?.audio.length).toBe(0.5 * 32_000);
  });

  it('takes what is no speech as no words', async () => {
    cloud.scribe.next({ text: '', breaks: { how: 'error', messageType: 'insufficient_audio_activity' } });
    const { utterance } = open();
    push(utterance, 1);
    expect(await utterance.finish()).toEqual({ text: '', incomplete: false });
  });

  it.each([
    ['401', wrongKey, 'provider_unauthorized'],
    ['429', tooMany, 'provider_rate_limited'],
    ['an unknown model', refused(400, 'model_not_found'), 'provider_model_unknown'],
    ['a reset', reset, 'provider_unreachable'],
    ['silence', hang, 'provider_timeout'],
  ] as const)('says at once that it can not go on after %s at the handshake', async (_, trouble, code) => {
    cloud.scribe.next(trouble);
    const told: unknown[] = [];
    const { utterance } = open({ onFailed: (error) => told.push(error) });
    push(utterance, 0.5);
    await expect.poll(() => told.length).toBe(1);
    const error = await failureOf(utterance.finish());
    expect(error).toMatchObject({ code, retryable: true });
    expect(told).toEqual([error]);
  });

  it.each([
    ['hang', { how: 'hang' }, 'provider_timeout'],
    ['garbage', { how: 'garbage' }, 'provider_broken_answer'],
    ['cut', { how: 'reset' }, 'provider_broken_answer'],
    ['cut before the end', { how: 'reset', afterMs: 300 }, 'provider_broken_answer'],
    ['1008', { how: 'close', code: 1008, reason: 'quota_exceeded' }, 'provider_quota_exhausted'],
    ['rate limit', { how: 'error', messageType: 'rate_limited' }, 'provider_rate_limited'],
    ['expired session', { how: 'error', messageType: 'session_time_limit_exceeded' }, 'provider_broken_answer'],
    ['broken transcriber', { how: 'error', messageType: 'transcriber_error' }, 'provider_failed'],
  ] as const)('tells a %s instead of the transcript apart', async (_, breaks, code) => {
    cloud.scribe.next({ text: 'Never', breaks });
    const { utterance } = open();
    push(utterance, 0.6);
    expect((await failureOf(utterance.finish())).code).toBe(code);
  });

  it('ends at once when it is aborted, and reports what was paid for', async () => {
    const aborting = new AbortController();
    const usages: Usage[] = [];
    const failed: unknown[] = [];
    const { utterance } = open({
      signal: aborting.signal,
      onUsage: (usage) => usages.push(usage),
      onFailed: (error) => failed.push(error),
    });
    push(utterance, 1);
    await expect.poll(() => cloud.scribe.utterances[0]?.audio.length).toBe(32_000);
    aborting.abort(new Error('gone'));
    await expect(utterance.finish()).rejects.toThrow('gone');
    await expect.poll(() => cloud.scribe.utterances[0]?.closed).toBe(true);
    expect(cloud.scribe.utterances[0]?.committed).toBe(false);
    expect(usages).toEqual([
      { kind: 'transcription', provider: 'elevenlabs', model: 'scribe_v2_realtime', audioSeconds: 1 },
    ]);
    expect(failed).toEqual([]);
  });
});
