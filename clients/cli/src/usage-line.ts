import type { ServerMessageOf } from '../../../protocol/messages.ts';

export type TurnUsage = NonNullable<ServerMessageOf<'turn.done'>['usage']>;

/** What a turn used of the providers that cost something; what there was none of is left out. */
export function usageLine(usage: TurnUsage): string {
  const { inputTokens, cachedInputTokens, outputTokens, transcribedSeconds, spokenCharacters, cost } = usage;
  const cached = cachedInputTokens ? ` (${cachedInputTokens} cached)` : '';
  const parts = [
    ...(inputTokens ? [`${inputTokens} tokens in${cached}`] : []),
    ...(outputTokens ? [`${outputTokens} out`] : []),
    ...(transcribedSeconds ? [`${transcribedSeconds.toFixed(1)} s transcribed`] : []),
    ...(spokenCharacters ? [`${spokenCharacters} characters spoken`] : []),
    ...(cost ? [`cost ${Number(cost.toPrecision(3))}`] : []),
  ];
  return `         used ${parts.join(' · ')}${usage.estimated ? ' (partly guessed)' : ''}`;
}
