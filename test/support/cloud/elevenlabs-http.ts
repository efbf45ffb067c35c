import type { CloudRoute } from './cloud.ts';
import { tonePcm } from './openai-audio.ts';
import { createScript, isTrouble, type Pace, type Script } from './script.ts';

export interface HttpVoiceAnswer extends Pace {
  /** Default 60 ms a character. */
  durationMs?: number;
}

export interface HttpVoiceScript extends Script<HttpVoiceAnswer> {
  readonly texts: readonly string[];
}

/** `POST …/text-to-speech/{voice}/stream` with `output_format=pcm_24000`. */
export function httpVoiceRoute(): { route: CloudRoute; script: HttpVoiceScript } {
  const script = createScript<HttpVoiceAnswer>({});
  const texts: string[] = [];
  const route: CloudRoute = {
    method: 'POST',
    path: /^\/v1\/text-to-speech\/[^/]+\/stream$/,
    async respond({ body, query }, answer) {
      const { text } = JSON.parse(body.toString()) as { text: string };
      texts.push(text);
      const scripted = script.take();
      if (isTrouble(scripted)) return answer.trouble(scripted);
      if (query.get('output_format') !== 'pcm_24000') throw new Error('expected pcm_24000');
      const pcm = tonePcm(scripted.durationMs ?? text.length * 60);
      // Odd sizes cut samples in half.
      const pieces = Array.from({ length: Math.ceil(pcm.length / 4801) }, (_, i) =>
        pcm.subarray(i * 4801, (i + 1) * 4801),
      );
      await answer.stream('audio/pcm', pieces, scripted);
    },
  };
  return { route, script: { ...script, texts } };
}
