/** What the page shows of the session besides captions: time, stage, recap, latency. */
import type { CoachEvents, SessionTimer, TurnReport } from '../../core/src/index.ts';
import { byId, make } from './dom.ts';
import { clockTime, seconds } from './words.ts';

type Recap = CoachEvents['recap'];

/** From here on the ring is drawn in the colour of a warning. */
const SOON_MS = 5 * 60_000;

export function createTimerView(): { show(timer: SessionTimer): void; clear(): void } {
  const time = byId('time', HTMLElement);
  const left = byId('time-left', HTMLElement);
  const ring = byId('ring-left', SVGElement);
  const stages = byId('stages', HTMLElement);
  return {
    show({ phase, stage, elapsedMs, remainingMs }) {
      time.hidden = phase === 'ended';
      stages.hidden = false;
      left.textContent = clockTime(remainingMs);
      const part = remainingMs / Math.max(1, elapsedMs + remainingMs);
      ring.style.strokeDashoffset = String(100 * (1 - part));
      time.toggleAttribute('data-soon', remainingMs <= SOON_MS);
      const items = [...stages.querySelectorAll('li')];
      const current = items.findIndex((item) => item.dataset['stage'] === stage);
      items.forEach((item, i) => {
        item.toggleAttribute('data-done', i < current);
        if (i === current) item.setAttribute('aria-current', 'step');
        else item.removeAttribute('aria-current');
      });
    },
    clear() {
      time.hidden = stages.hidden = true;
    },
  };
}

export function createRecapView(): { show(recap: Recap): void; hide(): void } {
  const section = byId('recap', HTMLElement);
  const facts = byId('recap-facts', HTMLElement);
  const commitments = byId('recap-commitments', HTMLElement);
  return {
    show(recap) {
      section.hidden = false;
      byId('recap-summary', HTMLElement).textContent = recap.summary;
      facts.replaceChildren(
        ...fact('Topic', recap.topic),
        ...fact('Goal', recap.goal),
        ...recap.insights.flatMap((insight) => fact('Insight', insight)),
      );
      commitments.replaceChildren(...recap.commitments.map(commitmentItem));
    },
    hide: () => void (section.hidden = true),
  };
}

const fact = (name: string, text: string) => (text === '' ? [] : [make('dt', name), make('dd', text)]);

function commitmentItem({ what, by, confidence }: Recap['commitments'][number]): HTMLElement {
  const item = make('li', what);
  const details = [by && `by ${by}`, confidence && `confidence ${confidence} of 10`].filter(Boolean).join(' · ');
  if (details !== '') item.append(make('small', details));
  return item;
}

const LEGS: Record<Exclude<keyof TurnReport['latency'], 'total'>, string> = {
  endOfSpeechToTurnEnd: 'You stopped, and that was noticed',
  transcript: 'Your words were written down',
  modelFirstToken: 'The coach had its first words',
  firstSentence: 'and a first sentence',
  speechFirstByte: 'Its voice began',
  firstAudioSent: 'The sound was sent',
};

export function createLatencyView(): { show(report: TurnReport): void; clear(): void } {
  const details = byId('latency', HTMLDetailsElement);
  const total = byId('latency-total', HTMLElement);
  const legs = byId('latency-legs', HTMLElement);
  details.hidden = true;
  return {
    show({ latency }) {
      if (latency.total === undefined) return;
      details.hidden = false;
      total.textContent = seconds(latency.total);
      legs.replaceChildren(
        ...Object.entries(LEGS).flatMap(([leg, name]) => {
          const ms = latency[leg as keyof typeof LEGS];
          return ms === undefined ? [] : [make('dt', name), make('dd', seconds(ms))];
        }),
      );
    },
    clear: () => void (details.hidden = true),
  };
}
