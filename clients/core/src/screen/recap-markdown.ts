import type { Recap } from '../../../../protocol/messages.ts';

/** The words of a recap, as each catalogue has them. */
export interface RecapWords {
  title: string;
  topic: string;
  goal: string;
  insights: string;
  commitments: string;
  by: (when: string) => string;
  confidence: (n: number) => string;
}

/** A recap as a Markdown document. What the person said is text there, never markup. */
export function recapMarkdown(recap: Recap, words: { recap: RecapWords }, date: string): string {
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
