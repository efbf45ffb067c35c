/**
 * Questions from one instance to another, as JSON: for what only the owner of a session can do.
 *
 * - `ask` resolves with the answer, or rejects with the `KukuError` that the handler threw (its code, status, message),
 *   with `owner_away` (503, retryable, with a time to wait) when that instance is unknown, dead or late, or with the
 *   signal's reason. The request may have had its effect all the same; an answer that comes later is dropped.
 * - Each instance serves with one handler, questions side by side.
 */
export interface InstanceBus {
  /** Answers what others ask of `instanceId`. The result stops it and resolves when it has stopped. */
  serve(instanceId: string, handler: (request: unknown) => Promise<unknown>): () => Promise<void>;
  ask(instanceId: string, request: unknown, options: { signal: AbortSignal; timeoutMs: number }): Promise<unknown>;
  close(): Promise<void>;
}
