import { useState } from 'preact/hooks';
import type { Recap } from '../../../../protocol/messages.ts';
import { dateTime } from '../../../core/src/screen/format.ts';
import { recapMarkdown } from '../../../core/src/screen/recap-markdown.ts';
import { Icon } from './icons.tsx';
import type { Model } from './model.ts';

export function RecapCard({ model, recap, iso }: { model: Model; recap: Recap; iso: string }) {
  const { words, lang } = model;
  const { recap: names } = words.value;
  const date = dateTime(iso, lang.value);
  return (
    <article class="recap" lang="en">
      <p class="recap-date" lang={lang.value}>
        {date}
      </p>
      <p class="recap-summary">{recap.summary}</p>
      <dl class="recap-facts">
        <Fact name={names.topic} values={[recap.topic]} lang={lang.value} />
        <Fact name={names.goal} values={[recap.goal]} lang={lang.value} />
        <Fact name={names.insights} values={recap.insights} lang={lang.value} />
      </dl>
      {recap.commitments.length > 0 && (
        <>
          <h2 lang={lang.value}>{names.commitments}</h2>
          <ul class="commitments">
            {recap.commitments.map((each, i) => (
              <Commitment key={i} model={model} {...each} />
            ))}
          </ul>
        </>
      )}
      <RecapTools model={model} recap={recap} date={date} />
    </article>
  );
}

function Fact({ name, values, lang }: { name: string; values: readonly string[]; lang: string }) {
  const said = values.filter((value) => value !== '');
  if (said.length === 0) return null;
  return (
    <div>
      <dt lang={lang}>{name}</dt>
      {said.map((value) => (
        <dd key={value}>{value}</dd>
      ))}
    </div>
  );
}

function Commitment({ model, what, by, confidence }: { model: Model } & Recap['commitments'][number]) {
  const { recap } = model.words.value;
  return (
    <li>
      <span class="tick" aria-hidden="true" />
      <span class="what">{what}</span>
      <span class="details" lang={model.lang.value}>
        {by && <span class="by">{recap.by(by)}</span>}
        {confidence && (
          <span class="sure">
            <span class="sure-bar" aria-hidden="true">
              <i style={{ width: `${confidence * 10}%` }} />
            </span>
            {recap.confidence(confidence)}
          </span>
        )}
      </span>
    </li>
  );
}

const COPIED_MS = 2500;

function RecapTools({ model, recap, date }: { model: Model; recap: Recap; date: string }) {
  const { words, lang } = model;
  const { recap: names } = words.value;
  const [copied, setCopied] = useState(false);
  const markdown = () => recapMarkdown(recap, words.value, date);
  const copy = async () => {
    await navigator.clipboard.writeText(markdown());
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <div class="recap-tools" lang={lang.value}>
      {'clipboard' in navigator && (
        <button type="button" class="tool copy" onClick={() => void copy().catch(() => {})}>
          <Icon name={copied ? 'check' : 'copy'} />
          <span role="status">{copied ? names.copied : names.copy}</span>
        </button>
      )}
      <button type="button" class="tool download" onClick={() => save(`${names.file}.md`, markdown())}>
        <Icon name="download" />
        <span>{names.download}</span>
      </button>
      <button type="button" class="tool print" onClick={() => window.print()}>
        <Icon name="print" />
        <span>{names.print}</span>
      </button>
    </div>
  );
}

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
