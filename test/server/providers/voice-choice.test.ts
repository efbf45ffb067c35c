import { describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../server/ports/clock.ts';
import type { TextToSpeech } from '../../../server/ports/text-to-speech.ts';
import { providerFailure } from '../../../server/ports/provider-failure.ts';
import { createVoiceChoice, type OfferedVoice } from '../../../server/providers/voice-choice.ts';
import { pitchedVoice, voiceIn } from '../../support/voices.ts';

function choice(other: () => TextToSpeech = () => pitchedVoice('cloud')) {
  let opened = 0;
  const closed: string[] = [];
  const watched = (voice: TextToSpeech): TextToSpeech => ({
    ...voice,
    close: async () => void closed.push(voice.name),
  });
  const usual = watched(pitchedVoice('local'));
  const offered: OfferedVoice[] = [
    {
      id: 'other',
      name: 'Other',
      open() {
        opened++;
        return watched(other());
      },
    },
    { id: 'usual', name: 'Usual', language: 'en-GB', open: () => usual },
  ];
  const voice = createVoiceChoice({ usual, usualId: 'usual', offered, clock });
  const heard = async (wanted?: string) => {
    const { signal } = new AbortController();
    const found = new Set<string | undefined>();
    for await (const { pcm } of voice.synthesize('Well said.', { signal, turnKey: 'turn', voice: wanted }))
      found.add(voiceIn(pcm, voice.sampleRate));
    return [...found];
  };
  return { voice, heard, closed, opened: () => opened };
}

describe('a choice of voices', () => {
  it('names them, the usual one first', () => {
    const { voice, opened } = choice();
    expect(voice.voices).toEqual([
      { id: 'usual', name: 'Usual', language: 'en-GB' },
      { id: 'other', name: 'Other' },
    ]);
    expect(opened()).toBe(0);
  });

  it('speaks each sentence with the voice that it asks for, opened once', async () => {
    const { heard, opened } = choice();
    expect(await heard()).toEqual(['local']);
    expect(await heard('usual')).toEqual(['local']);
    expect(opened()).toBe(0);
    expect(await heard('other')).toContain('cloud');
    expect(await heard('other')).not.toContain('local');
    expect(opened()).toBe(1);
  });

  it('speaks with the usual one when the voice is unknown, or fails', async () => {
    expect(await choice().heard('somebody')).toEqual(['local']);
    const broken: TextToSpeech = {
      ...pitchedVoice('cloud'),
      async *synthesize() {
        yield { pcm: new Int16Array(0) };
        throw providerFailure('provider_unauthorized', { provider: 'Test' });
      },
    };
    expect(await choice(() => broken).heard('other')).toEqual(['local']);
  });

  it('closes the voices that were opened, each once', async () => {
    const { voice, heard, closed } = choice();
    await heard('other');
    await heard('other');
    await voice.close();
    expect(closed.sort()).toEqual(['cloud', 'local']);
  });
});
