/** Captions as lines on the screen: pure, so that tests need no page. */
import type { Caption } from '../events.ts';
import type { Message } from '../../../../protocol/messages.ts';

export interface Line {
  id: string;
  sender: 'user' | 'ai';
  text: string;
  final: boolean;
  /** The coach was cut off here. */
  cut: boolean;
  /** A typed turn that the server did not take. */
  refused: boolean;
  /** It is not kept. */
  offRecord?: true;
  /** Stands for what was said off the record before, and has no words. */
  gap?: true;
}

export type Lines = readonly Line[];

/**
 * Lines keep the order in which they began, whatever the order in which they get final. `off`: said now, it is off the
 * record. As the server does it, what the person began off the record stays there, and so does what answers it.
 */
export function withCaption(lines: Lines, { id, sender, text, final, commandId, status }: Caption, off = false): Lines {
  const at = lines.findIndex((other) => other.id === id || other.id === commandId);
  const isUser = sender === 'user';
  const last = lines.findLastIndex((other) => other.sender === 'ai');
  const begins = at < 0 && (off || (!isUser && lines.slice(last + 1).some(({ offRecord }) => offRecord)));
  const line: Line = {
    id,
    sender,
    text,
    final,
    cut: status === 'interrupted',
    refused: false,
    ...((begins || (isUser && off) || lines[at]?.offRecord) && { offRecord: true }),
  };
  if (text === '') return at < 0 ? lines : lines.toSpliced(at, 1);
  return at < 0 ? [...lines, line] : lines.with(at, line);
}

/** A typed turn that the server has not answered yet. */
export function withTyped(lines: Lines, commandId: string, text: string, off = false): Lines {
  return withCaption(lines, { id: commandId, sender: 'user', text, final: false }, off);
}

export function withRefused(lines: Lines, commandId: string): Lines {
  return lines.map((line) => (line.id === commandId ? { ...line, refused: true } : line));
}

/** The words that the person said last are off the record: they asked for it with them. */
export function withLastOff(lines: Lines): Lines {
  const at = lines.findLastIndex(({ sender }) => sender === 'user');
  return lines.map((line, i) => (i === at ? { ...line, offRecord: true } : line));
}

/** Once the talk is on the record again, a gap stands for what was not; `off`: it is still off it. */
export function withGaps(lines: Lines, off = false): Lines {
  const shown: Line[] = [];
  lines.forEach((line, i) => {
    const isOver = line.offRecord && line.final && !(off && lines.slice(i).every(({ offRecord }) => offRecord));
    if (!isOver || line.gap) return void shown.push(line);
    const before = shown.at(-1);
    const id = before?.gap ? shown.pop()?.id : undefined;
    // Who spoke last in it: what answers a person there belongs to it.
    shown.push({ ...line, id: id ?? `gap-${line.id}`, text: '', gap: true });
  });
  return shown;
}

/** What was said before replaces all that was final; what is on its way stays below it. */
export function restored(lines: Lines, messages: readonly Message[]): Lines {
  const before = messages.map(({ id, sender, text, offRecord }) => ({
    id,
    sender,
    text,
    final: true,
    cut: false,
    refused: false,
    ...(offRecord && { offRecord }),
  }));
  return [...before, ...lines.filter(({ final, sender }) => !final && sender === 'user')];
}
