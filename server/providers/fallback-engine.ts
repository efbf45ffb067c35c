/**
 * Coaches in the order of preference, as one. The first words are held back until a clause is whole, which nobody could
 * speak any earlier: until then another coach can still answer instead. After that a reply is never started over.
 */
import { sleep } from '../ports/clock.ts';
import { createDeadline } from '../ports/deadline.ts';
import type { ReplyEngine, ReplyPart, ReplyRequest } from '../ports/language-model.ts';
import { providerFailure } from '../ports/provider-failure.ts';
import { type ChainOptions, createChain, type Link } from './chain.ts';

export interface FallbackEngineOptions extends ChainOptions {
  /** Best first. */
  engines: readonly [ReplyEngine, ...ReplyEngine[]];
  /** From the call to the first words. Default 2500. */
  firstMs?: number | undefined;
  /** Between parts. Default 3000. */
  gapMs?: number | undefined;
}

const FIRST_MS = 2500;
const GAP_MS = 3000;
const CLAUSE_END = /[.!?,;:–—…]["'”’)]*\s/;
const SENTENCE_END = /[.!?…]["'”’)]*\s*$/;

type ReplyOptions = Parameters<ReplyEngine['reply']>[1];

export function createFallbackEngine(options: FallbackEngineOptions): ReplyEngine {
  const { engines, clock, firstMs = FIRST_MS, gapMs = GAP_MS } = options;
  const chain = createChain<ReplyEngine>('coach', engines, options);

  async function* ask({ provider }: Link<ReplyEngine>, request: ReplyRequest, options: ReplyOptions) {
    const deadline = createDeadline(clock, options.signal);
    const late = () => providerFailure('provider_timeout', { provider: provider.name, detail: 'the answer' });
    deadline.within(firstMs, late);
    try {
      for await (const part of provider.reply(request, { ...options, signal: deadline.signal })) {
        deadline.pause();
        yield part;
        deadline.within(gapMs, late);
      }
    } catch (error) {
      throw deadline.signal.aborted ? deadline.signal.reason : error;
    } finally {
      deadline.close();
    }
  }

  async function* reply(request: ReplyRequest, options: ReplyOptions): AsyncGenerator<ReplyPart> {
    const { signal } = options;
    signal.throwIfAborted();
    let mayAskAgain = true;
    let failure: unknown;
    for (const link of chain.links()) {
      let opening = createOpening();
      try {
        for (;;) {
          try {
            for await (const part of ask(link, request, options)) yield* opening.push(part);
            yield* opening.end(link.provider.name);
            return link.attempt.succeeded();
          } catch (error) {
            signal.throwIfAborted();
            const waitMs = mayAskAgain && !opening.isOut ? chain.waitMs(error) : undefined;
            if (waitMs === undefined) throw error;
            mayAskAgain = false;
            opening = createOpening();
            await sleep(clock, waitMs, { signal });
          }
        }
      } catch (error) {
        signal.throwIfAborted();
        chain.failed(link, error);
        // All was said, and only the notes are missing.
        if (opening.isOut && SENTENCE_END.test(opening.text)) return;
        if (opening.isOut) throw error;
        failure = error;
      } finally {
        // Also when the reader has left; without effect after the others.
        link.attempt.dropped();
      }
    }
    throw failure;
  }

  const [{ model, prompt }] = engines;
  return {
    name: chain.names,
    model,
    ...(prompt !== undefined && { prompt }),
    reply,
    warm: () => engines[0].warm?.(),
    close: async () => void (await Promise.all(engines.map((engine) => engine.close()))),
  };
}

interface Opening {
  push(part: ReplyPart): Generator<ReplyPart>;
  end(provider: string): Generator<ReplyPart>;
  /** Whether some of the text was given away. */
  readonly isOut: boolean;
  readonly text: string;
}

/** Holds the first clause back, and the notes that come before it. */
function createOpening(): Opening {
  let text = '';
  let isOut = false;
  let notes: ReplyPart | undefined;

  function* release(): Generator<ReplyPart> {
    isOut = true;
    if (notes) yield notes;
    yield { type: 'text', text };
  }

  return {
    *push(part) {
      if (isOut) yield part;
      else if (part.type === 'notes') notes = part;
      // Nothing to say yet, but the time of the first word is measured by it.
      else if (text === '') yield { type: 'text', text: '' };
      if (part.type !== 'text') return;
      text += part.text;
      if (!isOut && CLAUSE_END.test(text)) yield* release();
    },
    *end(provider) {
      if (isOut) return;
      if (text.trim() === '') throw providerFailure('provider_broken_answer', { provider, detail: 'an empty answer' });
      yield* release();
    },
    get isOut() {
      return isOut;
    },
    get text() {
      return text;
    },
  };
}
