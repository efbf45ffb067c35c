/** One typed turn over REST: waits for the answer to it, whatever else goes on in the session meanwhile. */
import type { Message } from '../../protocol/messages.ts';
import { KukuError } from '../errors.ts';
import type { FinishedTurn } from './turns.ts';

export interface ExchangeOptions {
  /** Stores the turn; its utterance number, or undefined when the command had its effect before. */
  say(): Promise<number | undefined>;
  /** Told of each turn that is over, until the result is called. */
  watch(onFinished: (turn: FinishedTurn) => void): () => void;
  /** The person's and the coach's message of an utterance that was answered before. */
  messages(): readonly Message[];
  sessionId: string;
  /** Aborted when the session is let go of. */
  signal: AbortSignal;
}

export async function exchange(options: ExchangeOptions): Promise<{ user: Message; ai: Message }> {
  const { signal, sessionId } = options;
  const finished: FinishedTurn[] = [];
  let look = () => {};
  // Watched from before the turn is stored: the answer may be over before its number is known.
  const stop = options.watch((turn) => {
    finished.push(turn);
    look();
  });
  try {
    const utterance = await options.say();
    if (utterance === undefined) return lastExchange(options.messages());
    const ai = await new Promise<Message>((resolve, reject) => {
      look = () => {
        const answer = finished.find(({ inReplyTo }) => inReplyTo !== null && inReplyTo >= utterance);
        if (answer?.message) resolve(answer.message);
        else if (answer?.status === 'failed') reject(noAnswer());
      };
      look();
      signal.addEventListener('abort', () => reject(takenOver()), { once: true });
    });
    const user = options.messages().find(({ id }) => id === `${sessionId}-u${utterance}`);
    if (!user) throw noAnswer();
    return { user, ai };
  } finally {
    stop();
  }
}

/** Sent again: the answer stands among the messages. */
function lastExchange(messages: readonly Message[]): { user: Message; ai: Message } {
  const index = messages.findLastIndex(({ sender }) => sender === 'user');
  const user = messages[index];
  const ai = messages.slice(index).find(({ sender }) => sender === 'ai');
  if (!user || !ai) throw noAnswer();
  return { user, ai };
}

function noAnswer(): KukuError {
  const message = 'The coach could not answer. Please send it again.';
  return new KukuError(message, { code: 'no_answer', status: 503, retryable: true, retryAfterMs: 1000 });
}

function takenOver(): KukuError {
  const message = 'The session was taken over before the answer was complete.';
  return new KukuError(message, { code: 'interrupted', status: 503, retryable: true, retryAfterMs: 1000 });
}
