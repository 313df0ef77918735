import type { CSSResultGroup, PropertyValues } from 'lit';
import type { Timestamp } from '../../adapters/contract.ts';
import type { IconPath } from '../../lifecycle/index.ts';
import type { CampaignView, Diagnosis, Live } from '../../store/types.ts';
import { millisecondsOf, oneOf, readableTime } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { delegateFocusTo } from '../shared/base/root-options.ts';
import { SwitchableClock } from '../shared/controllers/clock-controller.ts';
import { drawProblem, make, writeAttribute, writeText } from '../shared/dom/write.ts';
import { icons } from '../shared/icons/shapes.ts';
import { svgIcon } from '../shared/icons/svg-icon.ts';
import { PopupElement } from '../shared/popup/popup-element.ts';
import type { Popup } from '../shared/popup/popup.ts';
import { keepsWords } from '../shared/text/word-translation.ts';
import { crossFade } from './cross-fade.ts';
import { styles } from './campaign-status-tag.styles.ts';
import { popupChunk, type StatusPopupModule } from './popup-chunk.ts';
import type { StatusFacts } from './status-popup.ts';
import { isTimed, tagTexts, type TagTexts } from './tag-texts.ts';

/**
 * Shows the status of one campaign, and why: hover, focus or press it to read the backend's message, what to do next, and what
 * the error depends on.
 *
 * Connected to a store it follows the campaign by `system` and `campaign-id`; without one it shows what `system`, `status`,
 * `message`, `name`, `at`, `stale-since` and `stuck-since` say.
 *
 * @summary Shows a campaign's status and says why it is so.
 * @tag campaign-status-tag
 *
 * @slot details - Shown at the end of the pinned popup.
 *
 * @csspart tag - The tag, a button. The shape of the status is its `::before`.
 * @csspart icon - The shape of a status whose lifecycle draws its own, an `svg`.
 * @csspart label - The word of the status.
 * @csspart since - "Last known" and the time, while the status is stale; "Stuck" and for how long, while it is stuck.
 * @csspart popup - The popup, while it is open.
 * @csspart popup-body - The part of the popup that scrolls.
 * @csspart popup-close - The button that closes the pinned popup.
 * @csspart popup-copy - The button that copies the message.
 * @csspart link - A link to the channel or agent that the error comes from.
 * @csspart problem - What is shown in place of the tag when it is wired wrongly.
 *
 * @cssstate stale - Only the last known truth is shown.
 * @cssstate stuck - The status has lasted longer than the lifecycle expects.
 * @cssstate unknown - The lifecycle does not know the status.
 * @cssstate loading - The campaign has not been read yet.
 * @cssstate gone - The campaign was removed, or there is none.
 * @cssstate open - The popup is open.
 * @cssstate pinned - The popup is open and stays.
 *
 */
export class CampaignStatusTag extends PopupElement<StatusPopupModule> {
  static override shadowRootOptions: ShadowRootInit = delegateFocusTo('tag');
  static override styles: CSSResultGroup = styles;

