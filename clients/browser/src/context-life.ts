/**
 * Keeps an audio context running. Systems take the audio away for a call or another app (`interrupted` on iOS,
 * `suspended` elsewhere) and give it back in their own time; a context may also say `running` and stand still.
 */

/** How often a context is looked after while it does not run. */
const RETRY_MS = 500;

/** Calls `onInterruption` when the audio goes and comes. The result ends the watch. */
export function watchContext(context: AudioContext, onInterruption: (interrupted: boolean) => void): () => void {
  let interrupted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let standsAt = -1;

  const tell = (now: boolean) => {
    if (interrupted === now) return;
    interrupted = now;
    onInterruption(now);
  };
  const look = () => {
    timer = undefined;
    if (context.state === 'closed') return;
    const advances = context.currentTime > standsAt;
    standsAt = context.currentTime;
    if (context.state === 'running' && advances) return tell(false);
    // While iOS says `interrupted`, resuming fails: it becomes `suspended` when the call is over.
    if (context.state === 'suspended') void context.resume().catch(() => {});
    timer = setTimeout(look, RETRY_MS);
  };
  const onStateChange = () => {
    if (context.state !== 'running') tell(true);
    standsAt = context.currentTime;
    timer ??= setTimeout(look, RETRY_MS);
  };
  // Resuming may need a gesture of the person.
  const onGesture = () => {
    if (interrupted && context.state === 'suspended') void context.resume().catch(() => {});
  };
  context.addEventListener('statechange', onStateChange);
  document.addEventListener('pointerdown', onGesture);
  return () => {
    clearTimeout(timer);
    context.removeEventListener('statechange', onStateChange);
    document.removeEventListener('pointerdown', onGesture);
  };
}
