import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import type { Model } from './model.ts';
import { Orb } from './orb.tsx';

/** The way in: one tap. In the middle of a session, the way back. */
export function Home({ model }: { model: Model }) {
  const { words, open, preferences } = model;
  const { start: names } = words.value;
  const resumable = open.value;
  const [ephemeral, setPrivate] = useState(false);
  const start = (microphone: boolean) => model.start({ microphone, ...(ephemeral && { wishes: { ephemeral } }) });
  return (
    <main class="home" part="home">
      <Orb mood="idle" />
      <div class="home-words">
        <h1>{resumable ? names.openTitle : names.title}</h1>
        <p class="lead">{resumable ? names.openLead : names.lead}</p>
        {resumable ? (
          <div class="choices">
            <StartButton
              label={names.go}
              onStart={() => model.start({ microphone: resumable.microphone, sessionId: resumable.sessionId })}
            />
            <button type="button" class="quiet" onClick={model.forgetOpen}>
              {names.fresh}
            </button>
          </div>
        ) : (
          <>
            <div class="choices">
              <StartButton label={names.talk} onStart={() => start(true)} />
              <button type="button" class="quiet" part="button" onClick={() => start(false)}>
                {names.type}
              </button>
            </div>
            <label class="private">
              <input type="checkbox" checked={ephemeral} onChange={() => setPrivate(!ephemeral)} />
              {names.private}
            </label>
            <p class="hint">{names.mic}</p>
          </>
        )}
      </div>
      {!preferences.value.helpSeen && !resumable && (
        <aside class="first-run" aria-labelledby="help-title">
          <h2 id="help-title">{words.value.help.title}</h2>
          <HelpItems model={model} />
          <button type="button" class="quiet small" onClick={() => model.choose({ helpSeen: true })}>
            {words.value.help.gotIt}
          </button>
        </aside>
      )}
    </main>
  );
}

function StartButton({ label, onStart }: { label: string; onStart: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  // After a session the focus would be nowhere: the next step is here. On first sight the page leaves it alone.
  useEffect(() => {
    const root = button.current?.getRootNode() as ShadowRoot | undefined;
    if (root?.host === document.activeElement) button.current?.focus();
  }, []);
  return (
    <button ref={button} type="button" class="primary large" part="button primary" onClick={onStart}>
      <Icon name="mic" />
      {label}
    </button>
  );
}

export function HelpItems({ model }: { model: Model }) {
  return (
    <ol class="help-items">
      {model.words.value.help.items.map(([name, text], i) => (
        <li key={i}>
          <strong>{name}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
