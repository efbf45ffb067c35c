/** The receiving end of a stream: what has come and was not taken yet. */
export function createInbox<Reply>() {
  const parts: { part: Reply }[] = [];
  let over: { error?: unknown } | undefined;
  let wake = (): void => {};
  const end = (how: { error?: unknown }): void => {
    over ??= how;
    wake();
  };
  return {
    part(part: Reply): void {
      parts.push({ part });
      wake();
    },
    done: (): void => end({}),
    failed: (error: unknown): void => end({ error }),
    wake: (): void => wake(),
    /** Throws the failure once all parts are taken. */
    take(): { part: Reply } | 'over' | 'nothing yet' {
      const next = parts.shift();
      if (next !== undefined) return next;
      if (over === undefined) return 'nothing yet';
      if ('error' in over) throw over.error;
      return 'over';
    },
    news: (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}
