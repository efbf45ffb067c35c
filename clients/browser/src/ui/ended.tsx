/** After a conversation: why it ended, what came of it, how it was. */
import { useEffect, useRef } from 'preact/hooks';
import { failureOf } from '../../../core/src/screen/failures.ts';
import { privacyWords } from '../words/privacy.ts';
import type { Conversation } from './conversation.ts';
import type { Model } from './model.ts';
import { Orb } from './orb.tsx';
import { RatingForm } from './rating.tsx';
import { RecapCard } from './recap.tsx';
import { CareCard } from './talk.tsx';
import styles from '../styles/after.css?inline';

interface Props {
  model: Model;
  conversation: Conversation;
}

export function Ended({ model, conversation }: Props) {
  model.adopt(styles);
  const { value: state } = conversation.state;
  return state.name === 'failed' ? (
    <Failed model={model} conversation={conversation} code={state.code} />
  ) : (
    <Over model={model} conversation={conversation} reason={state.name === 'ended' ? state.reason : ''} />
  );
}

function Over({ model, conversation, reason }: Props & { reason: string }) {
  const { words, recap } = model;
  const endings: Record<string, string> = words.value.endings;
  const found = recap.recap.value;
  const left = reason === 'left';
  const isPrivate = conversation.view.value?.ephemeral === true;
  const privacy = privacyWords(model.lang.value);
  const title = useFocus();
  return (
    <main class="over" part="recap">
      <div class="over-body">
        <h1 ref={title} tabIndex={-1}>
          {left ? words.value.start.openTitle : words.value.recap.title}
        </h1>
        {endings[reason] && <p class="lead">{endings[reason]}</p>}
        <CareCard model={model} conversation={conversation} />
        {isPrivate && !left && <p class="hint">{found ? privacy.recapNotKept : privacy.nothingKept}</p>}
        {recap.finding.value === 'looking' && (
          <p class="hint" role="status">
            {words.value.recap.pending}
          </p>
        )}
        {recap.finding.value === 'none' && !left && !isPrivate && <p class="hint">{words.value.recap.none}</p>}
        {found && <RecapCard model={model} recap={found} iso={new Date().toISOString()} />}
        {!left && !isPrivate && <RatingForm model={model} />}
        <div class="choices">
          {left && <GoOn model={model} conversation={conversation} label={words.value.start.go} />}
          <button type="button" class={left ? 'quiet' : 'primary'} part="button" onClick={model.home}>
            {words.value.recap.again}
          </button>
        </div>
      </div>
    </main>
  );
}

function Failed({ model, conversation, code }: Props & { code: string }) {
  const { failures } = model.words.value;
  const title = useFocus();
  const reason = failureOf(code);
  const label = reason === 'replaced' ? failures.here : failures.retry;
  return (
    <main class="over failed" part="failed">
      <Orb mood="away" />
      <div class="over-body">
        <h1 ref={title} tabIndex={-1}>
          {failures.title}
        </h1>
        <p class="lead">{failures[reason]}</p>
        <CareCard model={model} conversation={conversation} />
        <div class="choices">
          {code !== 'no_such_session' && <GoOn model={model} conversation={conversation} label={label} />}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              model.forgetOpen();
              model.home();
            }}
          >
            {model.words.value.recap.again}
          </button>
        </div>
      </div>
    </main>
  );
}

function GoOn({ model, conversation, label }: Props & { label: string }) {
  const { microphone, sessionId, wishes } = conversation;
  return (
    <button
      type="button"
      class="primary"
      part="button primary"
      onClick={() => model.start({ microphone, sessionId: sessionId.value, wishes })}
    >
      {label}
    </button>
  );
}

/** The heading takes the focus: what had it is gone. */
function useFocus() {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return title;
}
