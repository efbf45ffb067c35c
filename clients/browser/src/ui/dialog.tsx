import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface DialogProps {
  /** Words that name it, said by screen readers. */
  title: string;
  /** Esc, or a tap beside it. */
  onCancel: () => void;
  class?: string;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}

/** A native dialog that is open as long as it is rendered; focus goes back to where it was. */
export function Dialog({ title, onCancel, children, onKeyDown, ...rest }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the browser draws: it would focus what has `autofocus`, and where the focus was would be forgotten.
  useLayoutEffect(() => {
    const current = dialog.current;
    const root = current?.getRootNode() as ShadowRoot | Document | undefined;
    const before = root?.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      part="dialog"
      class={`sheet ${rest.class ?? ''}`}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onCancel();
      }}
      {...(onKeyDown && { onKeyDown })}
    >
      <div class="sheet-body">
        <h2 id="dialog-title">{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
