import type { CSSResultGroup, PropertyValues } from 'lit';
import type { CampaignRef } from '../../adapters/contract.ts';
import { confirmationOf, legalActions, type Lifecycle } from '../../lifecycle/index.ts';
import { actionEnglish } from '../../i18n/en-action.ts';
import { addEnglish } from '../../i18n/english-texts.ts';
import type { ActionView, CampaignStore, CampaignView } from '../../store/types.ts';
import { oneOf, optionalText, text } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { delegateFocusTo } from '../shared/base/root-options.ts';
import { sameCampaign } from '../shared/base/same-campaign.ts';
import type { ConfirmDialog } from '../shared/dialog/confirm-dialog.ts';
import { drawProblem } from '../shared/dom/write.ts';
import { attend } from '../shared/popup/delegated-events.ts';
import { PopupElement } from '../shared/popup/popup-element.ts';
import type { PopupLiveData } from '../shared/popup/popup-live-data.ts';
import type { Popup } from '../shared/popup/popup.ts';
import { reasonText, statusLabel, actionLabel } from '../shared/text/labels.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { keepsWords } from '../shared/text/word-translation.ts';
import { CampaignActionEvent, CampaignOutcomeEvent } from '../events.ts';
import { BusyController } from './busy-controller.ts';
import { obstacleText, surpriseText, verbText, type TextSource } from './button-texts.ts';
import { styles } from './campaign-action-button.styles.ts';
import { drawAction, drawBadge, drawMenuButton, type ActionLook } from './draw-button.ts';
import { type ActionLayers, layersChunk } from './layers-chunk.ts';
import { offerOf, type Settled } from './outcome-texts.ts';
import type { ButtonFacts } from './popup-contents.ts';

/** An action that waits for its confirmation. */
interface Confirming {
  readonly source: CampaignStore | undefined;
  readonly ref: CampaignRef;
  readonly action: string;
  /** The status in which it was asked for. */
  readonly status: string;
}

addEnglish(actionEnglish);

/** A press so soon after the verb changed, or after another press, was not meant for what is there now, in ms. */
const GUARD_MS = 500;

/**
 * The first action that a campaign's status offers; further ones are in a menu beside it. While it can't be taken it says why;
 * once asked for, it stays with the request until the backend has confirmed, refused, or left it open.
 *
 * Connected to a store it follows the campaign by `system` and `campaign-id` and sends the request itself; without one it
 * offers what `system`, `status` and `missing` allow, and its `campaign-action` event is the request.
 *
 * @summary Starts, stops or force-stops a campaign, or says why not.
 * @tag campaign-action-button
 *
 * @fires {CampaignActionEvent} campaign-action - The user asks for the action; cancel it to keep the request from going out.
 * @fires {CampaignOutcomeEvent} campaign-outcome - What became of a request that went out from here.
 * @fires {CampaignNavigateEvent} campaign-navigate - The user wants a page of the host's. Cancelable: then its link is not followed.
 *
 * @csspart button - The button of the action.
 * @csspart more - The button that opens the menu, where the status offers further actions.
 * @csspart choice - The button of an action in the menu.
 * @csspart outcome - The button that tells what became of the latest request.
 * @csspart popup - The popup with a reason or an outcome, while it is open.
 * @csspart popup-body - The part of the popup that scrolls.
 * @csspart popup-close - The button that closes the pinned popup.
 * @csspart link - A link to where something missing can be supplied.
 * @csspart confirm - The dialog that asks for confirmation or for a text.
 * @csspart confirm-input - The field in it, if the action takes a text.
 * @csspart confirm-error - Says in it what is wrong with the text.
 * @csspart confirm-cancel - The button in it that changes nothing.
 * @csspart confirm-go - The button in it that confirms.
 * @csspart problem - What is shown in place of the button when it is wired wrongly.
 *
 * @cssstate disabled - The action can't be taken now.
 * @cssstate pending - A request is under way.
 * @cssstate refused - The latest request was refused.
 * @cssstate conflict - The latest request came too late.
 * @cssstate uncertain - The latest request was not confirmed.
 * @cssstate confirming - The dialog that asks for confirmation or for a text is open.
 * @cssstate open - The popup or the menu is open.
 *
 */
export class CampaignActionButton extends PopupElement<ActionLayers> {
  static override shadowRootOptions: ShadowRootInit = delegateFocusTo('action');
  static override styles: CSSResultGroup = styles;

