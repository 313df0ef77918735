import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import type { Timestamp } from '../../adapters/contract.ts';
import { recoveryAction, type IconPath } from '../../lifecycle/index.ts';
import type { CampaignView } from '../../store/types.ts';
import { millisecondsOf, oneOf, readableTime } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignViewElement } from '../shared/base/campaign-view-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { dependencyStyles } from '../shared/text/dependency-text.ts';
import { description, statusTexts, visibleText } from '../shared/text/status-text.ts';
import { hostLinkStyles } from '../shared/templates/host-link.ts';
import { icon, iconPath } from '../shared/templates/icons.ts';
import { causeTemplate, outlookTemplate } from '../shared/popup/cause-template.ts';
import { PopupLiveData } from '../shared/popup/popup-live-data.ts';
import { popupStyles } from '../shared/popup/popup.styles.ts';
import { Popup, type PopupContent, type PopupMode } from '../shared/popup/popup.ts';
import { delegateFocusTo } from '../shared/base/root-options.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { SwitchableClock } from '../shared/controllers/clock-controller.ts';
import { exactText, html } from '../shared/templates/html.ts';
import { wordTranslation } from '../shared/templates/word-translation.ts';
import { crossFade } from './cross-fade.ts';
import { styles } from './campaign-status-tag.styles.ts';

/**
 * Shows the status of one campaign, and why: hover, focus or press it to read the backend's message, what to do next, and what
 * the error depends on.
 *
 * Connected to a store it follows the campaign by `system` and `campaign-id`; without one it shows what `system`, `status`,
 * `message`, `name`, `at` and `stale-since` say.
 *
 * @summary Shows a campaign's status and says why it is so.
 * @tag campaign-status-tag
 *
 * @slot details - Shown at the end of the pinned popup.
 *
 * @csspart tag - The tag, a button.
 * @csspart icon - The shape of the status.
 * @csspart label - The word of the status.
 * @csspart since - "Last known" and the time, while the status is stale.
 * @csspart popup - The popup, while it is open.
 * @csspart popup-body - The part of the popup that scrolls.
 * @csspart popup-close - The button that closes the pinned popup.
 * @csspart popup-copy - The button that copies the message.
 * @csspart link - A link to the channel or agent that the error comes from.
 * @csspart problem - What is shown in place of the tag when it is wired wrongly.
 *
 * @cssstate stale - Only the last known truth is shown.
 * @cssstate unknown - The lifecycle does not know the status.
 * @cssstate loading - The campaign has not been read yet.
 * @cssstate gone - The campaign was removed, or there is none.
 * @cssstate open - The popup is open.
 * @cssstate pinned - The popup is open and stays.
 *
 * @cssproperty [--campaign-font-size=13px] - The size of the text; all other sizes follow.
 * @cssproperty [--campaign-radius=6px] - The corners of the tag.
 * @cssproperty [--campaign-radius-panel=10px] - The corners of the popup.
 * @cssproperty [--campaign-shadow=0 1px 2px rgb(0 0 0 / 8%), 0 8px 24px rgb(0 0 0 / 14%)] - The shadow of the popup.
 */
export class CampaignStatusTag extends CampaignViewElement {
  static override shadowRootOptions: ShadowRootInit = delegateFocusTo('tag');
  static override styles: CSSResultGroup = [
    theme,
    controlStyles,
    hostLinkStyles,
    dependencyStyles,
    popupStyles,
    styles,
  ];

  /** How much room the tag takes: `comfortable` or `compact`. */
  @property({ reflect: true, useDefault: true, converter: oneOf('comfortable', 'compact') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** How strongly the tone shows: `tint`, `solid`, or `auto`, which is a tint but solid for errors on a dark page. */
  @property({ reflect: true, useDefault: true, converter: oneOf('auto', 'tint', 'solid') })
  emphasis: 'auto' | 'tint' | 'solid' = 'auto';

  /** Without a store: this is only the last known status, true at that time. ISO 8601 or ms since 1970. */
  @property({ attribute: 'stale-since', converter: readableTime }) staleSince: Timestamp | undefined;

  readonly #states = new CustomStates(this);
  readonly #popup = new Popup(
    this,
    (_trigger, mode) => this.#popupContent(mode),
    (mode) => this.#toggled(mode),
  );
  #reading: PopupLiveData | undefined;
  #ticking: SwitchableClock | undefined;
  #shown: CampaignView | undefined;
  /** The status, and then whether there was a message, that the open popup is about. */
  #read: { readonly status: string; readonly hasMessage: boolean } | undefined;

  override get view(): CampaignView | undefined {
    const view = super.view;
    const asOf = this.connected ? undefined : millisecondsOf(this.staleSince);
    return view && asOf !== undefined ? { ...view, stale: { asOf, why: 'feed' } } : view;
  }

  /** What a screen reader is told beside the name. No id in here can be pointed at from a host's page; this text can be used there. */
  get description(): string {
    return this.#shown ? description(this.i18n, statusTexts(this.i18n, this.currentLifecycle, this.#shown)) : '';
  }

  /** Opens the popup and keeps it open, as a press does. */
  open(): void {
    const trigger = this.renderRoot.querySelector<HTMLElement>('.tag');
    if (trigger) this.#popup.open(trigger, 'pinned');
  }

  /** Closes the popup. */
  close(): void {
    this.#popup.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const before = this.#shown;
    this.#shown = this.problem === undefined ? this.view : undefined;
    const view = this.#shown;
    // The time of a last known status becomes a date as it gets older.
    if (view?.stale) this.#ticking ??= new SwitchableClock(this);
    this.#ticking?.turn(!!view?.stale);
    if (changed.has('campaignId') || changed.has('system')) this.#popup.close();
    if (this.#popup.mode && this.#read && view) {
      const hasMessage = view.message !== '';
      // A message that was taken back is no longer valid; that of another status takes its place.
      if (this.#read.hasMessage && !hasMessage && this.#read.status === view.status) this.#popup.close();
      else this.#read = { status: view.status, hasMessage };
    }
    // Another campaign in this place is no change of a status.
    const sameCampaign = view && before && this.hasUpdated && view.ref.id === before.ref.id;
    if (sameCampaign && (view.tone !== before.tone || view.icon !== before.icon))
      crossFade(this, this.renderRoot.querySelector('.tag'));
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { presence, stale, known } = this.#shown ?? {};
    const { mode } = this.#popup;
    this.#states.replace({
      stale: !!stale,
      loading: presence === 'loading',
      gone: presence === 'gone' || presence === 'absent',
      unknown: presence === 'present' && !known,
      open: !!mode,
      pinned: mode === 'pinned',
    });
  }

