/** The person's sessions: a list with a search, and one of them at a time. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedSessionBody } from '../../../../protocol/rest.ts';
import { CaptionLine } from './captions-view.tsx';
import { Dialog } from './dialog.tsx';
import { dateTime } from '../../../core/src/screen/format.ts';
import type { LookedAt } from '../../../core/src/screen/history.ts';
import { Icon } from './icons.tsx';
import type { Model } from './model.ts';
import { privacyWords } from '../words/privacy.ts';
import { PlayButton } from './play-button.tsx';
import { RecapCard } from './recap.tsx';
import { SessionTitle } from './session-title.tsx';
import { historyWords } from '../words/history.ts';
import styles from '../styles/after.css?inline';

/** After the last key, so that a word is one question. */
const SEARCH_MS = 250;

export function HistoryView({ model }: { model: Model }) {
  model.adopt(styles);
  const { words, history } = model;
  const looked = history.lookedAt.value;
  const title = useRef<HTMLHeadingElement>(null);
  // What had the focus is gone.
  useEffect(() => title.current?.focus(), [looked === undefined]);
  const back = () => {
    if (looked) history.lookedAt.value = undefined;
    else model.home();
  };
  return (
    <main class="history" part="history">
      <div class="history-head">
        <button type="button" class="tool icon-only" aria-label={words.value.back} onClick={back}>
          <Icon name="back" />
        </button>
        {looked ? (
          <SessionTitle
            key={looked.session.sessionId}
            model={model}
            session={looked.session}
            title={titleOf(looked.session, model)}
            heading={title}
          />
        ) : (
          <h1 ref={title} tabIndex={-1}>
            {words.value.history.title}
          </h1>
        )}
      </div>
      {history.failed.value && (
        <p class="banner warm" role="alert">
          {words.value.history.failed}
        </p>
      )}
      {looked ? <OneSession model={model} looked={looked} /> : <SessionList model={model} />}
    </main>
  );
}

function SessionList({ model }: { model: Model }) {
  const { history, words } = model;
  const { value: sessions } = history.sessions;
  const { history: names } = words.value;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const search = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void history.search(text), SEARCH_MS);
  };
  return (
    <>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          maxLength={200}
          aria-label={names.search}
          placeholder={names.search}
          defaultValue={history.query.value}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </label>
      <p class="hint" role="status">
        {sessions?.length === 0 && (history.query.value ? names.noMatch : names.none)}
      </p>
      <ul class="sessions">
        {sessions?.map((session) => (
          <li key={session.sessionId}>
            <SessionRow model={model} session={session} />
          </li>
        ))}
      </ul>
      {history.nextCursor.value && (
        <button type="button" class="secondary more" onClick={() => void history.more()}>
          {names.more}
        </button>
      )}
    </>
  );
}

function talkOn(model: Model, continues: string): void {
  model.start({ microphone: true, wishes: { continues } });
}

function titleOf({ title, ephemeral }: ListedSessionBody, { words, lang }: Model): string {
  return title ?? (ephemeral ? privacyWords(lang.value).privateSession : words.value.history.untitled);
}

function SessionRow({ model, session }: { model: Model; session: ListedSessionBody }) {
  const { history: names } = model.words.value;
  const { createdAt, elapsedMs, messageCount, status, match } = session;
  const minutes = Math.max(1, Math.round(elapsedMs / 60_000));
  return (
    <button type="button" class="session" onClick={() => void model.history.look(session)}>
      <span class="session-title" lang="en">
        {titleOf(session, model)}
      </span>
      <span class="session-facts">
        <span>{dateTime(createdAt, model.lang.value)} ·</span> <span>{names.minutes(minutes)} ·</span>{' '}
        <span>{names.messages(messageCount)}</span>
        {status === 'active' && <em class="open">{names.active}</em>}
      </span>
      {match && (
        <span class="snippet" lang="en">
          <Marked text={match.snippet} words={model.history.query.value} />
        </span>
      )}
    </button>
  );
}

/** The words that were looked for, marked where they stand. */
function Marked({ text, words }: { text: string; words: string }) {
  const wanted = words.split(/\s+/).filter(Boolean).map(escapeRegExp);
  if (wanted.length === 0) return <>{text}</>;
  const parts = text.split(new RegExp(`(${wanted.join('|')})`, 'i'));
  return <>{parts.map((part, i) => (i % 2 === 1 ? <mark key={i}>{part}</mark> : part))}</>;
}

const escapeRegExp = (text: string) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

function OneSession({ model, looked }: { model: Model; looked: LookedAt }) {
  const { session, messages, recap } = looked;
  const { words } = model;
  const { history: names, cancel, start } = words.value;
  const [removing, setRemoving] = useState(false);
  const { sessionId } = session;
  return (
    <div class="one-session">
      {recap && <RecapCard model={model} recap={recap} iso={session.createdAt} />}
      {session.status === 'active' && (
        <button type="button" class="primary" onClick={() => model.start({ microphone: true, sessionId })}>
          {start.go}
        </button>
      )}
      {session.status === 'ended' && !session.ephemeral && (
        <p class="talk-on">
          <button type="button" class="secondary" onClick={() => talkOn(model, sessionId)}>
            {historyWords(model.lang.value).goOn}
          </button>
          <span class="hint">{historyWords(model.lang.value).goOnHint}</span>
        </p>
      )}
      {messages && (
        <>
          {/* For a minute after its end the server still has it. */}
          {session.ephemeral ? (
            <p class="hint">{privacyWords(model.lang.value).nothingKept}</p>
          ) : (
            <h2>{names.transcript}</h2>
          )}
          {(session.ephemeral ? [] : messages).map(({ id, sender, text, audioUrl }) => (
            <div key={id} class="past">
              <CaptionLine model={model} line={{ sender, text, final: true, cut: false, refused: false }} />
              {audioUrl !== undefined && <PlayButton src={audioUrl} words={names} />}
            </div>
          ))}
          <button type="button" class="quiet small remove" onClick={() => setRemoving(true)}>
            <Icon name="trash" />
            {names.remove}
          </button>
        </>
      )}
      {removing && (
        <Dialog title={names.removeTitle} onCancel={() => setRemoving(false)}>
          <p>{names.removeLead}</p>
          <div class="choices">
            <button type="button" class="primary danger" onClick={() => void model.history.remove(sessionId)}>
              {names.remove}
            </button>
            <button type="button" class="secondary" autofocus onClick={() => setRemoving(false)}>
              {cancel}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