  /** How much room the button takes: `comfortable` or `compact`. */
  @property({ reflect: true, converter: oneOf('comfortable', 'compact') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** Offers only this action while it is legal, in place of what the status offers. */
  @property({ converter: text }) action = '';

  /** Without a store: the request is under way. */
  @property({ type: Boolean, reflect: true }) pending = false;

  /** Without a store: why the action can't be taken now. */
  @property({ converter: optionalText }) reason: string | undefined;

  readonly #states = new CustomStates(this);
  readonly #busy = new BusyController(this);
  #confirm: ConfirmDialog | undefined;
  #reading: PopupLiveData | undefined;

  /** The view that this update shows. */
  #shown: CampaignView | undefined;
  /** The action on the button, and when it came there. */
  #drawn: { readonly action: string | undefined; readonly at: number } | undefined;
  /** The action that was on the button when the present press began. */
  #pressed: string | undefined;
  /** The store that this update shows the campaign of. */
  #source: CampaignStore | undefined;
  /** What is being confirmed. */
  #confirming: Confirming | undefined;
  /** When something was last asked for from here. */
  #requestedAt = -Infinity;
  /** The next change of the verb is what was asked for from here. */
  #mine = false;
  /** What became of a request that the store keeps no record of, because it never went out; and from which status. */
  #unsent: (Settled & { readonly status: string }) | undefined;
  /** The action that was not on the button yet when the latest press began: the popup says so. */
  #surprise: string | undefined;
  #checking = false;
  /** The actions in the menu, and when they became these. */
  #menu = { actions: '', at: -Infinity };
  #focusedBefore: Element | null = null;
  #listens = false;

  protected override currentView(): CampaignView | undefined {
    const whole = super.currentView();
    const view = whole && offering(whole, this.action, this.currentLifecycle);
    if (!view?.action || this.connected || (!this.pending && !this.reason)) return view;
    const { action } = view.action;
    const first: ActionView = this.reason ? { action, disabled: { code: 'denied', text: this.reason } } : view.action;
    return {
      ...view,
      action: first,
      actions: [first, ...view.actions.slice(1)],
      ...(this.pending ? { request: { action, since: 0, phase: 'pending' } } : {}),
    };
  }

  /** Does what a press of the user does: asks for confirmation where the action needs it, and says why when it can't be taken. */
  press(): void {
    this.#press(this.#drawn?.action, true, performance.now());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const wasPending = this.#shown?.request?.phase === 'pending';
    this.#shown = this.problem === undefined ? this.view : undefined;
    const view = this.#shown;
    if (this.isOtherCampaign || this.source !== this.#source) this.#forget();
    this.#source = this.source;
    if (view?.presence !== 'present' || view.status !== this.#unsent?.status) this.#unsent = undefined;
    this.#busy.update(view?.request?.phase === 'pending' ? view.request.action : undefined);
    this.#draw(view?.action?.action);
    // It may have landed on an action of the same name: the next change is somebody else's.
    if (wasPending && view?.request?.phase !== 'pending') this.#mine = false;
    const further = view?.actions.slice(1).map(({ action }) => action) ?? [];
    if (further.join(' ') !== this.#menu.actions) this.#menu = { actions: further.join(' '), at: performance.now() };
    this.#focusedBefore = this.#active;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const phase = this.#settled?.phase;
    const pending = this.#busy.action !== undefined;
    this.#states.replace({
      pending,
      disabled: !pending && !!this.#shown?.action?.disabled,
      refused: phase === 'refused',
      conflict: phase === 'conflict',
      uncertain: phase === 'uncertain',
      confirming: !!this.#confirm?.isOpen,
      open: !!this.popup?.mode,
    });
    // What had the focus is gone: it must not fall to the top of the page.
    if (this.#focusedBefore && this.isConnected && !this.#active)
      this.renderRoot.querySelector<HTMLElement>('.action, .outcome')?.focus({ preventScroll: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  /** What has the focus in here. On a server there is no root yet. */
  get #active(): Element | null {
    return (this.renderRoot as ShadowRoot | undefined)?.activeElement ?? null;
  }

  #draw(action: string | undefined): void {
    const before = this.#drawn;
    if (before && before.action === action) return;
    const surprising = before?.action !== undefined && !this.#mine;
    this.#mine = false;
    this.#drawn = { action, at: surprising ? performance.now() : -Infinity };
  }

  #forget(): void {
    this.closePopup();
    this.#confirming = undefined;
    this.#confirm?.close();
    this.#drawn = undefined;
    this.#mine = false;
    this.#busy.reset();
    this.#unsent = undefined;
    this.#surprise = undefined;
    this.#pressed = undefined;
    this.#requestedAt = -Infinity;
    this.#checking = false;
  }

  // --- from press to outcome ------------------------------------------------------------------------------------------

  /** @internal */
  override [attend](event: Event): void {
    this.#listen();
    super[attend](event);
  }

  /** A button that nobody has come near has no listeners. */
  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    const root = this.renderRoot;
    const on = (type: string, onEvent: (event: Event) => void): void =>
      root.addEventListener(type, (event) => {
        if ((event.target as Element).closest('.action')) onEvent(event);
      });
    on('pointerdown', (event) => this.#began(event));
    on('keydown', (event) => this.#began(event));
    on('click', (event) => this.#clicked(event as MouseEvent));
    on('focusout', () => this.#shown?.action ?? this.requestUpdate());
  }

  #began(event: Event): void {
    if (event instanceof KeyboardEvent && (event.key === 'Enter' || event.key === ' ')) {
      // A key that is held down is one press.
      if (event.repeat) return event.preventDefault();
    } else if (event instanceof KeyboardEvent) {
      return;
    }
    this.#pressed = this.#drawn?.action;
  }

  #clicked(event: MouseEvent): void {
    // The popup looks after presses that pin it.
    if ((event.target as Element).closest('[data-popup=pin]')) return;
    const pressedAction = this.#pressed ?? this.#drawn?.action;
    this.#pressed = undefined;
    // The other half of a double click was meant for what the first one hit, which may have been a popup over this button.
    if (event.detail > 1) return;
    this.#press(pressedAction, event.detail === 0, event.timeStamp);
  }

  /**
   * @param pressedAction the action that was on the button when the press began
   * @param byKeys no pointer was used
   * @param at when it was: a page that stands still hears of it later, in ms
   */
  #press(pressedAction: string | undefined, byKeys: boolean, at: number): void {
    const view = this.view;
    const offered = view?.action;
    if (!view || !offered || !this.#drawn) return;
    // A second press of what was just asked for is the other half of a double click.
    if (at - this.#requestedAt < GUARD_MS) return;
    if (this.#busy.action !== undefined || view.request?.phase === 'pending') return;
    // Nothing to take: the popup says why.
    if (offered.disabled) return void this.#openPopup('.action', byKeys);
    const visibleLabel = this.renderRoot.querySelector('.face:not([data-off])');
    if (
      pressedAction !== offered.action ||
      at - this.#drawn.at < GUARD_MS ||
      this.#showsOther(offered.action, visibleLabel)
    ) {
      this.#surprise = offered.action;
      this.speak(surpriseText(this.#textSource, offered.action));
      this.requestUpdate();
      return void this.#openPopup('.action', false);
    }
    this.#confirmOrRequest(view, offered.action);
  }

  /** A press of an action in the menu. */
  #choose(action: string, event: MouseEvent): void {
    const { view } = this;
    const offered = view && offerOf(view, action);
    if (!offered || offered.disabled || event.detail > 1) return;
    const guarded = Math.max(this.#requestedAt, this.#menu.at) + GUARD_MS;
    if (event.timeStamp < guarded || this.#busy.action !== undefined || view.request?.phase === 'pending') return;
    if (this.#showsOther(action, event.currentTarget as Element)) {
      this.speak(surpriseText(this.#textSource, action));
      return this.requestUpdate();
    }
    this.#confirmOrRequest(view, action);
  }

  /** Opens the dialog if the action needs a confirmation or takes a text, else sends the request. */
  #confirmOrRequest(view: CampaignView, action: string): void {
    const { source, campaignRef: ref, currentLifecycle: lifecycle } = this;
    this.closePopup();
    this.#confirming = { source, ref, action, status: view.status };
    if (confirmationOf(lifecycle, view.status, action) || lifecycle?.actions[action]?.input) void this.#openConfirm();
    else this.#request();
    this.requestUpdate();
  }

  /** True if a control reads as another action than this one: something on the page has written over its verb. */
  #showsOther(action: string, control: Element | null): boolean {
    const shown = control?.querySelector('.verb')?.textContent.trim();
    if (shown === this.#verb(action)) return false;
    return Object.keys(this.currentLifecycle?.actions ?? {}).some((other) => shown === this.#verb(other));
  }

  #request(input?: string): void {
    const { view, source } = this;
    const confirming = this.#confirming;
    // What was confirmed may no longer be what is here.
    if (!confirming || confirming.source !== source || !sameCampaign(confirming.ref, this.campaignRef)) return;
    const { ref, action } = confirming;
    const offered = view && offerOf(view, action);
    if (!offered || offered.disabled) return;
    this.#requestedAt = performance.now();
    this.#unsent = undefined;
    this.closePopup();
    if (!this.dispatchEvent(new CampaignActionEvent(ref, action, input))) return;
    this.#mine = true;
    if (source && this.connected) void this.#await(source, ref, action, input);
  }

  /** Waits for the outcome, which may come long after this element has gone on to another campaign, or away. */
  async #await(source: CampaignStore, ref: CampaignRef, action: string, input?: string): Promise<void> {
    const { speak, i18n, currentLifecycle: lifecycle } = this;
    const since = source.now();
    const answer = await source.perform(ref, action, input === undefined ? {} : { input });
    const { outcome, reason } = answer;
    const { name, status, request } = source.campaign(ref).value;
    speak(
      i18n.format(`spoken.${outcome}`, {
        verb: actionLabel(i18n, lifecycle, action),
        name: visibleText(name),
        label: statusLabel(i18n, lifecycle, status),
        reason: reason ? visibleText(reasonText(i18n, lifecycle, reason)) : '',
      }),
    );
    if (outcome !== 'done') this.#mine = false;
    if (!this.isConnected || this.source !== source || !sameCampaign(ref, this.campaignRef)) return;
    if (outcome !== 'done' && request?.phase !== outcome)
      this.#unsent = { action, since, phase: outcome, ...(reason ? { reason } : {}), status };
    this.requestUpdate();
    this.dispatchEvent(new CampaignOutcomeEvent(ref, action, answer));
    // What was just asked for and did not happen is told where it was asked, unless something else is being read.
    if ((outcome === 'refused' || outcome === 'conflict') && !this.layers.value?.Popup.pinned)
      void this.#openPopup('.outcome', false);
  }

  /** The outcome to show; `undefined` when there is none, or none to speak of. */
  get #settled(): Settled | undefined {
    const request = this.#shown?.request;
    if (!request) return this.#unsent;
    return request.phase === 'pending' || request.phase === 'done' ? undefined : (request as Settled);
  }

  async #check(): Promise<void> {
    const { source, campaignRef, speak, i18n, currentLifecycle: lifecycle } = this;
    if (!source || this.#checking) return;
    this.#checking = true;
    this.requestUpdate();
    const read = await source.refresh(campaignRef);
    this.#checking = false;
    this.requestUpdate();
    const { name, status, presence } = source.campaign(campaignRef).value;
    const key = !read ? 'spoken.unread' : presence === 'present' ? 'spoken.done' : 'spoken.removed';
    speak(i18n.format(key, { name: visibleText(name), label: statusLabel(i18n, lifecycle, status) }));
  }

  #dismiss(): void {
    this.closePopup();
    this.#unsent = undefined;
    this.source?.dismiss(this.campaignRef);
    this.requestUpdate();
  }

  // --- popup and dialog -----------------------------------------------------------------------------------------------

  protected override get layers(): typeof layersChunk {
    return layersChunk;
  }

  protected override makePopup(layers: ActionLayers): Popup {
    const popup: Popup = new layers.Popup(
      this,
      (trigger, mode) => {
        const facts = this.#facts();
        return facts && layers.buttonPopup(facts, trigger, mode);
      },
      () => this.#toggled(popup, layers),
    );
    return popup;
  }

  /** The press that led here is answered when the code of the dialog is there. */
  async #openConfirm(): Promise<void> {
    const confirming = this.#confirming;
    const open = (layers: ActionLayers): void => {
      this.#confirm ??= new layers.ConfirmDialog(
        this,
        () => {
          const { view, i18n, currentLifecycle: lifecycle } = this;
          const { action, status } = this.#confirming ?? { action: '', status: '' };
          return view && layers.confirmContent({ i18n, lifecycle, view }, action, status);
        },
        (input) => this.#request(input),
      );
      this.#confirm.open();
    };
    if (this.layers.value) return open(this.layers.value);
    const layers = await this.layers.load().catch(() => undefined);
    if (this.#confirming !== confirming || !this.isConnected) return;
    if (layers) open(layers);
    else if (confirming) this.#showUnsent(confirming);
    this.requestUpdate();
  }

  /** Without the dialog nothing can be confirmed, so nothing is sent. */
  #showUnsent({ source, action, status }: Confirming): void {
    const since = source?.now() ?? Date.now();
    this.#unsent = { action, since, phase: 'refused', reason: { code: 'unavailable' }, status };
  }

  async #openPopup(selector: string, into: boolean): Promise<void> {
    await this.updateComplete;
    const trigger = this.renderRoot.querySelector<HTMLElement>(selector);
    if (trigger) this.openPopup(trigger, into);
  }

  #toggled(popup: Popup, { PopupLiveData }: ActionLayers): void {
    const { mode, trigger } = popup;
    if (mode === 'pinned' && trigger?.classList.contains('more'))
      this.renderRoot.querySelector<HTMLElement>('.choice')?.focus({ preventScroll: true });
    if (!mode) this.#surprise = undefined;
    this.#reading ??= new PopupLiveData(this, () =>
      this.connected && this.view?.cause ? this.source?.diagnosis(this.campaignRef) : undefined,
    );
    this.#reading.turn(mode !== undefined);
  }

  #facts(): ButtonFacts | undefined {
    const view = this.#shown;
    if (!view) return undefined;
    const { i18n, routes, speak: announce, currentLifecycle: lifecycle } = this;
    return {
      i18n,
      routes,
      announce,
      lifecycle,
      view,
      busy: this.#busy.action,
      settled: this.#settled,
      surprise: this.#surprise,
      checking: this.#checking,
      // Only an open popup reads how dependencies are doing.
      diagnosis: this.#reading?.diagnosis,
      now: this.source?.now() ?? Date.now(),
      choose: (action, event) => this.#choose(action, event),
      check: () => void this.#check(),
      retry: (action) => this.#retry(action),
      dismiss: () => this.#dismiss(),
    };
  }

  #retry(action: string): void {
    const { view } = this;
    const offered = view && offerOf(view, action);
    if (offered && !offered.disabled) this.#confirmOrRequest(view, action);
  }

  get #textSource(): TextSource {
    return { i18n: this.i18n, lifecycle: this.currentLifecycle };
  }

