/** Typed turns over REST: each waits for the answer to it, whatever else goes on in the session meanwhile. */
import type { Message } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from './ledger.ts';
import type { Typed } from './person.ts';
import type { FinishedTurn } from './turns.ts';

export interface ExchangesOptions {
  sessionId: string;
  /** Stores the turn; or finds it, when the command had its effect before. */
  typed(commandId: string, text: string): Promise<Typed>;
  /** Has the utterance answered, where nobody is about to. */
  askAgain(utterance: number): void;
  ledger: Pick<Ledger, 'messages' | 'shown'>;
  clock: Clock;
  /** Aborted when the session is let go of. */
  signal: AbortSignal;
}

export interface Exchanges {
  /** Resolves with the turn and the answer to it. Throws `session_not_active`, `no_answer`, `interrupted`. */
  say(commandId: string, text: string): Promise<{ user: Message; ai: Message }>;
  /** A turn of the coach is over. */
  finished(turn: FinishedTurn): void;
  /** A step of the session failed: no answer is to come. */
  failed(error: unknown): void;
}

/** Longer than any answer takes to be written, spoken and played; whatever goes wrong, nobody waits for ever. */
const ANSWER_TIMEOUT_MS = 60_000;

interface Watcher {
  finished(turn: FinishedTurn): void;
  failed(error: unknown): void;
}

export function createExchanges(options: ExchangesOptions): Exchanges {
  const { sessionId, ledger, signal } = options;
  const watchers = new Set<Watcher>();

  const lookUp = (utterance: number) => {
    const { messages } = ledger;
    const at = messages.findIndex(({ id }) => id === `${sessionId}-u${utterance}`);
    return { user: messages[at], ai: at < 0 ? undefined : messages.slice(at).find(({ sender }) => sender === 'ai') };
  };

  return {
    async say(commandId, text) {
      // Watched from before the turn is stored: the answer may be over before its number is known.
      const answers = watch(options, watchers);
      try {
        const { utterance, isNew } = await Promise.race([options.typed(commandId, text), answers.failure]);
        const known = lookUp(utterance);
        if (!isNew && known.user && known.ai) return { user: known.user, ai: known.ai };
        if (!isNew) options.askAgain(utterance);
        const ai = await Promise.race([answers.to(utterance), answers.failure]);
        const { user } = lookUp(utterance);
        if (!user) throw noAnswer();
        return { user, ai };
      } finally {
        answers.stop();
        // What is answered is safe.
        await ledger.shown();
      }
    },
    finished(turn) {
      for (const watcher of watchers) watcher.finished(turn);
    },
    failed(error) {
      if (!signal.aborted) for (const watcher of watchers) watcher.failed(error);
    },
  };
}

function watch({ clock, signal }: ExchangesOptions, watchers: Set<Watcher>) {
  const over: FinishedTurn[] = [];
  let look = () => {};
  let failed: (error: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => (failed = reject));
  // Who stopped listening for it has an answer, or another failure.
  failure.catch(() => undefined);
  const onAbort = () => failed(takenOver());
  const watcher: Watcher = {
    failed,
    finished(turn) {
      over.push(turn);
      look();
    },
  };
  watchers.add(watcher);
  const cancelTimeout = clock.after(ANSWER_TIMEOUT_MS, () => failed(noAnswer()));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    failure,
    /** The answer to the utterance, or to a later one together with it. */
    to: (utterance: number) =>
      new Promise<Message>((resolve, reject) => {
        look = () => {
          const answers = over.filter(({ inReplyTo }) => inReplyTo !== null && inReplyTo >= utterance);
          const message = answers.find((turn) => turn.message)?.message;
          if (message) resolve(message);
          else if (answers.some(({ isLast }) => isLast)) reject(noAnswer());
        };
        look();
      }),
    stop() {
      cancelTimeout();
      watchers.delete(watcher);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function noAnswer(): KukuError {
  const message = 'The coach could not answer. Please send it again.';
  return new KukuError(message, { code: 'no_answer', status: 503, retryable: true, retryAfterMs: 1000 });
}

function takenOver(): KukuError {
  const message = 'The session was taken over before the answer was complete.';
  return new KukuError(message, { code: 'interrupted', status: 503, retryable: true, retryAfterMs: 1000 });
}
