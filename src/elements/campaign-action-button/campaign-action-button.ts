import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import type { CampaignRef } from '../../adapters/contract.ts';
import {
  confirmationOf,
  legalActions,
  startsProcessing,
  type Action,
  type Confirmation,
  type Lifecycle,
} from '../../lifecycle/index.ts';
import type { ActionView, CampaignStore, CampaignView, Reason } from '../../store/types.ts';
import { oneOf, optionalText, text } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignViewElement } from '../shared/base/campaign-view-element.ts';
import { confirmDialogStyles } from '../shared/dialog/confirm-dialog.styles.ts';
import { ConfirmDialog, type ConfirmContent, type ConfirmField } from '../shared/dialog/confirm-dialog.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { dependencyStyles, outlookText } from '../shared/text/dependency-text.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { isolateText } from '../shared/text/isolate-text.ts';
import { CampaignActionEvent, CampaignOutcomeEvent } from '../events.ts';
import { hostLink, hostLinkStyles } from '../shared/templates/host-link.ts';
import { reasonText, statusLabel, actionLabel } from '../shared/text/labels.ts';
import { causeTemplate, outlookTemplate } from '../shared/popup/cause-template.ts';
import { PopupLiveData } from '../shared/popup/popup-live-data.ts';
import { popupStyles } from '../shared/popup/popup.styles.ts';
import { Popup, type PopupContent, type PopupMode } from '../shared/popup/popup.ts';
import { delegateFocusTo } from '../shared/base/root-options.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { exactText, html } from '../shared/templates/html.ts';
import { wordTranslation } from '../shared/templates/word-translation.ts';
import { menuButton, menuChoices, menuName, type Choice } from './action-menu.ts';
import { BusyController } from './busy-controller.ts';
import { styles } from './campaign-action-button.styles.ts';
import { hidden, outcomeBadge, outcomeContent, type OutcomeFacts, type Settled } from './outcome-templates.ts';

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
 * @fires {CampaignNavigateEvent} campaign-navigate - The user wants a page that no route leads to.
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
 * @cssproperty [--campaign-font-size=13px] - The size of the text; all other sizes follow.
 * @cssproperty [--campaign-radius=6px] - The corners of the button.
 * @cssproperty [--campaign-radius-panel=10px] - The corners of popup and dialog.
 * @cssproperty [--campaign-color-danger=light-dark(#9d011b, #ec5560)] - Behind the verb that needs confirmation.
 */
export class CampaignActionButton extends CampaignViewElement {
  static override shadowRootOptions: ShadowRootInit = delegateFocusTo('action');
  static override styles: CSSResultGroup = [
    theme,
    controlStyles,
    hostLinkStyles,
    dependencyStyles,
    popupStyles,
    confirmDialogStyles,
    styles,
  ];

  /** How much room the button takes: `comfortable` or `compact`. */
  @property({ reflect: true, useDefault: true, converter: oneOf('comfortable', 'compact') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** Offers only this action while it is legal, in place of what the status offers. */
  @property({ converter: text }) action = '';

  /** Without a store: the request is under way. */
  @property({ type: Boolean, reflect: true }) pending = false;

  /** Without a store: why the action can't be taken now. */
  @property({ converter: optionalText }) reason: string | undefined;

  readonly #states = new CustomStates(this);
  readonly #busy = new BusyController(this);
  readonly #popup = new Popup(
    this,
    (trigger, mode) => this.#popupContent(trigger, mode),
    () => this.#toggled(),
  );
  readonly #confirm = new ConfirmDialog(
    this,
    () => this.#confirmContent(),
    (input) => this.#request(input),
  );
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
  #confirming:
    | {
        readonly source: CampaignStore | undefined;
        readonly ref: CampaignRef;
        readonly action: string;
        /** The status in which it was asked for. */
        readonly status: string;
      }
    | undefined;
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

  override get view(): CampaignView | undefined {
    const view = super.view && offering(super.view, this.action, this.currentLifecycle);
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
    if (changed.has('campaignId') || changed.has('system') || this.source !== this.#source) this.#forget();
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
      confirming: this.#confirm.isOpen,
      open: !!this.#popup.mode,
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
    this.#popup.close();
    this.#confirm.close();
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
    if ((event.currentTarget as HTMLElement).dataset['popup'] === 'pin') return;
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
      this.speak(this.#surpriseText(offered.action));
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
      this.speak(this.#surpriseText(action));
      return this.requestUpdate();
    }
    this.#confirmOrRequest(view, action);
  }

  /** Opens the dialog if the action needs a confirmation or takes a text, else sends the request. */
  #confirmOrRequest(view: CampaignView, action: string): void {
    const { source, ref, currentLifecycle: lifecycle } = this;
    this.#popup.close();
    this.#confirming = { source, ref, action, status: view.status };
    if (confirmationOf(lifecycle, view.status, action) || lifecycle?.actions[action]?.input) this.#confirm.open();
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
    if (
      !confirming ||
      confirming.source !== source ||
      confirming.ref.id !== this.campaignId ||
      confirming.ref.system !== this.system
    )
      return;
    const { ref, action } = confirming;
    const offered = view && offerOf(view, action);
    if (!offered || offered.disabled) return;
    this.#requestedAt = performance.now();
    this.#unsent = undefined;
    this.#popup.close();
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
    if (!this.isConnected || this.source !== source || this.system !== ref.system || this.campaignId !== ref.id) return;
    if (outcome !== 'done' && request?.phase !== outcome)
      this.#unsent = { action, since, phase: outcome, ...(reason ? { reason } : {}), status };
    this.requestUpdate();
    this.dispatchEvent(new CampaignOutcomeEvent(ref, action, answer));
    // What was just asked for and did not happen is told where it was asked, unless something else is being read.
    if ((outcome === 'refused' || outcome === 'conflict') && !Popup.pinned) void this.#openPopup('.outcome', false);
  }

  /** The outcome to show; `undefined` when there is none, or none to speak of. */
  get #settled(): Settled | undefined {
    const request = this.#shown?.request;
    if (!request) return this.#unsent;
    return request.phase === 'pending' || request.phase === 'done' ? undefined : (request as Settled);
  }

  async #check(): Promise<void> {
    const { source, ref, speak, i18n, currentLifecycle: lifecycle } = this;
    if (!source || this.#checking) return;
    this.#checking = true;
    this.requestUpdate();
    const read = await source.refresh(ref);
    this.#checking = false;
    this.requestUpdate();
    const { name, status, presence } = source.campaign(ref).value;
    const key = !read ? 'spoken.unread' : presence === 'present' ? 'spoken.done' : 'spoken.removed';
    speak(i18n.format(key, { name: visibleText(name), label: statusLabel(i18n, lifecycle, status) }));
  }

  #dismiss(): void {
    this.#popup.close();
    this.#unsent = undefined;
    this.source?.dismiss(this.ref);
    this.requestUpdate();
  }

  // --- popup and dialog -----------------------------------------------------------------------------------------------

  async #openPopup(selector: string, into: boolean): Promise<void> {
    await this.updateComplete;
    const trigger = this.renderRoot.querySelector<HTMLElement>(selector);
    if (trigger) this.#popup.open(trigger, 'pinned', { into });
  }

  #toggled(): void {
    const { mode, trigger } = this.#popup;
    if (mode === 'pinned' && trigger?.classList.contains('more'))
      this.renderRoot.querySelector<HTMLElement>('.choice')?.focus({ preventScroll: true });
    if (!mode) this.#surprise = undefined;
    this.#reading ??= new PopupLiveData(this, () =>
      this.connected && this.view?.cause ? this.source?.diagnosis(this.ref) : undefined,
    );
    this.#reading.turn(mode !== undefined);
  }

  #popupContent(trigger: HTMLElement, mode: PopupMode): PopupContent | undefined {
    const view = this.#shown;
    if (!view) return undefined;
    if (trigger.classList.contains('more')) return mode === 'pinned' ? this.#menuContent(view) : undefined;
    const settled = this.#settled;
    if (trigger.classList.contains('outcome')) return settled && this.#outcomeContent(view, settled);
    if (!view.action || this.#busy.action !== undefined) return undefined;
    const { i18n } = this;
    const label = this.#verb(view.action.action);
    const shared = { i18n, announce: this.speak, label, head: verbTemplate(label) };
    if (this.#surprise === view.action.action)
      return { ...shared, body: html`<p>${this.#surpriseText(view.action.action)}</p>` };
    if (view.action.disabled) return { ...shared, body: this.#reasonTemplate(view.action.disabled, mode === 'pinned') };
    const { routes, currentLifecycle: lifecycle } = this;
    if (!view.cause || !startsProcessing(lifecycle, view.status, view.action.action)) return undefined;
    const diagnosis = this.#reading?.diagnosis;
    const facts = { i18n, routes, lifecycle, view, diagnosis, pinned: mode === 'pinned' };
    return { ...shared, body: html`${outlookTemplate(facts, view.action.action)} ${causeTemplate(facts)}` };
  }

  #menuContent(view: CampaignView): PopupContent | undefined {
    const { i18n } = this;
    const name = visibleText(view.name);
    const busy = this.#busy.action;
    const choices = view.actions.slice(1).map(({ action, disabled }): Choice => {
      const reason = disabled ?? (busy === undefined ? undefined : { code: 'pending', what: [busy] });
      return {
        action,
        label: this.#named(this.#verb(action), name),
        description: reason ? this.#reasonText(reason) : this.#outlook(view, action),
        disabled: reason !== undefined,
      };
    });
    if (choices.length === 0) return undefined;
    return {
      i18n,
      announce: this.speak,
      label: menuName(i18n, name),
      head: i18n.format('action.more'),
      body: menuChoices(choices, (action, event) => this.#choose(action, event)),
    };
  }

  #reasonTemplate(reason: Reason, pinned: boolean): TemplateResult {
    const { i18n, routes, ref } = this;
    const links = (reason.code === 'missing' ? (reason.what ?? []) : []).flatMap(
      (name) => this.currentLifecycle?.prerequisites?.[name]?.link ?? [],
    );
    return html`<p class="foreign" dir="auto">${this.#reasonText(reason)}</p>
      ${
        pinned && links.length
          ? html`<div class="popup-links">${[...new Set(links)].map((to) => hostLink({ i18n, routes, to, ref }))}</div>`
          : nothing
      }`;
  }

  #outcomeContent(view: CampaignView, settled: Settled): PopupContent {
    const { i18n, speak } = this;
    const name = visibleText(view.name);
    return {
      i18n,
      announce: speak,
      label: name ? i18n.format('popup.label', { name }) : i18n.format('popup.label.plain'),
      ...outcomeContent(this.#outcomeFacts(view, settled), {
        now: this.source?.now() ?? Date.now(),
        checking: this.#checking,
        check: () => void this.#check(),
        retry: () => this.#retry(settled.action),
        dismiss: () => this.#dismiss(),
      }),
    };
  }

  #outcomeFacts(view: CampaignView, settled: Settled): OutcomeFacts {
    return { i18n: this.i18n, lifecycle: this.currentLifecycle, view, settled };
  }

  #retry(action: string): void {
    const { view } = this;
    const offered = view && offerOf(view, action);
    if (offered && !offered.disabled) this.#confirmOrRequest(view, action);
  }

  #confirmContent(): ConfirmContent | undefined {
    const { view, i18n, currentLifecycle: lifecycle } = this;
    const { action, status } = this.#confirming ?? { action: '', status: '' };
    const confirm = confirmationOf(lifecycle, status, action);
    const input = lifecycle?.actions[action]?.input;
    if (!view || !lifecycle || (!confirm && !input)) return undefined;
    const name = visibleText(view.name);
    const path = `${lifecycle.system}.actions.${action}`;
    // A language's word for the question in this status, else for the action's one question.
    const confirmText = (field: keyof Confirmation, own: string): string =>
      i18n.term(`${path}.confirm.${status}.${field}`, i18n.term(`${path}.confirm.${field}`, own), { name: '\0' });
    const title = confirm && confirmText('title', confirm.title).split('\0');
    return {
      i18n,
      title: title
        ? title.map((piece, index) => (index ? html`<bdi>${name}</bdi>${piece}` : piece))
        : isolateText(i18n, 'action.name', { name }, { verb: this.#verb(action) }),
      ...(confirm ? { text: confirmText('text', confirm.text) } : {}),
      label: confirm ? confirmText('label', confirm.label) : this.#verb(action),
      ...(input ? { field: this.#fieldOf(input, path) } : {}),
      over: this.#over(view, action, confirm),
    };
  }

  #fieldOf({ label, options, ...rest }: NonNullable<Action['input']>, path: string): ConfirmField {
    const { i18n } = this;
    return {
      ...rest,
      label: i18n.term(`${path}.input.label`, label),
      ...(options
        ? { options: options.map((value) => ({ value, label: i18n.term(`${path}.input.options.${value}`, value) })) }
        : {}),
    };
  }

  /** Why what is being confirmed can no longer be done; also if it is another question by now. */
  #over(view: CampaignView, action: string, confirmation: Confirmation | undefined): string | undefined {
    const { i18n, currentLifecycle: lifecycle } = this;
    const { presence, status } = view;
    if (presence !== 'present') return i18n.format('reason.gone.campaign');
    const offered = offerOf(view, action);
    if (!offered || confirmationOf(lifecycle, status, action) !== confirmation)
      return i18n.format('confirm.changed', { label: visibleText(statusLabel(i18n, lifecycle, status)) });
    return offered.disabled ? this.#reasonText(offered.disabled) : undefined;
  }

  #surpriseText(action: string): string {
    return this.i18n.format('action.justChanged', { verb: this.#verb(action) });
  }

  #reasonText(reason: Reason): string {
    return visibleText(reasonText(this.i18n, this.currentLifecycle, reason));
  }

  #verb(action: string, form: 'label' | 'pending' = 'label'): string {
    return action ? actionLabel(this.i18n, this.currentLifecycle, action, form) : this.i18n.format('action.none');
  }

  // --- render ---------------------------------------------------------------------------------------------------------

  protected override render(): unknown {
    const view = this.#shown;
    if (!view) return html`<span class="problem" part="problem">${this.problem}</span>`;
    const settled = this.#settled;
    return [
      this.#buttonTemplate(view),
      view.actions.length > 1 ? menuButton(this.i18n, visibleText(view.name)) : nothing,
      settled ? outcomeBadge(this.#outcomeFacts(view, settled)) : nothing,
    ];
  }

  #buttonTemplate(view: CampaignView): unknown {
    const offered = view.action ?? this.#lastOffer(view);
    if (!offered) return nothing;
    const { i18n } = this;
    const busy = this.#busy.action;
    const { action, disabled } = offered;
    const name = visibleText(view.name);
    const why = disabled && busy === undefined ? this.#reasonText(disabled) : this.#outlook(view, action);
    const pendingVerb = i18n.format('action.pending', { verb: this.#verb(busy ?? action, 'pending') });
    return html`<button
        class="button action"
        id="action"
        part="button"
        type="button"
        data-popup=${disabled && busy === undefined ? 'pin' : 'hint'}
        ?data-danger=${confirmationOf(this.currentLifecycle, view.status, action)}
        ?data-busy=${busy !== undefined}
        aria-disabled=${disabled || busy !== undefined ? 'true' : 'false'}
        aria-expanded=${disabled && busy === undefined ? 'false' : nothing}
        aria-describedby="reason"
        @pointerdown=${(event: Event) => this.#began(event)}
        @keydown=${(event: Event) => this.#began(event)}
        @click=${(event: MouseEvent) => this.#clicked(event)}
        @blur=${() => this.#shown?.action ?? this.requestUpdate()}
      >
        <span class="faces">
          <span class="face" ?data-off=${busy !== undefined}>${this.#named(this.#verb(action), name)}</span>
          ${
            action
              ? html`<span class="face" ?data-off=${busy === undefined}>${this.#named(pendingVerb, name)}</span>`
              : nothing
          }
        </span>
      </button>
      <span id="reason" hidden>${why}</span>`;
  }

  /**
   * A button that vanishes under the focus, or before the dialog gives the focus back, would leave the user nowhere: it stays,
   * and says why it does nothing.
   */
  #lastOffer(view: CampaignView): ActionView | undefined {
    if (!this.#confirm.isOpen && !this.#focusedBefore?.matches('.action, .more, .choice')) return undefined;
    return { action: '', disabled: { code: view.presence === 'present' ? 'illegal' : 'gone' } };
  }

  /** The verb, and for a screen reader the campaign it is about. */
  #named(shown: string, name: string): unknown {
    if (!name) return verbTemplate(shown);
    const [before, after] = this.i18n.format('action.name', { verb: '\0', name }).split('\0');
    return html`${hidden(before)}${verbTemplate(shown)}${hidden(after)}`;
  }

  /** Whether the press is worth it, as far as that is known before it. */
  #outlook(view: CampaignView, action: string): string {
    const { i18n, currentLifecycle: lifecycle } = this;
    if (!startsProcessing(lifecycle, view.status, action)) return '';
    return outlookText(i18n, lifecycle, action, view.cause, this.#reading?.diagnosis);
  }
}

/** What the view says of an action, if the status offers it. */
function offerOf(view: CampaignView, action: string): ActionView | undefined {
  return view.actions.find((offer) => offer.action === action);
}

function verbTemplate(shown: string): TemplateResult {
  return html`<span class="verb" translate=${wordTranslation()}>${exactText(shown)}</span>`;
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
