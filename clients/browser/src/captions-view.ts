import type { Caption, SessionInfo } from '../../core/src/index.ts';
import { byId, make } from './dom.ts';

export interface CaptionsView {
  show(caption: Caption): void;
  /** A typed turn that the server has not answered yet. */
  typed(commandId: string, text: string): void;
  /** The server did not take a typed turn. */
  refused(commandId: string): void;
  /** What was said before: replaces all but what is on its way. */
  restore(messages: NonNullable<SessionInfo['messages']>): void;
  clear(): void;
}

interface Line {
  element: HTMLElement;
  text: HTMLElement;
}

/**
 * Captions of both sides. Only what is final is in the live region, so that a screen reader says each thing once; what
 * still grows stands below it. Lines keep the order in which they began, whatever the order in which they get final.
 */
export function createCaptionsView(): CaptionsView {
  const log = byId('log', HTMLElement);
  const partials = byId('partials', HTMLElement);
  const scroller = log.closest('main');
  const lines = new Map<string, Line>();
  let begun = 0;

  const lineOf = (id: string, sender: Caption['sender']): Line => {
    const known = lines.get(id);
    if (known !== undefined) return known;
    const element = make('p', '', `line partial ${sender === 'ai' ? 'coach' : 'you'}`);
    const text = make('span');
    element.append(make('span', sender === 'ai' ? 'Coach' : 'You', 'who'), text);
    element.dataset['order'] = String(begun++);
    const line = { element, text };
    lines.set(id, line);
    partials.append(element);
    return line;
  };
  const remove = (id: string) => {
    lines.get(id)?.element.remove();
    lines.delete(id);
  };
  const settle = ({ element }: Line) => {
    if (element.parentElement === log) return;
    element.classList.remove('partial');
    const later = [...log.children].find((other) => orderOf(other) > orderOf(element));
    log.insertBefore(element, later ?? null);
  };
  /** Follows the talk, unless the person has scrolled back to read. */
  const following = (change: () => void) => {
    const atEnd = !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
    change();
    if (atEnd) scroller?.scrollTo({ top: scroller.scrollHeight });
  };
  const put = ({ id, sender, text, final, commandId, status }: Caption) => {
    if (commandId !== undefined) remove(commandId);
    if (text === '') return remove(id);
    const line = lineOf(id, sender);
    line.text.textContent = status === 'interrupted' ? `${text} —` : text;
    if (final) settle(line);
  };

  return {
    show: (caption) => following(() => put(caption)),
    typed: (commandId, text) => following(() => put({ id: commandId, sender: 'user', text, final: false })),
    refused(commandId) {
      const line = lines.get(commandId);
      line?.element.classList.add('lost');
      line?.element.append(make('span', ' (not sent)', 'unheard'));
    },
    restore(messages) {
      log.replaceChildren();
      for (const [id, { element }] of lines) if (!element.isConnected) lines.delete(id);
      following(() => {
        for (const { id, sender, text } of messages) put({ id, sender, text, final: true });
      });
    },
    clear() {
      lines.clear();
      log.replaceChildren();
      partials.replaceChildren();
    },
  };
}

const orderOf = (element: Element) => Number(element instanceof HTMLElement ? element.dataset['order'] : 0);
