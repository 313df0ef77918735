/** A custom element without a library: a shadow root cloned from a template, one shared sheet. */
import type { Status } from '../../data/campaigns.ts';
import { exposeTag, LABELS, MESSAGE } from '../subject.ts';
import { TAG_CSS } from '../bare-css.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(TAG_CSS);
const template = document.createElement('template');
template.content.append(document.createElement('span'));

class BareTag extends HTMLElement {
  static readonly observedAttributes = ['status', 'message'];
  readonly #label: HTMLElement;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(template.content.cloneNode(true));
    this.#label = root.firstElementChild as HTMLElement;
  }

  attributeChangedCallback(name: string, _before: string | null, value: string): void {
    if (name === 'message') {
      this.#label.title = value;
      return;
    }
    this.#label.className = value;
    this.#label.textContent = LABELS[value as Status];
  }
}
customElements.define('bare-tag', BareTag);

exposeTag({
  create(_index, status) {
    const tag = document.createElement('bare-tag');
    tag.setAttribute('status', status);
    tag.setAttribute('message', MESSAGE);
    return tag;
  },
  flip: (tag, _index, status) => tag.setAttribute('status', status),
});