  /** How much room the tag takes: `comfortable` or `compact`. */
  @property({ reflect: true, converter: oneOf('comfortable', 'compact') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** How strongly the tone shows: `tint`, `solid`, or `auto`, which is a tint but solid for errors on a dark page. */
  @property({ reflect: true, converter: oneOf('auto', 'tint', 'solid') })
  emphasis: 'auto' | 'tint' | 'solid' = 'auto';

  /**
   * `status` is only the last known one, true at that time. With a store, it is shown until the campaign was read there. ISO 8601 or
   * ms since 1970.
   */
  @property({ attribute: 'stale-since', converter: readableTime }) staleSince: Timestamp | undefined;

  /** Without a store: the status is stuck, since that time. ISO 8601 or ms since 1970. */
  @property({ attribute: 'stuck-since', converter: readableTime }) stuckSince: Timestamp | undefined;

  readonly #states = new CustomStates(this);
  #ticking: SwitchableClock | undefined;
  #shown: CampaignView | undefined;
  /** What is on the page; `undefined` while the tag is not drawn. */
  #drawn: { readonly texts: TagTexts; readonly attributes: Attributes; readonly shape: string | IconPath } | undefined;
  #label: HTMLElement | undefined;

  protected override currentView(): CampaignView | undefined {
    const view = super.currentView();
    if (!view) return view;
    const asOf = millisecondsOf(this.staleSince);
    const stale = asOf === undefined ? undefined : ({ asOf, why: 'feed' } as const);
    if (this.connected) {
      const lastKnown = view.presence === 'loading' ? this.describedView : undefined;
      return stale && lastKnown ? { ...lastKnown, stale } : view;
    }
    if (stale) return { ...view, stale };
    const stuckSince = millisecondsOf(this.stuckSince);
    return stuckSince === undefined ? view : { ...view, stuckSince };
  }

  /** What a screen reader is told beside the name. No id in here can be pointed at from a host's page; this text can be used there. */
  get description(): string {
    return this.#drawn?.texts.description ?? '';
  }

  /** Opens the popup and keeps it open, as a press does. The first time this may take until `updateComplete`: its code is loaded. */
  open(): void {
    const trigger = this.renderRoot.querySelector<HTMLElement>('.tag');
    if (trigger) this.openPopup(trigger);
  }

  /** Closes the popup. */
  close(): void {
    this.closePopup();
  }

  protected override get layers(): typeof popupChunk {
    return popupChunk;
  }

  protected override makePopup({ statusPopup }: StatusPopupModule): Popup {
    return statusPopup(this, () => this.#popupFacts());
  }

  #popupFacts(): StatusFacts | undefined {
    const view = this.#shown;
    if (!view) return undefined;
    const { i18n, routes, speak: announce, currentLifecycle: lifecycle } = this;
    const diagnosis = (): Live<Diagnosis> | undefined =>
      this.connected && view.cause ? this.source?.diagnosis(this.campaignRef) : undefined;
    return { view, shape: shapeOf(view), i18n, routes, lifecycle, announce, now: this.#now(), diagnosis };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const before = this.#shown;
    this.#shown = this.problem === undefined ? this.view : undefined;
    const view = this.#shown;
    const ticks = !!view && isTimed(view);
    if (ticks) this.#ticking ??= new SwitchableClock(this);
    this.#ticking?.turn(ticks);
    if (this.isOtherCampaign) this.closePopup();
    // Another campaign in this place is no change of a status.
    const changes = view && before && this.#label && !this.isOtherCampaign;
    if (changes && (view.tone !== before.tone || view.icon !== before.icon))
      crossFade(this.#label!.parentElement!, before.tone);
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { presence, stale, stuckSince, known } = this.#shown ?? {};
    const mode = this.popup?.mode;
    this.#states.replace({
      stale: !!stale,
      stuck: stuckSince !== undefined,
      loading: presence === 'loading',
      gone: presence === 'gone' || presence === 'absent',
      unknown: presence === 'present' && !known,
      open: !!mode,
      pinned: mode === 'pinned',
    });
  }

  #now(): number {
    return this.source?.now() ?? Date.now();
  }

  protected override draw(): void {
    const root = this.renderRoot;
    const view = this.#shown;
    if (!view) {
      this.#drawn = this.#label = undefined;
      return drawProblem(root, this.problem);
    }
    const before = this.#drawn;
    const texts = tagTexts(this.i18n, this.currentLifecycle, view, isTimed(view) ? this.#now() : 0);
    const { attributes, shape } = (this.#drawn = {
      texts,
      attributes: attributesOf(view, texts),
      shape: shapeOf(view),
    });
    const fresh = this.#label ? undefined : ((pattern ??= makePattern()).cloneNode(true) as DocumentFragment);
    const label = (this.#label ??= fresh!.querySelector<HTMLElement>('.label')!);
    const tag = label.parentElement!;
    for (const name in attributes)
      if (attributes[name] !== before?.attributes[name]) writeAttribute(tag, name, attributes[name]);
    if (shape !== before?.shape) drawOwnIcon(tag, shape);
    writeText(label, texts.label);
    writeAttribute(label, 'translate', keepsWords(this) ? 'no' : undefined);
    if (texts.description !== before?.texts.description) tag.nextElementSibling!.textContent = texts.description;
    if (texts.since !== (before?.texts.since ?? '')) drawSince(label, texts.since);
    if (!fresh) return;
    root.querySelector('.problem')?.remove();
    root.prepend(fresh);
  }
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** The attributes of the button that change. */
function attributesOf(view: CampaignView, { hasMessage, name }: TagTexts): Attributes {
  const shape = shapeOf(view);
  return {
    'data-tone': view.tone,
    'data-presence': view.presence === 'present' ? undefined : view.presence,
    'data-stale': view.stale && '',
    'data-stuck': view.stuckSince === undefined ? undefined : '',
    'data-message': hasMessage ? '' : undefined,
    'data-icon': typeof shape === 'string' ? (icons.has(shape) ? shape : 'unknown') : undefined,
    'aria-label': name,
  };
}

let pattern: DocumentFragment | undefined;

/** What every tag is cloned from. */
function makePattern(): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(
    make(
      'button',
      {
        class: 'tag',
        id: 'tag',
        part: 'tag',
        type: 'button',
        'data-popup': 'pin',
        'aria-expanded': 'false',
        'aria-describedby': 'description',
      },
      make('span', { class: 'label', part: 'label', translate: 'no' }),
    ),
    make('span', { id: 'description', hidden: '' }),
  );
  return fragment;
}

/** Draws an icon of a lifecycle's own, or takes it away. */
function drawOwnIcon(tag: HTMLElement, shape: string | IconPath): void {
  tag.querySelector('svg')?.remove();
  if (typeof shape === 'string') return;
  const svg = svgIcon(shape.path);
  writeAttribute(svg, 'class', 'icon');
  writeAttribute(svg, 'part', 'icon');
  tag.prepend(svg);
}

function drawSince(label: HTMLElement, since: string): void {
  while (label.nextSibling) label.nextSibling.remove();
  // The blank separates it from the label where both are read as one text.
  if (since) label.after(' ', make('span', { class: 'since', part: 'since', 'data-icon': 'clock' }, since));
}

const presenceIcons = { loading: 'dots', gone: 'cross', absent: 'unknown' } as const;

function shapeOf({ presence, icon: shape, loadError }: CampaignView): string | IconPath {
  if (loadError) return 'unknown';
  return presence === 'present' ? shape : presenceIcons[presence];
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-status-tag': CampaignStatusTag;
  }
}
