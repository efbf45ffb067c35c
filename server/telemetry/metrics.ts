import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TurnLatency } from '../../protocol/messages.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Usage } from '../ports/usage.ts';

/** Bounds in seconds: a person notices from about 0.3 s on, and minds from about 1 s. */
const LATENCY_BUCKETS = [0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 4, 8];

const LEGS: Record<keyof TurnLatency, string> = {
  endOfSpeechToTurnEnd: 'end_of_turn',
  transcript: 'transcript',
  modelFirstToken: 'model_first_token',
  firstSentence: 'first_sentence',
  speechFirstByte: 'speech_first_byte',
  firstAudioSent: 'first_audio_sent',
  total: 'total',
};

/** Prometheus metrics of this process. `liveSessions` is asked at each scrape. */
export function createMetrics({ liveSessions }: { liveSessions: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'kuku_' });
  const turns = new Counter({
    name: 'kuku_turns_total',
    help: 'Turns of the coach.',
    labelNames: ['status'],
    registers,
  });
  const ended = new Counter({
    name: 'kuku_sessions_ended_total',
    help: 'Sessions that ended while live here.',
    labelNames: ['reason'],
    registers,
  });
  const cares = new Counter({
    name: 'kuku_care_total',
    help: 'Times that somebody spoke of harming themselves or others.',
    registers,
  });
  const closed = new Counter({
    name: 'kuku_sockets_closed_total',
    help: 'Sockets that the server closed.',
    labelNames: ['reason'],
    registers,
  });
  const earlyStarts = new Counter({
    name: 'kuku_early_starts_total',
    help: 'Replies that were begun before the turn was over: used as they were, or dropped since the words changed.',
    labelNames: ['outcome'],
    registers,
  });
  const used = new Counter({
    name: 'kuku_usage_total',
    help: 'What providers were used for: tokens in and out, seconds of audio transcribed, characters spoken.',
    labelNames: ['kind', 'provider', 'model', 'unit'],
    registers,
  });
  const cost = new Counter({
    name: 'kuku_cost_total',
    help: 'What that cost by the configured prices, in their currency.',
    labelNames: ['kind', 'provider', 'model'],
    registers,
  });
  const latency = new Histogram({
    name: 'kuku_turn_latency_seconds',
    help: 'Legs of a turn; total is from the end of the turn to the first audio sent.',
    labelNames: ['leg'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: 'kuku_live_sessions',
      help: 'Sessions that a client is in, here.',
      registers: [],
      collect() {
        this.set(liveSessions());
      },
    }),
  );

  return {
    event(event) {
      if (event.type === 'session.ended') ended.inc({ reason: event.reason });
      if (event.type === 'care') cares.inc();
      if (event.type !== 'turn.done') return;
      turns.inc({ status: event.status });
      for (const [leg, label] of Object.entries(LEGS)) {
        const ms = event.latency[leg as keyof TurnLatency];
        if (ms !== undefined) latency.observe({ leg: label }, ms / 1000);
      }
    },
    usage(usage, costs) {
      const { kind, provider, model } = usage;
      for (const [unit, amount] of unitsOf(usage)) if (amount) used.inc({ kind, provider, model, unit }, amount);
      if (costs) cost.inc({ kind, provider, model }, costs);
    },
    earlyStart: (outcome) => earlyStarts.inc({ outcome }),
    socketClosed: (reason) => closed.inc({ reason }),
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}

function unitsOf(usage: Usage): [unit: string, amount: number | undefined][] {
  return [
    ['input_tokens', usage.inputTokens],
    ['cached_input_tokens', usage.cachedInputTokens],
    ['output_tokens', usage.outputTokens],
    ['audio_seconds', usage.audioSeconds],
    ['characters', usage.characters],
  ];
}
