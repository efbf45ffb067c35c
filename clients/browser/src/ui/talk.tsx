/** The screen while a conversation goes on. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner, NoticeLine, MicProblem } from './banners.tsx';
import { CaptionsView } from './captions-view.tsx';
import { moodOf, shownLevel } from '../../../core/src/screen/mood.ts';
import type { Conversation } from './conversation.ts';
import { Controls } from './controls.tsx';
import type { Model } from './model.ts';
import { Orb } from './orb.tsx';
import { Icon } from './icons.tsx';
import { lazy } from './lazy.tsx';

export const WrapUpDialog = lazy(async () => (await import('./wrap-up-dialog.tsx')).WrapUpDialog);
export const CareCard = lazy(async () => (await import('./care.tsx')).CareCard);

export function Talk({ model, conversation }: { model: Model; conversation: Conversation }) {
  const { words, preferences } = model;
  const { level, audio, session, wrapUp, view } = conversation;
  const { mood, status } = moodOf(conversation);
  const asking = wrapUp.asking.value;
  return (
    <main class="talk" data-captions={preferences.value.captions ? 'on' : 'off'} part="talk">
      <h1 class="unseen">{words.value.talk.label}</h1>
      <section class="presence">
        <Orb mood={mood} you={() => level.rms} coach={audio.loudness} />
        <p class="status" role="status" data-mood={mood}>
          {status && words.value.status[status]}
        </p>
        {session.value?.listens && <LevelMeter label={words.value.talk.level} level={() => level.rms} />}
      </section>
      <CaptionsView model={model} conversation={conversation} />
      <div class="dock" part="dock">
        <CareCard model={model} conversation={conversation} />
        <Banner model={model} conversation={conversation} />
        <MicProblem model={model} conversation={conversation} />
        <NoticeLine model={model} conversation={conversation} />
        <p class="hint privacy" role="status">
          {view.value?.ephemeral ? words.value.start.private : view.value?.offRecord && words.value.talk.notKept}
        </p>
        <Controls model={model} conversation={conversation} />
        <SayForm model={model} conversation={conversation} />
      </div>
      {asking && <WrapUpDialog model={model} conversation={conversation} asking={asking} />}
    </main>
  );
}

/** For screen readers, which want it five times a second and not fifty; eyes have the orb. */
function LevelMeter({ label, level }: { label: string; level: () => number }) {
  const [percent, setPercent] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setPercent(Math.round(100 * shownLevel(level()))), 200);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="meter" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <i style={{ transform: `scaleX(${percent / 100})` }} />
    </div>
  );
}

function SayForm({ model, conversation }: { model: Model; conversation: Conversation }) {
  const { talk } = model.words.value;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!conversation.microphone) field.current?.focus();
  }, []);
  const send = () => {
    const { current } = field;
    if (current && conversation.say(current.value)) current.value = '';
    current?.focus();
  };
  return (
    <form
      class="say"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        name="say"
        rows={1}
        maxLength={4000}
        aria-label={talk.input}
        placeholder={talk.placeholder}
        enterkeyhint="send"
        onKeyDown={(event) => {
          // While a word is composed (Japanese, Chinese), Enter belongs to the composition.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" aria-label={talk.send} title={talk.send}>
        <Icon name="send" />
      </button>
    </form>
  );
}
