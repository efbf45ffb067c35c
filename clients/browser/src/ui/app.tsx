import { useEffect } from 'preact/hooks';
import { Head } from './head.tsx';
import { Home } from './home.tsx';
import { lazy } from './lazy.tsx';
import type { Model } from './model.ts';
import { CareCard, Talk, WrapUpDialog } from './talk.tsx';

const Ended = lazy(async () => (await import('./ended.tsx')).Ended);
const HistoryView = lazy(async () => (await import('./history-view.tsx')).HistoryView);
const SettingsDialog = lazy(async () => (await import('./settings.tsx')).SettingsDialog);
const HelpDialog = lazy(async () => (await import('./settings.tsx')).HelpDialog);
const MyDataDialog = lazy(async () => (await import('./my-data.tsx')).MyDataDialog);
const ConsentGate = lazy(async () => (await import('./consent.tsx')).ConsentGate);
const AccountDialog = lazy(async () => (await import('./account.tsx')).AccountDialog);

/** The whole of an element: one screen at a time, and a dialog above it. */
export function App({ model }: { model: Model }) {
  const { dialog, lang, theme, drawn } = model;
  // What is shown when the line is down is fetched while there is one.
  useEffect(() => {
    for (const screen of [
      Ended,
      SettingsDialog,
      HelpDialog,
      HistoryView,
      AccountDialog,
      MyDataDialog,
      CareCard,
      WrapUpDialog,
    ])
      screen.load();
  }, []);
  if (!drawn.value) return null;
  return (
    <div class="app" part="app" lang={lang.value} data-theme={theme.value}>
      <Head model={model} />
      <Screen model={model} />
      <ConsentGate model={model} />
      {dialog.value === 'settings' && <SettingsDialog model={model} />}
      {dialog.value === 'help' && <HelpDialog model={model} />}
      {dialog.value === 'data' && <MyDataDialog model={model} />}
      {dialog.value === 'account' && <AccountDialog model={model} />}
    </div>
  );
}

function Screen({ model }: { model: Model }) {
  const { screen, conversation } = model;
  if (screen.value === 'history') return <HistoryView model={model} />;
  const current = conversation.value;
  if (screen.value === 'home' || current === undefined) return <Home model={model} />;
  const { name } = current.state.value;
  if (name === 'ended' || name === 'failed') return <Ended model={model} conversation={current} />;
  // A session that is gone on with has a screen of its own: nothing of the one before is left in it.
  return <Talk key={current} model={model} conversation={current} />;
}
