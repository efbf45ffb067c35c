import type { Usage } from '../../ports/usage.ts';

/** As HTTP and the socket report it: some models are billed by tokens, some by seconds. */
export interface ReportedUsage {
  type: 'tokens' | 'duration';
  input_tokens?: number;
  output_tokens?: number;
  seconds?: number;
}

export function transcriptionUsage(model: string, sentSeconds: number, reported?: ReportedUsage): Usage {
  const { input_tokens: inputTokens, output_tokens: outputTokens, seconds } = reported ?? {};
  return {
    kind: 'transcription',
    provider: 'openai',
    model,
    audioSeconds: seconds ?? sentSeconds,
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(!reported && { estimated: true as const }),
  };
}
