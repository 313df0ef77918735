import { html, css, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { CampaignElement } from '../shared/campaign-element.ts';
/**
 * A throwaway.
 * @summary Bla.
 * @tag zz-throw
 * @fires zz-event - What.
 * @csspart b - The button.
 */
export class ZzThrow extends CampaignElement {
  static override styles = css`:host { display: block }`;
  /** The label. */
  @property() label = 'x';
  @property({ reflect: true }) density: 'comfortable' | 'compact' = 'comfortable';
  @state() private n = 0;
  #secret = 1;
  protected hidden2 = 2;
  override render(): TemplateResult { return html`<button part="b" @click=${() => this.n++}>${this.label}: ${this.n + this.#secret - 1}</button>`; }
}
