/** The name of one session in the history, and the way to give it another. */
import type { Ref } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedSessionBody } from '../../../../protocol/rest.ts';
import { historyWords } from '../words/history.ts';
import { Icon } from './icons.tsx';
import type { Model } from './model.ts';

interface SessionTitleProps {
  model: Model;
  session: ListedSessionBody;
  title: string;
  heading: Ref<HTMLHeadingElement>;
}

export function SessionTitle({ model, session, title, heading }: SessionTitleProps) {
  const words = historyWords(model.lang.value);
  const [isEditing, setEditing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (isEditing) field.current?.select();
    else if (wasEditing.current) button.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  if (isEditing) {
    return (
      <form
        class="rename"
        onSubmit={(event) => {
          event.preventDefault();
          void model.history.rename(session.sessionId, field.current?.value ?? '');
          setEditing(false);
        }}
      >
        <h1 class="unseen">{title}</h1>
        <input
          ref={field}
          maxLength={120}
          aria-label={words.name}
          defaultValue={session.title ?? ''}
          onKeyDown={({ key }) => key === 'Escape' && setEditing(false)}
        />
        <button type="submit" class="tool icon-only" aria-label={words.save} title={words.save}>
          <Icon name="check" />
        </button>
      </form>
    );
  }
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <button
        ref={button}
        type="button"
        class="tool icon-only"
        aria-label={words.rename}
        title={words.rename}
        onClick={() => setEditing(true)}
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4.5 19.5l1-4L16 5l3 3L8.5 18.5ZM13.5 7.5l3 3" />
        </svg>
      </button>
    </>
  );
}
