import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import '../../i18n/en.ts';
import type { CampaignStore, CampaignView } from '../../store/types.ts';
import { CampaignActionButton } from '../campaign-action-button/campaign-action-button.ts';
import { logPart } from '../campaign-log/log-part.ts';
import { CampaignStatusTag } from '../campaign-status-tag/campaign-status-tag.ts';
import { isOwnRequest } from '../shared/a11y/is-own-request.ts';
import { numberOr } from '../shared/base/converters.ts';
import { defineElement } from '../shared/base/define-element.ts';
import { sameCampaign } from '../shared/base/same-campaign.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignViewElement } from '../shared/base/campaign-view-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { statusTexts, visibleText } from '../shared/text/status-text.ts';
import { embeddedButton, embeddedLog } from '../shared/templates/embedded-elements.ts';
import { HistoryDisclosure } from '../shared/history/history-disclosure.ts';
import { historySubject } from '../shared/history/history-subject.ts';
import { glyph } from '../shared/templates/icons.ts';
import { heading } from '../shared/templates/heading.ts';
import { isolateText } from '../shared/text/isolate-text.ts';
import { panelStyles } from '../shared/styles/panel.styles.ts';
import { caveatText, statusLabel } from '../shared/text/labels.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { ClockController } from '../shared/controllers/clock-controller.ts';
import { drawTemplate } from '../shared/templates/draw-template.ts';
import { html } from '../shared/templates/html.ts';
import { styles } from './campaign-header.styles.ts';

/**
 * The header of a campaign's page: name, status, whether it may be edited, its actions, the engine log, and the history.
 *
 * Inside a provider it announces changes of its campaign to a screen reader, once each.
 *
 * @summary Heads a campaign's page with its name, status, action and engine log.
 * @tag campaign-header
 *
 * @slot meta - More facts, beside the status.
 * @slot actions - The host's own buttons, after the kit's.
 *
 * @fires {CampaignActionEvent} campaign-action - The user asked for an action. Cancelable.
 * @fires {CampaignOutcomeEvent} campaign-outcome - An action asked for here has an outcome.
 * @fires {CampaignNavigateEvent} campaign-navigate - The user wants a page of the host's. Cancelable: then its link is not followed.
 *
 * @csspart header - The panel.
 * @csspart heading - The heading.
 * @csspart name - The campaign's name in the heading.
 * @csspart facts - The line of status, editing and meta.
 * @csspart tag - The `campaign-status-tag`.
 * @csspart editable - Says whether the campaign may be edited.
 * @csspart notice - Says that this is only the last known status, or that the campaign is gone.
 * @csspart actions - The row of buttons.
 * @csspart action - The `campaign-action-button`.
 * @csspart log-button - The button that opens the engine log.
 * @csspart log - The `campaign-log`, while it is open.
 * @csspart history-button - The button that opens the history. Absent if the adapter has none.
 * @csspart history - The history, while it is open.
 * @csspart history-entry - One entry of the history, or several equal ones.
 * @csspart history-more - The button that reads older entries.
 * @csspart history-retry - The button that reads the history again after a failure.
 * @csspart problem - Says what keeps the element from showing a campaign.
 *
 * @cssstate loading - The campaign has not been read yet.
 * @cssstate stale - Only the last known status is shown.
 * @cssstate missing - The campaign is gone, or was never there.
 *
 * @cssproperty [--campaign-header-padding=16px 20px] - The space inside the panel.
 */
export class CampaignHeader extends CampaignViewElement {
  static override readonly styles: CSSResultGroup = [theme, controlStyles, panelStyles, styles];

  /** The level of the heading, 1 to 6. */
  @property({ attribute: 'heading-level', converter: numberOr(2) }) headingLevel = 2;

  /** Shows the engine log, where the system keeps one. */
  @property({ type: Boolean, reflect: true, attribute: 'log-open' }) logOpen = false;

  /** Shows who or what moved the campaign, and when. Read while it is shown, where the adapter has it. */
  @property({ type: Boolean, reflect: true, attribute: 'history-open' }) historyOpen = false;

