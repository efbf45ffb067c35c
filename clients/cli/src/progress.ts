import type { Clock, Coach } from '@kuku-coach/core';

/** Where a conversation stands, counted since `follow`. */
export interface Progress {
  live: boolean;
  /** The server hears us: it has a recogniser, and we a microphone. */
  listens: boolean;
  /** The coach ended or failed: nothing more will happen. */
  over: boolean;
  /** The person's speech is under way, as the server hears it. */
  userSpeaks: boolean;
  turnsStarted: number;
  turnsDone: number;
  /** Turns that have begun to be heard. */
  turnsHeard: number;
}

export interface Follower {
  readonly now: Progress;
  /** Resolves with true when `check` holds, with false when it can't any more, or after `quietMs` without any news. */
  until(check: (now: Progress) => boolean, quietMs?: number): Promise<boolean>;
  /** Every turn that began is done, for `settledMs`, and the person is silent; in the end a turn was begun beyond `turns`. */
  answered(turns: number, options: { waitMs: number; settledMs: number }): Promise<boolean>;
  sleep(ms: number): Promise<void>;
}

/** Follows a coach, so that a script can wait for what it does. Call before `start`. */
export function follow(coach: Coach, clock: Clock): Follower {
  const counts = { turnsStarted: 0, turnsDone: 0, turnsHeard: 0 };
  const now: Progress = { live: false, listens: false, over: false, userSpeaks: false, ...counts };
  const watchers = new Set<() => void>();
  const news = () => {
    for (const watch of watchers) watch();
  };
  coach.on('state', ({ name }) => {
    now.live = name === 'live' || name === 'closing';
    now.over = name === 'ended' || name === 'failed';
    // A lost connection finishes the turn that was under way.
    if (name === 'reconnecting') now.turnsDone = now.turnsStarted;
    news();
  });
  coach.on('speaking', (speaking) => {
    now.userSpeaks = speaking.user;
    if (speaking.coach && now.turnsHeard < now.turnsStarted) now.turnsHeard = now.turnsStarted;
    news();
  });
  coach.on('session', ({ listens }) => (now.listens = listens));
  coach.on('message', (message) => {
    // An answer to our own ping every 5 s: with it, nothing would ever be quiet.
    if (message.type === 'pong') return;
    if (message.type === 'turn.started') now.turnsStarted += 1;
    if (message.type === 'turn.done') now.turnsDone = Math.min(now.turnsStarted, now.turnsDone + 1);
    news();
  });

  const until = (check: (now: Progress) => boolean, quietMs = Infinity) =>
    new Promise<boolean>((resolve) => {
      let cancel = () => {};
      const finish = (answer: boolean) => {
        cancel();
        watchers.delete(watch);
        resolve(answer);
      };
      const watch = () => {
        cancel();
        if (check(now)) return finish(true);
        if (now.over) return finish(false);
        if (quietMs < Infinity) cancel = clock.after(quietMs, () => finish(false));
      };
      watchers.add(watch);
      watch();
    });
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  return {
    now,
    until,
    async answered(turns, { waitMs, settledMs }) {
      const isAnswered = () => now.turnsStarted > turns && now.turnsDone >= now.turnsStarted && !now.userSpeaks;
      for (;;) {
        if (!(await until(isAnswered, waitMs))) return false;
        const began = now.turnsStarted;
        await sleep(settledMs);
        // A second turn may have begun meanwhile: the coach is not done yet.
        if (now.over || (isAnswered() && now.turnsStarted === began)) return true;
      }
    },
    sleep,
  };
}
