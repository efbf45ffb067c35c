import type { Commitment, Stage } from '../../protocol/messages.ts';
import type { OnUsage } from './usage.ts';

/** The coach's mind: what to say next. A language model or the built-in coach. */
export interface ReplyEngine {
  readonly name: string;
  /** The model as it is shown to people and stored with the turn. */
  readonly model: string;
  /** Version of the words that a model is instructed with; stored with the turn. */
  readonly prompt?: string;
  /** Replies are there at once and cost nothing: none is begun before the person's turn is over. */
  readonly isInstant?: true;
  /**
   * Streams one reply: text in pieces of any size, in order, and at most a few `notes`, each replacing the one before.
   * Notes take effect once the turn stands, also when the reply was interrupted. Aborting makes the iteration throw the
   * signal's reason at once. Throws a `KukuError` when no reply can be made.
   */
  reply(request: ReplyRequest, options: { signal: AbortSignal; onUsage?: OnUsage }): AsyncIterable<ReplyPart>;
  /** A reply is about to be asked for: connections are made meanwhile. Never throws. */
  warm?(): void;
  close(): Promise<void>;
}

export interface ReplyRequest {
  /**
   * `greeting` opens the session; `reply` answers all that the person said since the coach last spoke; `are_you_there`
   * asks after a long silence; `go_on` takes the conversation up after talk about ending it was settled.
   */
  occasion: 'greeting' | 'reply' | 'are_you_there' | 'go_on';
  /** Everything said so far, oldest first; of an interrupted reply only what was heard. */
  conversation: readonly ConversationEntry[];
  notes: CoachNotes;
  time: { elapsedMs: number; remainingMs: number };
  /** What the person said in earlier sessions that they would do, newest first. */
  earlierCommitments?: readonly Commitment[];
}

export interface ConversationEntry {
  sender: 'user' | 'ai';
  text: string;
}

export type ReplyPart = { type: 'text'; text: string } | { type: 'notes'; notes: CoachNotes };

/** What the coach keeps of the session; stored with it, and enough to go on after a restart. Plain JSON. */
export interface CoachNotes {
  stage: Stage;
  topic?: string;
  goal?: string;
  insights: readonly string[];
  commitments: readonly Commitment[];
  /** An engine's own memory: JSON that no other part reads. */
  memo?: unknown;
}

export const emptyNotes: CoachNotes = { stage: 'topic', insights: [], commitments: [] };
