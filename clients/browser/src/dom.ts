/** The page's element with this id. Throws when it is missing or another kind: the page and its script belong together. */
export function byId<T extends Element>(id: string, kind: abstract new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

/** A new element with text; text is never taken for markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = '',
  className = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className !== '') element.className = className;
  return element;
}

/** Calls `run` whenever the button with this id is pressed. */
export function onPress(id: string, run: () => void): void {
  byId(id, HTMLButtonElement).addEventListener('click', run);
}

/** Shows a text, or hides its element where there is none. Setting the same text again announces nothing. */
export function showText(element: HTMLElement, text: string | undefined): void {
  if (text !== undefined && element.textContent !== text) element.textContent = text;
  element.hidden = text === undefined;
}
