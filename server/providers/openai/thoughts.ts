/**
 * Leaves out what a model thinks aloud: some servers put it in front of the answer, between `<think>` and `</think>`,
 * and nobody wants to hear it.
 */
export interface ThoughtFilter {
  /** What of the text so far may be said. */
  push(text: string): string;
  /** What was held back at the end because it might have been the start of a tag. */
  flush(): string;
}

const OPENING = '<think>';
const CLOSING = '</think>';

export function createThoughtFilter(): ThoughtFilter {
  let state: 'start' | 'thinking' | 'answering' = 'start';
  let held = '';

  const step = (): string => {
    while (state !== 'answering') {
      if (state === 'start') {
        held = held.trimStart();
        if (held.length < OPENING.length && OPENING.startsWith(held)) return '';
        state = held.startsWith(OPENING) ? 'thinking' : 'answering';
        continue;
      }
      const end = held.indexOf(CLOSING);
      if (end < 0) {
        // Enough to find a tag that comes in two pieces.
        held = OPENING + held.slice(OPENING.length).slice(-CLOSING.length);
        return '';
      }
      held = held.slice(end + CLOSING.length);
      state = 'start';
    }
    const text = held;
    held = '';
    return text;
  };

  return {
    push(text) {
      if (state === 'answering') return text;
      held += text;
      return step();
    },
    flush() {
      const text = state === 'start' ? held : '';
      held = '';
      return text;
    },
  };
}