  #toggled(mode: PopupMode | undefined): void {
    if (mode) this.#read ??= { status: this.#shown?.status ?? '', hasMessage: !!this.#shown?.message };
    else this.#read = undefined;
    // Made when somebody reads for the first time: most tags of a page are never opened.
    this.#reading ??= new PopupLiveData(this, () =>
      this.connected && this.view?.cause ? this.source?.diagnosis(this.ref) : undefined,
    );
    this.#reading.turn(mode !== undefined);
  }

  #popupContent(mode: PopupMode): PopupContent | undefined {
    const view = this.#shown;
    if (!view) return undefined;
    const { i18n, routes } = this;
    const texts = statusTexts(i18n, this.currentLifecycle, view);
    const pinned = mode === 'pinned';
    const name = visibleText(view.name);
    const lifecycle = this.currentLifecycle;
    const cause = { i18n, routes, lifecycle, view, diagnosis: this.#reading?.diagnosis, pinned };
    return {
      label: name ? i18n.format('popup.label', { name }) : i18n.format('popup.label.plain'),
      i18n,
      announce: this.speak,
      copy: texts.lead,
      head: html`<div class="popup-head" data-tone=${view.tone}>
          ${icon(shapeOf(view))}<span dir="auto" translate=${wordTranslation()}>${exactText(texts.label)}</span>
        </div>
        ${this.#time(view)}`,
      body: html`${texts.stale ? html`<p class="popup-stale">${icon('clock')}${texts.stale}</p>` : nothing}
        ${texts.rawStatus ? html`<p>${i18n.format('popup.word', { word: texts.rawStatus })}</p>` : nothing}
        <p class="foreign" dir="auto">${texts.lead}</p>
        ${view.truncated ? html`<p class="popup-note">${i18n.format('status.truncated')}</p>` : nothing}
        ${texts.next ? html`<p><span class="popup-label">${i18n.format('popup.next')}</span>${texts.next}</p>` : nothing}
        ${causeTemplate(cause)} ${outlookTemplate(cause, recoveryAction(lifecycle, view.status))}
        ${
          view.changedBy
            ? html`<p class="popup-note">${i18n.format('popup.changedBy', { who: visibleText(view.changedBy) })}</p>`
            : nothing
        }
        ${pinned ? html`<slot name="details"></slot>` : nothing}`,
    };
  }

  #time({ at, presence }: CampaignView): unknown {
    if (at === undefined || presence !== 'present') return nothing;
    const { i18n } = this;
    const text = i18n.format('popup.at', { ago: i18n.ago(this.#now() - at), time: i18n.dateTime(at) });
    return html`<time datetime=${new Date(at).toISOString()}>${text}</time>`;
  }

  #now(): number {
    return this.source?.now() ?? Date.now();
  }

  protected override render(): TemplateResult {
    const view = this.#shown;
    if (!view) return html`<span class="problem" part="problem">${this.problem}</span>`;
    const { i18n } = this;
    const texts = statusTexts(i18n, this.currentLifecycle, view);
    const [before = '', after] = i18n.format('status.name', { label: '\0' }).split('\0');
    return html`<button
        class="tag"
        id="tag"
        part="tag"
        type="button"
        data-popup="pin"
        data-tone=${view.tone}
        data-presence=${view.presence === 'present' ? nothing : view.presence}
        ?data-stale=${view.stale}
        ?data-message=${texts.hasMessage}
        aria-expanded="false"
        aria-describedby="description"
      >
        <svg class="icon" part="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <path fill-rule="evenodd" d=${iconPath(shapeOf(view))}></path>
        </svg>
        <span class="visually-hidden">${before}</span
        ><span class="label" part="label" dir="auto" translate=${wordTranslation()}>${exactText(texts.label)}</span>${
          after ? html`<span class="visually-hidden">${after}</span>` : nothing
        }${view.stale ? this.#since(view.stale.asOf) : nothing}
      </button>
      <span id="description" hidden>${description(i18n, texts)}</span>`;
  }

  #since(asOf: number): TemplateResult {
    const { i18n } = this;
    const time = this.#now() - asOf < DAY_MS / 2 ? i18n.clock(asOf) : i18n.dateTime(asOf);
    return html`<span class="since" part="since">${icon('clock')}${i18n.format('status.stale.at', { time })}</span>`;
  }
}

const DAY_MS = 86_400_000;

const presenceIcons = { loading: 'dots', gone: 'cross', absent: 'unknown' } as const;

function shapeOf({ presence, icon: shape }: CampaignView): string | IconPath {
  return presence === 'present' ? shape : presenceIcons[presence];
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-status-tag': CampaignStatusTag;
  }
}
