import { useEffect, useState } from 'preact/hooks';
import type { Conversation } from './conversation.ts';
import { Dialog } from './dialog.tsx';
import type { Model } from './model.ts';
import type { Asking } from '../../../core/src/screen/wrap-up.ts';

export interface WrapUpDialogProps {
  model: Model;
  conversation: Conversation;
  asking: Asking;
}

/** The question whether to wrap up. Y and N answer it too (J in German); Esc is a no. */
export function WrapUpDialog({ model, conversation, asking }: WrapUpDialogProps) {
  const { wrapUp } = model.words.value;
  const { answer } = conversation.wrapUp;
  const { reason, expiresAtMs } = asking;
  const reasons: Record<string, string> = wrapUp.reasons;
  const why = reason === undefined ? wrapUp.asking : reasons[reason];
  return (
    <Dialog
      title={wrapUp.title}
      class="wrap-up"
      onCancel={() => answer(false)}
      onKeyDown={(event) => {
        const key = event.key.toLowerCase();
        if (key === 'y' || key === 'j') answer(true);
        if (key === 'n') answer(false);
      }}
    >
      {why && <p class="why">{why}</p>}
      {conversation.session.value?.listens && <p class="hint">{wrapUp.say}</p>}
      <div class="choices">
        <button type="button" class="primary yes" part="button primary" autofocus onClick={() => answer(true)}>
          {wrapUp.yes}
        </button>
        <button type="button" class="secondary no" part="button" onClick={() => answer(false)}>
          {wrapUp.no}
        </button>
      </div>
      <Countdown expiresAtMs={expiresAtMs} words={wrapUp} />
      <button type="button" class="quiet small leave" onClick={() => void conversation.leave()}>
        {wrapUp.leave}
      </button>
    </Dialog>
  );
}

/** Its place is there before there is anything to count. */
function Countdown({
  expiresAtMs,
  words,
}: {
  expiresAtMs: number | undefined;
  words: { expires: (seconds: number) => string };
}) {
  const [leftMs, setLeftMs] = useState<number | undefined>(undefined);
  useEffect(() => {
    const look = () => setLeftMs(expiresAtMs === undefined ? undefined : Math.max(0, expiresAtMs - performance.now()));
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [expiresAtMs]);
  return (
    <p class="countdown" role="timer" aria-live="off">
      <span class="countdown-bar" aria-hidden="true">
        <i style={{ transform: `scaleX(${Math.min(1, (leftMs ?? 60_000) / 60_000)})` }} />
      </span>
      {leftMs !== undefined && words.expires(Math.ceil(leftMs / 1000))}
    </p>
  );
}
