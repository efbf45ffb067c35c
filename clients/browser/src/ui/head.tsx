/** The top of every screen: the name, the steps, the time, and the ways to history and settings. */
import { STAGES } from '../../../core/src/screen/stages.ts';
import type { SessionTimer } from '../../../core/src/events.ts';
import type { Words } from '../words/catalogues.ts';
import { clockTime } from '../../../core/src/screen/format.ts';
import { Icon } from './icons.tsx';
import { lazy } from './lazy.tsx';
import type { Model } from './model.ts';

const AccountButton = lazy(async () => (await import('./account.tsx')).AccountButton);

/** From here on the ring has the colour of a warning. */
const SOON_MS = 5 * 60_000;

export function Head({ model }: { model: Model }) {
  const { words, screen, conversation, dialog } = model;
  const talking = screen.value === 'talk';
  const state = conversation.value?.state.value.name;
  const over = state === 'ended' || state === 'failed';
  const timer = talking && !over ? conversation.value?.timer.value : undefined;
  const { history, settings } = words.value;
  return (
    <header class="head" part="head">
      <span class="brand">
        <svg class="mark" viewBox="0 2.5 32 32" aria-hidden="true">
          <circle class="mark-body" cx="11.5" cy="18" r="8.5" />
          <path class="mark-song" d="M22.5 13a8.5 8.5 0 0 1 0 10M26.3 9.5a14 14 0 0 1 0 17" />
        </svg>
        <span class="brand-name">Kuku Coach</span>
      </span>
      {timer && <Stages stage={timer.stage} words={words.value} />}
      <nav class="head-tools">
        {timer && <TimeRing timer={timer} words={words.value} />}
        {(!talking || over) && screen.value !== 'history' && (
          <button type="button" class="tool" onClick={model.showHistory}>
            <Icon name="history" />
            <span>{history.open}</span>
          </button>
        )}
        {(!talking || over) && <AccountButton model={model} />}
        <button
          type="button"
          class="tool icon-only"
          aria-label={settings.title}
          title={settings.title}
          onClick={() => (dialog.value = 'settings')}
        >
          <Icon name="settings" />
        </button>
      </nav>
    </header>
  );
}

function Stages({ stage, words }: { stage: SessionTimer['stage']; words: Words }) {
  const current = STAGES.indexOf(stage);
  return (
    <ol class="stages" aria-label={words.stagesLabel}>
      {STAGES.map((each, i) => (
        <li
          key={each}
          class={i < current ? 'done' : ''}
          {...(i === current ? { 'aria-current': 'step' as const } : {})}
        >
          <span>{words.stages[each]}</span>
        </li>
      ))}
    </ol>
  );
}

function TimeRing({ timer, words }: { timer: SessionTimer; words: Words }) {
  const { remainingMs, elapsedMs } = timer;
  const left = clockTime(remainingMs);
  const part = Math.max(0, Math.min(1, remainingMs / Math.max(1, elapsedMs + remainingMs)));
  return (
    <div class="time" data-soon={remainingMs <= SOON_MS ? '' : undefined}>
      <svg class="ring" viewBox="0 0 36 36" aria-hidden="true">
        <circle class="ring-track" cx="18" cy="18" r="15.5" />
        <circle class="ring-left" cx="18" cy="18" r="15.5" pathLength="100" stroke-dashoffset={100 * (1 - part)} />
      </svg>
      <span class="time-left" role="timer" aria-label={words.timeLeft(left)}>
        {left}
      </span>
    </div>
  );
}
