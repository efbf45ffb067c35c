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
}

export type Lines = readonly Line[];

/** Lines keep the order in which they began, whatever the order in which they get final. */
export function withCaption(lines: Lines, { id, sender, text, final, commandId, status }: Caption): Lines {
  const line: Line = { id, sender, text, final, cut: status === 'interrupted', refused: false };
  const at = lines.findIndex((other) => other.id === id || other.id === commandId);
  if (text === '') return at < 0 ? lines : lines.toSpliced(at, 1);
  return at < 0 ? [...lines, line] : lines.with(at, line);
}

/** A typed turn that the server has not answered yet. */
export function withTyped(lines: Lines, commandId: string, text: string): Lines {
  return withCaption(lines, { id: commandId, sender: 'user', text, final: false });
}

export function withRefused(lines: Lines, commandId: string): Lines {
  return lines.map((line) => (line.id === commandId ? { ...line, refused: true } : line));
}

/** What was said before replaces all that was final; what is on its way stays below it. */
export function restored(lines: Lines, messages: readonly Message[]): Lines {
  const before = messages.map(({ id, sender, text }) => ({
    id,
    sender,
    text,
    final: true,
    cut: false,
    refused: false,
  }));
  return [...before, ...lines.filter(({ final, sender }) => !final && sender === 'user')];
}