  readonly #states = new CustomStates(this);
  readonly #log = logPart(this);
  readonly #history = new HistoryDisclosure(this, {
    subject: () => {
      const { source, connected, view, campaignRef: ref, i18n, currentLifecycle: lifecycle } = this;
      return historySubject({ source, connected, view, ref, i18n, lifecycle });
    },
    open: () => this.historyOpen,
    toggle: () => (this.historyOpen = !this.historyOpen),
  });
  /** What was last seen of the campaign before the page was hidden, and in which store. */
  #unseen: { readonly view: CampaignView; readonly source: CampaignStore | undefined } | undefined;

  constructor() {
    super();
    containPresses(this);
    // The time of a last known status becomes a date as it gets older.
    new ClockController(this);
  }

  override connectedCallback(): void {
    // A host that defines a subclass under another name has not defined these.
    defineElement('campaign-status-tag', CampaignStatusTag);
    defineElement('campaign-action-button', CampaignActionButton);
    super.connectedCallback();
    this.ownerDocument.addEventListener('visibilitychange', this.#seenAgain);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ownerDocument.removeEventListener('visibilitychange', this.#seenAgain);
    this.#unseen = undefined;
  }

  /** Shows the engine log. */
  openLog(): void {
    this.logOpen = true;
  }

  /** Hides the engine log. */
  closeLog(): void {
    this.logOpen = false;
  }

  /** Shows the history. */
  openHistory(): void {
    this.historyOpen = true;
  }

  /** Hides the history. */
  closeHistory(): void {
    this.historyOpen = false;
  }

  protected override viewChanged(view: CampaignView, before: CampaignView): void {
    if (this.ownerDocument.hidden) this.#unseen ??= { view: before, source: this.source };
    else if (!isOwnRequest(view, before, this.currentLifecycle)) this.#announceChange(view, before);
  }

  readonly #seenAgain = (): void => {
    if (this.ownerDocument.hidden) return;
    const before = this.#unseen;
    this.#unseen = undefined;
    const { view } = this;
    if (!before || !view || before.source !== this.source) return;
    if (sameCampaign(before.view.ref, view.ref)) this.#announceChange(view, before.view);
  };

  #announceChange(view: CampaignView, before: CampaignView): void {
    if (before.presence !== 'present') return;
    if (view.presence === 'gone') this.speak(this.i18n.format('spoken.removed', { name: visibleText(view.name) }));
    else if (view.presence === 'present' && view.status !== before.status)
      this.speak(this.i18n.format('spoken.changed', { name: visibleText(view.name), label: this.#label(view) }));
  }

  protected override update(changed: PropertyValues<this>): void {
    const focus = this.shadowRoot?.activeElement;
    super.update(changed);
    if (focus && !focus.isConnected) this.#focusHeading();
  }

  /** The focused control was removed: keep the focus here instead of at the top of the page. */
  #focusHeading(): void {
    const title = this.renderRoot.querySelector<HTMLElement>('.heading');
    if (!title) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }

  #label({ status }: CampaignView): string {
    return statusLabel(this.i18n, this.currentLifecycle, status);
  }

  #mark(view: CampaignView | undefined): void {
    this.#states.replace({
      loading: view?.presence === 'loading',
      stale: view?.stale !== undefined,
      missing: view?.presence === 'gone' || view?.presence === 'absent',
    });
  }

  #editable({ presence, editable }: CampaignView): TemplateResult | typeof nothing {
    if (presence !== 'present' || editable === undefined) return nothing;
    return html`<span class="editable" part="editable"
      >${glyph(editable ? 'pencil' : 'lock')}${this.i18n.format(editable ? 'header.editable.yes' : 'header.editable.no')}</span
    >`;
  }

  #notice(view: CampaignView): TemplateResult | typeof nothing {
    if (view.presence === 'gone') {
      const { goneReason: reason } = view;
      return html`<p class="note" part="notice">
        ${glyph('info')}
        <span
          >${isolateText(this.i18n, 'header.gone', { name: visibleText(view.name) })}
          ${reason === 'vanished' ? this.i18n.format('header.gone.vanished') : nothing}
          ${reason && reason !== 'vanished' ? isolateText(this.i18n, 'header.gone.reason', { reason: visibleText(reason) }) : nothing}</span
        >
      </p>`;
    }
    if (view.presence === 'absent') {
      const { id, system } = view.ref;
      return html`<p class="note" part="notice">
        ${glyph('info')}<span
          >${isolateText(this.i18n, 'header.absent', { id: visibleText(id), system: this.#systemLabel(system) })}</span
        >
      </p>`;
    }
    const failure = view.loadError && statusTexts(this.i18n, this.currentLifecycle, view).lead;
    if (failure) return html`<p class="note" part="notice">${glyph('warning')}<span dir="auto">${failure}</span></p>`;
    const caveat = caveatText(this.i18n, view);
    return caveat ? html`<p class="note" part="notice">${glyph('clock')}<span>${caveat}</span></p>` : nothing;
  }

  #systemLabel(system: string): string {
    const own = this.currentLifecycle?.label ?? system;
    return this.i18n.term(`${system}.label`, own);
  }

  #name(view: CampaignView): TemplateResult {
    return view.presence === 'loading' && !view.loadError
      ? html`<span class="name waiting" part="name">${this.i18n.format('header.loading')}</span>`
      : html`<span class="name" part="name" dir="auto"
          >${visibleText(view.name) || this.i18n.format('header.unnamed')}</span
        >`;
  }

  #tag(): TemplateResult {
    return html`<campaign-status-tag
      part="tag"
      system=${this.campaignRef.system}
      campaign-id=${this.campaignRef.id}
      status=${this.status}
      message=${this.message}
      name=${this.name}
      .at=${this.at}
      .lifecycle=${this.lifecycle}
      .store=${this.store}
      .translations=${this.translations}
      .timeZone=${this.timeZone}
      .settings=${this.settings}
    ></campaign-status-tag>`;
  }

  #logButton(): TemplateResult {
    return html`<button
      class="button"
      part="log-button"
      type="button"
      aria-expanded=${this.logOpen ? 'true' : 'false'}
      aria-controls="log"
      @click=${() => (this.logOpen = !this.logOpen)}
    >
      <span class="stack"
        ><span class=${this.logOpen ? 'away' : ''}>${this.i18n.format('header.showLog')}</span
        ><span class=${this.logOpen ? '' : 'away'}>${this.i18n.format('header.hideLog')}</span></span
      ><span class="chevron">${glyph('chevron')}</span>
    </button>`;
  }

  protected override draw(): void {
    drawTemplate(this, this.render());
  }

  protected render(): TemplateResult {
    const { view, problem } = this;
    this.#mark(view);
    if (!view || problem !== undefined) return html`<p class="problem" part="problem">${problem}</p>`;
    const absent = view.presence === 'absent';
    const logged = this.currentLifecycle?.log === true && !absent;
    return html`
      <div
        class="header panel"
        part="header"
        aria-busy=${view.presence === 'loading' && !view.loadError ? 'true' : nothing}
      >
        <div class="bar">
          <div class="about">
            ${heading(this.headingLevel, this.#name(view))}
            <div class="facts" part="facts">
              ${this.#tag()} ${this.#editable(view)}
              <slot name="meta"></slot>
            </div>
            ${this.#notice(view)}
          </div>
          <div class="actions" part="actions">
            ${absent ? nothing : embeddedButton(this, view.action ? nothing : 'none')}
            ${logged ? this.#logButton() : nothing} ${this.#history.button()}
            <slot name="actions"></slot>
          </div>
        </div>
        ${
          logged
            ? html`<div id="log" class="log" ?hidden=${!this.logOpen}>
                ${this.logOpen ? this.#log.render(this.i18n, () => embeddedLog(this)) : nothing}
              </div>`
            : nothing
        }
        ${this.#history.region()}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-header': CampaignHeader;
  }
}
