/** Mute, hold to talk, stop, wrap up; and their keys. */
import { useEffect } from 'preact/hooks';
import type { Conversation } from './conversation.ts';
import { Icon } from './icons.tsx';
import type { Model } from './model.ts';

export function Controls({ model, conversation }: { model: Model; conversation: Conversation }) {
  const { muted, held, session, speaking, state, view } = conversation;
  const { talk } = model.words.value;
  useKeys(model, conversation);
  const listens = session.value?.listens === true;
  const off = view.value?.offRecord === true;
  const stays = state.value.name === 'closing' || view.value?.care;
  return (
    <div class="controls">
      {listens && (
        <button
          type="button"
          class="round mute"
          part="button"
          aria-pressed={muted.value}
          aria-keyshortcuts="M"
          onClick={() => conversation.mute(!muted.value)}
        >
          <Icon name={muted.value ? 'micOff' : 'mic'} />
          <span>{muted.value ? talk.unmute : talk.mute}</span>
        </button>
      )}
      {listens && muted.value && <HoldButton conversation={conversation} label={talk.hold} held={held.value} />}
      <button
        type="button"
        class="round interrupt"
        part="button"
        aria-keyshortcuts="Escape"
        disabled={!speaking.value.coach}
        onClick={conversation.interrupt}
      >
        <Icon name="stop" />
        <span>{talk.stop}</span>
      </button>
      {!view.value?.ephemeral && (
        <button
          type="button"
          class="round record"
          part="button"
          aria-pressed={off}
          disabled={state.value.name !== 'live'}
          onClick={() => conversation.setRecord(off)}
        >
          <Icon name="lock" />
          <span>{talk.offRecord}</span>
        </button>
      )}
      <button
        type="button"
        class="round end"
        part="button"
        aria-keyshortcuts="W"
        disabled={stays}
        onClick={conversation.end}
      >
        <Icon name="flag" />
        <span>{talk.end}</span>
      </button>
    </div>
  );
}

function HoldButton({ conversation, label, held }: { conversation: Conversation; label: string; held: boolean }) {
  const isKey = ({ key }: KeyboardEvent) => key === ' ' || key === 'Enter';
  return (
    <button
      type="button"
      class="hold"
      part="button"
      aria-pressed={held}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        conversation.hold(true);
      }}
      // A finger that is lifted anywhere, or taken away by the system, lets go.
      onLostPointerCapture={() => conversation.hold(false)}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        conversation.hold(true);
      }}
      onKeyUp={(event) => {
        if (isKey(event)) conversation.hold(false);
      }}
      onBlur={() => conversation.hold(false)}
      onContextMenu={(event) => event.preventDefault()}
    >
      <Icon name="mic" />
      {label}
    </button>
  );
}

/** Keys work where nothing takes them for itself: no field, no button, no dialog, nothing else of an embedding page. */
function useKeys(model: Model, conversation: Conversation): void {
  useEffect(() => {
    const free = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
      const [target] = event.composedPath();
      if (!(target instanceof Element) || model.dialog.value || conversation.wrapUp.asking.value) return false;
      const inside = target.getRootNode() instanceof ShadowRoot || target === document.body;
      return inside && !target.closest('textarea, input, select');
    };
    const onDown = (event: KeyboardEvent) => {
      if (!free(event)) return;
      const onButton = event.composedPath()[0] instanceof HTMLButtonElement;
      const key = event.key.toLowerCase();
      if (key === 'm') conversation.mute(!conversation.muted.value);
      else if (key === 'w') conversation.end();
      else if (key === 'escape') conversation.interrupt();
      else if (key === ' ' && conversation.muted.value && !onButton) {
        event.preventDefault();
        conversation.hold(true);
      }
    };
    const letGo = () => {
      if (conversation.held.value) conversation.hold(false);
    };
    const onUp = (event: KeyboardEvent) => {
      if (event.key === ' ') letGo();
    };
    document.addEventListener('keydown', onDown);
    document.addEventListener('keyup', onUp);
    window.addEventListener('blur', letGo);
    return () => {
      document.removeEventListener('keydown', onDown);
      document.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', letGo);
    };
  }, [conversation]);
}
