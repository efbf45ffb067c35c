/** What the world around the page does to a conversation. */

/** Calls `probe` when the network or the page comes back: a half-open link gives no close event. The result ends it. */
export function watchConnection(probe: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') probe();
  };
  window.addEventListener('online', probe);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    window.removeEventListener('online', probe);
    document.removeEventListener('visibilitychange', onVisible);
  };
}

/** Keeps the screen on, where browsers can. They give the lock back whenever the page is hidden. The result ends it. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let over = false;
  const request = async () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    // Refused on low battery: the conversation goes on all the same.
    lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (over) await lock?.release();
  };
  const onVisible = () => void request();
  document.addEventListener('visibilitychange', onVisible);
  void request();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}
