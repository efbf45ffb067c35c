/** From what providers report to what a turn, a session and a day have used and cost. */
import type { UsageTotals } from '../../protocol/usage.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { OnUsage, Usage } from '../ports/usage.ts';

/** In one currency, whichever. Undefined: counted as nothing. */
export interface Prices {
  /** For a million tokens. */
  inputTokens: number | undefined;
  /** Undefined: as much as the others. */
  cachedInputTokens: number | undefined;
  outputTokens: number | undefined;
  /** For a minute of audio. */
  transcription: number | undefined;
  /** For a million characters. */
  speech: number | undefined;
}

export const noPrices: Prices = {
  inputTokens: undefined,
  cachedInputTokens: undefined,
  outputTokens: undefined,
  transcription: undefined,
  speech: undefined,
};

const MILLION = 1_000_000;

/** Tokens of transcription are left out: it is billed by the seconds that come with them. */
export function totalsOf(usage: Usage, prices: Prices): UsageTotals {
  const { kind, audioSeconds = 0, characters = 0, estimated } = usage;
  const { inputTokens = 0, cachedInputTokens = 0, outputTokens = 0, reasoningTokens = 0 } = usage;
  const hasPrices = Object.values(prices).some((price) => price !== undefined);
  const cost = hasPrices ? { cost: costOf(usage, prices) } : {};
  const guessed = estimated ? { estimated } : {};
  switch (kind) {
    case 'model':
      return withoutZeros({ inputTokens, cachedInputTokens, outputTokens, reasoningTokens, ...cost, ...guessed });
    case 'transcription':
      return withoutZeros({ transcribedSeconds: audioSeconds, ...cost, ...guessed });
    case 'speech':
      return withoutZeros({ spokenCharacters: characters, ...cost, ...guessed });
  }
}

function costOf({ kind, ...usage }: Usage, prices: Prices): number {
  const { inputTokens = 0, cachedInputTokens = 0, outputTokens = 0, audioSeconds = 0, characters = 0 } = usage;
  const {
    inputTokens: inputPrice = 0,
    cachedInputTokens: cachedPrice = inputPrice,
    outputTokens: outputPrice = 0,
  } = prices;
  switch (kind) {
    case 'model': {
      const uncached = Math.max(0, inputTokens - cachedInputTokens);
      return (uncached * inputPrice + cachedInputTokens * cachedPrice + outputTokens * outputPrice) / MILLION;
    }
    case 'transcription':
      return (audioSeconds / 60) * (prices.transcription ?? 0);
    case 'speech':
      return (characters * (prices.speech ?? 0)) / MILLION;
  }
}

type Amount = Exclude<keyof UsageTotals, 'estimated'>;
const AMOUNTS: readonly Amount[] = [
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
  'transcribedSeconds',
  'spokenCharacters',
  'cost',
];
/** Sums of fractions would otherwise grow tails. */
const PRECISION = 1e9;

export function sumUsage(one: UsageTotals | undefined, other: UsageTotals | undefined): UsageTotals {
  const sum: UsageTotals = one?.estimated || other?.estimated ? { estimated: true } : {};
  for (const name of AMOUNTS) {
    const values = [one?.[name], other?.[name]].filter((value) => value !== undefined);
    if (values.length > 0) sum[name] = Math.round(values.reduce((a, b) => a + b, 0) * PRECISION) / PRECISION;
  }
  return sum;
}

function withoutZeros(totals: UsageTotals): UsageTotals {
  return Object.fromEntries(Object.entries(totals).filter(([, value]) => value !== 0)) as UsageTotals;
}

/** Collects what is used for one session until a turn takes it: what a dropped start or a late call cost goes with the next. */
export interface Meter {
  readonly onUsage: OnUsage;
  /** What was used since it was last taken; undefined for nothing. */
  take(): UsageTotals | undefined;
}

export interface MeterOptions {
  prices: Prices;
  metrics: Pick<Metrics, 'usage'>;
}

export function createMeter({ prices, metrics }: MeterOptions): Meter {
  let open: UsageTotals | undefined;
  return {
    onUsage(usage) {
      const totals = totalsOf(usage, prices);
      metrics.usage(usage, totals.cost);
      open = sumUsage(open, totals);
    },
    take() {
      const taken = open;
      open = undefined;
      return taken;
    },
  };
}
