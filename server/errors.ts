import type { CloseName } from '../protocol/close-codes.ts';

export interface ErrorOptions {
  /** Machine-readable, snake case; part of the API. */
  code: string;
  /** Whether the same call may work later or elsewhere. */
  retryable?: boolean;
  /** HTTP status where the error reaches a REST caller. */
  status?: number;
  /** How the socket is closed where the error ends it. */
  close?: CloseName;
  retryAfterMs?: number;
  cause?: unknown;
}

/** Every error of ours. The message is a sentence that a person may be shown: no secrets, no internals. */
export class KukuError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly status: number;
  readonly close: CloseName | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KukuError';
    this.code = options.code;
    this.retryable = options.retryable ?? false;
    this.status = options.status ?? 500;
    this.close = options.close;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether something failed only because it was aborted: that is no error and is not logged as one. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}
