/** Whom the person can call: shown while the session is in care, to be had again from then on, and when it is over. */
import { useEffect, useState } from 'preact/hooks';
import { callsOf, type Call } from '../../../core/src/screen/calls.ts';
import styles from '../styles/care.css?inline';
import { careWords } from '../words/care.ts';
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
            {callsOf(help, words).map((call) => (
              <CallLine key={call.number} call={call} />
            ))}
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

function CallLine({ call: { name, number, link, note } }: { call: Call }) {
  return (
    <li>
      <a href={link}>
        {name}: <strong>{number}</strong>
      </a>
      {note && <small>{note}</small>}
    </li>
  );
}
