/** Numbers and dates, as people read them; and a recap as text. */
import type { Recap } from '../../../../protocol/messages.ts';
import type { Words } from '../words/catalogues.ts';

/** `24:05`; hours do not occur. */
export function clockTime(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function dateTime(iso: string, lang: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso));
}

/** A recap as a Markdown document. What the person said is text there, never markup. */
export function recapMarkdown(recap: Recap, words: Words, date: string): string {
  const { title, topic, goal, insights, commitments, by, confidence } = words.recap;
  const section = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `## ${name}`, '', ...lines];
  const tasks = recap.commitments.map((each) => {
    const details = [each.by && by(each.by), each.confidence && confidence(each.confidence)].filter(Boolean);
    return `- [ ] ${escaped(each.what)}${details.length > 0 ? ` (${escaped(details.join('; '))})` : ''}`;
  });
  return [
    `# ${title}`,
    '',
    `*${date}*`,
    '',
    escaped(recap.summary),
    ...section(topic, recap.topic ? [escaped(recap.topic)] : []),
    ...section(goal, recap.goal ? [escaped(recap.goal)] : []),
    ...section(
      insights,
      recap.insights.map((each) => `- ${escaped(each)}`),
    ),
    ...section(commitments, tasks),
    '',
  ].join('\n');
}

const escaped = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`);
