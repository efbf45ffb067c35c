import { render } from 'preact';
import { App } from './ui/app.tsx';
import { createModel, type Attributes, type Model } from './ui/model.ts';
import base from './styles/base.css?inline';
import dialogs from './styles/dialogs.css?inline';
import screens from './styles/screens.css?inline';
import talk from './styles/talk.css?inline';

const STYLES = base + screens + talk + dialogs;
const ATTRIBUTES = ['server', 'token', 'lang', 'theme'] as const;

/** One sheet for all elements that want it; constructable, so that no style is inline. */
const sheets = new Map<string, CSSStyleSheet>();

function sheetOf(css: string): CSSStyleSheet {
  const known = sheets.get(css);
  if (known) return known;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  sheets.set(css, sheet);
  return sheet;
}

function adopt({ adoptedStyleSheets }: ShadowRoot, css: string): void {
  const sheet = sheetOf(css);
  if (!adoptedStyleSheets.includes(sheet)) adoptedStyleSheets.push(sheet);
}

/**
 * `<kuku-coach server token lang theme>`: a voice coach in a page. All attributes may be left out: `server` is then where
 * the page came from, and language and theme are the person's choice. It tells what happens by bubbling events named
 * `kuku-…`; `docs/embedding.md` lists them.
 */
export class KukuCoachElement extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;
  #model: Model | undefined;

  constructor() {
    super();
    adopt(this.attachShadow({ mode: 'open' }), STYLES);
  }

  connectedCallback(): void {
    const { shadowRoot } = this;
    if (this.#model || !shadowRoot) return;
    const model = createModel(this.#attributes(), {
      tell: (name, detail) =>
        this.dispatchEvent(new CustomEvent(`kuku-${name}`, { detail, bubbles: true, composed: true })),
      adopt: (css) => adopt(shadowRoot, css),
    });
    this.#model = model;
    render(<App model={model} />, shadowRoot);
  }

  /** Leaves the session, which stays open for its grace period. */
  disconnectedCallback(): void {
    // Moved within the document, an element is disconnected and connected again in one step.
    queueMicrotask(() => {
      if (this.isConnected || !this.shadowRoot) return;
      render(null, this.shadowRoot);
      this.#model?.dispose();
      this.#model = undefined;
    });
  }

  attributeChangedCallback(): void {
    if (this.#model) this.#model.attributes.value = this.#attributes();
  }

  #attributes(): Attributes {
    const [server, token, lang, theme] = ATTRIBUTES.map((name) => this.getAttribute(name) ?? undefined);
    return { server, token, lang, theme };
  }

  /** Starts a session. Call it in a click: browsers allow sound only then. `microphone: false` to type. */
  start({ microphone = true }: { microphone?: boolean } = {}): void {
    this.#model?.start({ microphone });
  }

  /** Leaves the session. Resolves when the microphone is free. */
  async stop(): Promise<void> {
    await this.#model?.conversation.value?.leave();
  }

  mute(muted: boolean): void {
    this.#model?.conversation.value?.mute(muted);
  }

  /** A typed turn; false when it was not taken. */
  say(text: string): boolean {
    return this.#model?.conversation.value?.say(text) ?? false;
  }

  /** Asks the person whether to wrap up. */
  wrapUp(): void {
    this.#model?.conversation.value?.end();
  }
}
