import type { ComponentType } from 'preact';
import { signal, type Signal } from '@preact/signals';

export type LazyComponent<P> = ComponentType<P> & {
  /** Fetches it before it is drawn. */
  load: () => void;
};

/** A component that is fetched when it is first drawn: what few people open costs nobody the first second. */
export function lazy<P extends object>(fetchIt: () => Promise<ComponentType<P>>): LazyComponent<P> {
  const loaded: Signal<ComponentType<P> | undefined> = signal(undefined);
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    fetchIt().then(
      (component) => (loaded.value = component),
      // The line is down: asked again when it is next drawn.
      () => (asked = false),
    );
  };
  function Lazy(props: P) {
    const { value: Component } = loaded;
    if (!Component) load();
    return Component ? <Component {...props} /> : null;
  }
  return Object.assign(Lazy, { load });
}
