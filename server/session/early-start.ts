/**
 * The reply that is begun before the person's turn is decided to be over, on words that stand still: the model works
 * while silence and the final transcript are waited for. Nothing of it is stored or spoken; the turn that follows takes
 * it when it asks for just the same, and in every other case its work ends at once.
 */
import type { ReplyEngine, ReplyPart, ReplyRequest } from '../ports/language-model.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { OnUsage } from '../ports/usage.ts';
import { type BoundedQueue, createQueue } from '../voice/queue.ts';

export interface EarlyStart {
  /** Begins that reply in place of the one before; one that answers the same words goes on. */
  begin(request: ReplyRequest): void;
  /** The words have changed, or want no reply: the work ends within this call. What it cost is reported all the same. */
  drop(): void;
  /** The reply that was begun, if it answers this request; else it is dropped. Aborting the signal ends it. */
  take(request: ReplyRequest, options: { signal: AbortSignal }): AsyncIterable<ReplyPart> | undefined;
}

export interface EarlyStartOptions {
  engine: ReplyEngine;
  /** Ends everything. */
  signal: AbortSignal;
  onUsage: OnUsage;
  metrics: Pick<Metrics, 'earlyStart'>;
}

/** A reply has about a hundred; full, the engine is not read on. */
const MAX_PARTS_AHEAD = 64;
/** Of somebody who pauses more often than this in one turn, the rest is waited for. */
const MAX_STARTS_A_TURN = 4;

interface Begun {
  request: ReplyRequest;
  controller: AbortController;
  ready: BoundedQueue<ReplyPart>;
  failed: boolean;
}

export function createEarlyStart({ engine, signal: over, onUsage, metrics }: EarlyStartOptions): EarlyStart {
  let begun: Begun | undefined;
  let starts = 0;

  const write = async ({ request, controller, ready }: Begun) => {
    const { signal } = controller;
    for await (const part of engine.reply(request, { signal, onUsage })) await ready.put(part, { signal });
    ready.end();
  };
  const stop = ({ controller, ready }: Begun, reason: unknown) => {
    controller.abort(reason);
    ready.fail(reason);
  };
  const drop = () => {
    if (!begun) return;
    stop(begun, new Error('the words have changed'));
    begun = undefined;
    metrics.earlyStart('dropped');
  };

  async function* read(taken: Begun, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    const onAbort = () => stop(taken, signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for await (const part of taken.ready) {
        signal.throwIfAborted();
        yield part;
      }
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', onAbort);
      // Its reader may have left in the middle.
      stop(taken, undefined);
    }
  }

  over.addEventListener('abort', drop, { once: true });
  return {
    begin(request) {
      if (over.aborted || (begun && !begun.failed && isSame(begun.request, request))) return;
      drop();
      if (++starts > MAX_STARTS_A_TURN) return;
      const next: Begun = {
        request,
        controller: new AbortController(),
        ready: createQueue(MAX_PARTS_AHEAD),
        failed: false,
      };
      begun = next;
      write(next).catch((error: unknown) => {
        next.failed = true;
        next.ready.fail(error);
      });
    },
    drop,
    take(request, { signal }) {
      starts = 0;
      // One that failed is asked for anew: what is wrong may be over by now.
      const taken = begun;
      if (!taken || taken.failed || signal.aborted || !isSame(taken.request, request)) {
        drop();
        return undefined;
      }
      begun = undefined;
      metrics.earlyStart('used');
      return read(taken, signal);
    },
  };
}

/** The time that is left may differ by the moment in between; final words differ from partial ones in their writing. */
function isSame(one: ReplyRequest, other: ReplyRequest): boolean {
  const words = ({ conversation }: ReplyRequest) => conversation.map(({ sender, text }) => `${sender} ${spoken(text)}`);
  return (
    one.occasion === other.occasion &&
    JSON.stringify(one.notes) === JSON.stringify(other.notes) &&
    words(one).join('\n') === words(other).join('\n')
  );
}

function spoken(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