  #verb(action: string): string {
    return verbText(this.#textSource, action);
  }

  // --- drawing --------------------------------------------------------------------------------------------------------

  protected override draw(): void {
    const root = this.renderRoot;
    const view = this.#shown;
    if (!view) return drawProblem(root, this.problem);
    root.querySelector('.problem')?.remove();
    const settled = this.#settled;
    const look = this.#look(view);
    drawAction(root, look);
    drawMenuButton(root, { i18n: this.i18n, view });
    drawBadge(root, settled && { ...this.#textSource, view, settled });
  }

  #look(view: CampaignView): ActionLook | undefined {
    const offered = view.action ?? this.#lastOffer(view);
    if (!offered) return undefined;
    const { action, disabled } = offered;
    const busy = this.#busy.action;
    const source = this.#textSource;
    const facts = this.#reading && this.#facts();
    return {
      ...source,
      view,
      offered,
      busy,
      description:
        disabled && busy === undefined
          ? obstacleText(source, disabled)
          : ((facts && this.layers.value?.outlook(facts, action)) ?? ''),
      translate: keepsWords(this) ? 'no' : undefined,
    };
  }

  /**
   * A button that vanishes under the focus, or before the dialog gives the focus back, would leave the user nowhere: it stays,
   * and says why it does nothing.
   */
  #lastOffer(view: CampaignView): ActionView | undefined {
    if (!this.#confirm?.isOpen && !this.#focusedBefore?.matches('.action, .more, .choice')) return undefined;
    return { action: '', disabled: { code: view.presence === 'present' ? 'illegal' : 'gone' } };
  }
}

/** The view of a button that offers another action than the status's own. What became of any other request is not shown there. */
function offering(view: CampaignView, action: string, lifecycle: Lifecycle | undefined): CampaignView {
  if (!action || !view.known || view.presence !== 'present') return view;
  if (action === view.action?.action) return view.actions.length > 1 ? { ...view, actions: [view.action] } : view;
  const { request, ...rest } = view;
  const legal = legalActions(lifecycle, view.status).includes(action);
  const offer: ActionView = offerOf(view, action) ?? (legal ? { action } : { action, disabled: { code: 'illegal' } });
  return {
    ...rest,
    action: offer,
    actions: [offer],
    ...(request && (request.phase === 'pending' || request.action === action) ? { request } : {}),
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-action-button': CampaignActionButton;
  }
}
