/**
 * Captions of both sides. Only what is final is in the live region, so that a screen reader says each thing once; what
 * still grows stands below it, in grey.
 */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation } from './conversation.ts';
import type { Line } from '../../../core/src/screen/lines.ts';
import type { Model } from './model.ts';

/** This close to the end counts as reading along. */
const FOLLOW_PX = 120;

export function CaptionsView({ model, conversation }: { model: Model; conversation: Conversation }) {
  const { words } = model;
  const scroller = useRef<HTMLElement>(null);
  const following = useRef(true);
  const lines = conversation.lines.value;
  useEffect(() => {
    const { current } = scroller;
    const onScroll = () => {
      if (current) following.current = current.scrollHeight - current.scrollTop - current.clientHeight < FOLLOW_PX;
    };
    current?.addEventListener('scroll', onScroll, { passive: true });
    return () => current?.removeEventListener('scroll', onScroll);
  }, []);
  // Follows the talk, unless the person has scrolled back to read.
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current && following.current) current.scrollTop = current.scrollHeight;
  }, [lines]);
  return (
    <section ref={scroller} class="captions" part="captions" aria-label={words.value.talk.label} tabIndex={0}>
      <div class="log" role="log" aria-live="polite" aria-label={words.value.talk.log}>
        {lines
          .filter(({ final }) => final)
          .map((line) => (
            <CaptionLine key={line.id} line={line} model={model} />
          ))}
      </div>
      <div class="partials" aria-hidden="true">
        {lines
          .filter(({ final }) => !final)
          .map((line) => (
            <CaptionLine key={line.id} line={line} model={model} />
          ))}
      </div>
      {lines.length === 0 && (
        <p class="empty" aria-hidden="true">
          {words.value.talk.empty}
        </p>
      )}
    </section>
  );
}

export function CaptionLine({
  line,
  model,
}: {
  line: Pick<Line, 'sender' | 'text' | 'final' | 'cut' | 'refused' | 'gap'>;
  model: Model;
}) {
  const { sender, text, final, cut, refused, gap } = line;
  const { coach, you, talk } = model.words.value;
  if (gap) return <p class="empty gap">— {talk.gap} —</p>;
  return (
    <p class={`line ${sender === 'ai' ? 'coach' : 'you'} ${final ? '' : 'partial'}`} part="caption">
      <span class="who">{sender === 'ai' ? coach : you}</span>
      <span class="said" lang={sender === 'ai' ? 'en' : undefined}>
        {cut ? `${text} —` : text}
      </span>
      {refused && <span class="lost"> ({talk.notSent})</span>}
    </p>
  );
}
