/** A Lit element that shows a status and nothing else: what every other tag is compared with. */
import { css, html, LitElement, unsafeCSS, type TemplateResult } from 'lit';
import type { Status } from '../../data/campaigns.ts';
import { exposeTag, LABELS, MESSAGE } from '../subject.ts';
import { TAG_CSS } from '../bare-css.ts';

class BareLitTag extends LitElement {
  static override readonly properties = { status: {}, message: {} };
  static override readonly styles = css`
    ${unsafeCSS(TAG_CSS)}
  `;
  declare status: Status;
  declare message: string;

  protected override render(): TemplateResult {
    return html`<span class=${this.status} title=${this.message}>${LABELS[this.status]}</span>`;
  }
}
customElements.define('bare-lit-tag', BareLitTag);

exposeTag({
  create(_index, status) {
    const tag = document.createElement('bare-lit-tag');
    tag.setAttribute('status', status);
    tag.setAttribute('message', MESSAGE);
    return tag;
  },
  flip: (tag, _index, status) => tag.setAttribute('status', status),
});
