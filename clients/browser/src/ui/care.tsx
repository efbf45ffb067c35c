/** Whom the person can call: shown while the session is in care, to be had again from then on, and when it is over. */
import { useEffect, useState } from 'preact/hooks';
import type { HelpLine } from '../../../../protocol/help-line.ts';
import styles from '../styles/care.css?inline';
import { careWords, type CareWords } from '../words/care.ts';
import type { Conversation } from './conversation.ts';
import type { Model } from './model.ts';

export function CareCard({ model, conversation }: { model: Model; conversation: Conversation }) {
  model.adopt(styles);
  const words = careWords(model.lang.value);
  const help = conversation.help.value;
  const inCare = conversation.view.value?.care === true;
  const isOn = inCare && !['ended', 'failed'].includes(conversation.state.value.name);
  const [isOpen, setOpen] = useState(inCare);
  // Each time harm is spoken of it is shown again; once the talk goes on it makes room.
  useEffect(() => setOpen(inCare), [inCare, help]);
  return (
    <>
      {/* Said once, after what the coach says; the numbers are read by who goes there. */}
      <p class="unseen" role="status">
        {help && isOn && `${words.title}: ${words.show}.`}
      </p>
      {help && isOpen && (
        <section class="care" part="care" aria-labelledby="care-title">
          <h2 id="care-title">{words.title}</h2>
          <p>{help.lines.length > 0 ? words.lead : words.noLine}</p>
          <ul>
            {help.lines.map((line) => (
              <Line key={line.number} line={line} words={words} />
            ))}
            {help.emergency !== undefined && (
              <Call name={words.emergency} number={help.emergency} note={words.danger} />
            )}
          </ul>
          {help.emergency === undefined && <p>{words.noEmergency}</p>}
          {isOn && <p class="hint">{words.stands}</p>}
          <div class="choices">
            <button type="button" class="quiet small" onClick={() => setOpen(false)}>
              {words.hide}
            </button>
            {isOn && (
              <button type="button" class="quiet small" onClick={() => void conversation.leave()}>
                {words.leave}
              </button>
            )}
          </div>
        </section>
      )}
      {help && !isOpen && (
        <button type="button" class="secondary small care-again" aria-expanded={false} onClick={() => setOpen(true)}>
          {words.show}
        </button>
      )}
    </>
  );
}

function Line({ line: { name, number, hours }, words }: { line: HelpLine; words: CareWords }) {
  return <Call name={name} number={number} note={hours === '24/7' ? words.always : words.hours(hours)} />;
}

function Call({ name, number, note }: { name: string; number: string; note: string }) {
  return (
    <li>
      <a href={`tel:${number.replaceAll(/[^+\d]/g, '')}`}>
        {name}: <strong>{number}</strong>
      </a>
      {note && <small>{note}</small>}
    </li>
  );
}
