import { nothing, render, type ReactiveController, type ReactiveElement, type TemplateResult } from 'lit';
import { popupEnglish } from '../../../i18n/en-popup.ts';
import { addEnglish } from '../../../i18n/english-texts.ts';
import type { Localizer } from '../../../i18n/index.ts';
import type { Announce } from '../a11y/announce.ts';
import { CopyController } from '../controllers/copy-controller.ts';
import { icon } from '../templates/icons.ts';
import { html } from '../templates/html.ts';
import { adoptStyles } from '../styles/adopt-styles.ts';
import { layerStyles } from './layer-styles.ts';
import { positionPopup } from './position-popup.ts';

addEnglish(popupEnglish);

/** How long the pointer or the focus rests on a trigger before its hint opens, in ms. */
const OPEN_MS = 250;
/** How long the pointer may be elsewhere before the hint goes, in ms: time to travel from the trigger into it. */
const LEAVE_MS = 200;

/**
 * `hint`: opened by hovering or focusing; assistive technology does not get it, it has the description of the trigger.
 * `pinned`: opened by a press; a dialog that does not block the page, with text to select and buttons.
 */
export type PopupMode = 'hint' | 'pinned';

/** What a popup holds. */
export interface PopupContent {
  /** What a screen reader calls the pinned popup. */
  readonly label: string;
  readonly head: unknown;
  readonly body: unknown;
  /** Buttons in the pinned popup, beside Copy. */
  readonly actions?: unknown;
  /** What Copy copies; nothing to copy, no button. */
  readonly copy?: string;
  readonly i18n: Localizer;
  readonly announce: Announce;
}

/**
 * The popup of an element's triggers. A trigger is a button in its shadow root with `data-popup`: `pin` when a press pins the
 * popup, `hint` when a press does something else and the popup only opens as a hint.
 *
 * What is opened stands in the element's own root (so it finds its anchor, its label and the host's custom properties there) and
 * is gone when it closes, styles included. No more than one is open in a page.
 */
export class Popup implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #content: (trigger: HTMLElement, mode: PopupMode) => PopupContent | undefined;
  readonly #onToggle: (mode: PopupMode | undefined) => void;
  static #open: Popup | undefined;

  #mode: PopupMode | undefined;
  #trigger: HTMLElement | undefined;
  #panel: HTMLElement | undefined;
  #copying: CopyController | undefined;
  #listens = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopListening: AbortController | undefined;
  /** What Escape closed when this was opened: it lies below. */
  #below: ReadonlySet<Element> = new Set();
  #dropStyles: (() => void) | undefined;
  /** The focus comes back by our own doing: no reason to open again. */
  #returning = false;

  /**
   * @param content what the popup of a trigger holds; `undefined`: it has none. Asked again with each update of the host.
   * @param onToggle called when the popup opens, is pinned, or closes
   */
  constructor(
    host: ReactiveElement,
    content: (trigger: HTMLElement, mode: PopupMode) => PopupContent | undefined,
    onToggle: (mode: PopupMode | undefined) => void = () => {},
  ) {
    this.#host = host;
    this.#content = content;
    this.#onToggle = onToggle;

    host.addController(this);
  }

  /** Some popup of the page is pinned: somebody reads it. */
  static get pinned(): boolean {
    return Popup.#open?.mode === 'pinned';
  }

  /** How it is open; `undefined` while it is closed. */
  get mode(): PopupMode | undefined {
    return this.#mode;
  }

  /** The trigger it belongs to, while it is open. */
  get trigger(): HTMLElement | undefined {
    return this.#trigger;
  }

  hostConnected(): void {
    this.#listen();
  }

  hostUpdate(): void {
    if (this.#mode && !this.#content(this.#trigger!, this.#mode)) this.close();
  }

  hostUpdated(): void {
    if (!this.#mode) return;
    if (this.#trigger?.isConnected) this.#render();
    // Not now: closing asks for an update, and this one has not ended.
    else queueMicrotask(() => this.close());
  }

  hostDisconnected(): void {
    this.#cancel();
    this.close();
  }

  /** Opens the popup of a trigger, or changes how it is open. @param into moves the focus to its text */
  open(trigger: HTMLElement, mode: PopupMode, { into = false }: { into?: boolean } = {}): void {
    this.#cancel();
    if (!trigger.isConnected || !this.#content(trigger, mode)) return;
    if (Popup.#open !== this) Popup.#open?.close();
    if (this.#trigger !== trigger) this.close();
    const opening = !this.#panel;
    this.#trigger = trigger;
    this.#mode = mode;
    if (opening) this.#build();
    if (mode === 'pinned' && pins(trigger)) trigger.setAttribute('aria-expanded', 'true');
    this.#render();
    if (opening) this.#show();
    if (into) this.#panel?.querySelector<HTMLElement>('.popup-body')?.focus({ preventScroll: true });
    this.#onToggle(mode);
  }

  /** Closes the popup. The focus, if it is inside, goes back to the trigger. */
  close(): void {
    const panel = this.#panel;
    const trigger = this.#trigger;
    if (!panel || !trigger) return;
    const inside = this.#focusInside();
    this.#stopListening?.abort();
    if (this.#copying) {
      this.#host.removeController(this.#copying);
      this.#copying.hostDisconnected();
    }
    this.#mode = this.#panel = this.#trigger = this.#copying = this.#stopListening = undefined;
    if (Popup.#open === this) Popup.#open = undefined;
    if (inside) this.#focus(trigger);
    trigger.removeAttribute('data-open');
    if (pins(trigger)) trigger.setAttribute('aria-expanded', 'false');
    render(nothing, panel);
    panel.remove();
    this.#dropStyles?.();
    this.#onToggle(undefined);
  }

  // --- what opens it --------------------------------------------------------------------------------------------------

  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    const root = this.#host.renderRoot;
    root.addEventListener('pointerover', (event) => this.#hovered(event as PointerEvent));
    root.addEventListener('focusin', (event) => this.#focused(event as FocusEvent));
    root.addEventListener('focusout', (event) => this.#blurred(event as FocusEvent));
    root.addEventListener('click', (event) => this.#clicked(event as MouseEvent));
    root.addEventListener('keydown', (event) => this.#keyed(event as KeyboardEvent));
    this.#host.addEventListener('pointerleave', () => this.#left());
  }

  #hovered(event: PointerEvent): void {
    // A finger does not hover: its press pins.
    if (event.pointerType === 'touch') return;
    const target = event.target as Element;
    if (this.#holds(target)) return this.#cancel();
    const trigger = triggerOf(target);
    if (!trigger) return this.#left();
    if (trigger === this.#trigger) return this.#cancel();
    const from = event.relatedTarget;
    if (from instanceof Node && trigger.contains(from)) return;
    this.openSoon(trigger);
  }

  #focused(event: FocusEvent): void {
    const trigger = triggerOf(event.target as Element);
    if (!trigger || this.#returning || trigger === this.#trigger || !trigger.matches(':focus-visible')) return;
    this.openSoon(trigger);
  }

  #blurred(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (to instanceof Node && (this.#holds(to) || to === this.#trigger)) return;
    if (this.#mode === 'hint' && event.target === this.#trigger && !this.#trigger?.matches(':hover')) this.close();
    else if (this.#mode === 'pinned' && to) this.close();
    else if (!this.#mode) this.#cancel();
  }

  #left(): void {
    if (this.#mode === 'pinned') return;
    this.#cancel();
    if (!this.#mode) return;
    this.#timer = setTimeout(() => {
      // Whoever came by keyboard keeps it until the focus goes.
      if (!this.#trigger?.matches(':focus-visible')) this.close();
    }, LEAVE_MS);
  }

  #clicked(event: MouseEvent): void {
    const trigger = triggerOf(event.target as Element);
    if (!trigger || event.defaultPrevented || this.#holds(event.target as Node)) return;
    this.#cancel();
    // The other half of a double click does not take back what the first one did.
    if (!pins(trigger) || event.detail > 1) return;
    if (this.#mode === 'pinned' && this.#trigger === trigger) this.close();
    // Enter, Space and assistive technology press without a pointer.
    else this.open(trigger, 'pinned', { into: event.detail === 0 });
  }

  /** Keys inside the popup are its own: a grid around it must not move on. */
  #keyed(event: KeyboardEvent): void {
    if (!this.#holds(event.target as Node)) return;
    const all = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a';
    if (all || /^(Arrow|Page|Home$|End$|Enter$| $)/.test(event.key)) event.stopPropagation();
  }

  /** Opens the hint of a trigger, if the pointer or the focus stays there. */
  openSoon(trigger: HTMLElement): void {
    this.#cancel();
    this.#timer = setTimeout(() => {
      // What someone pinned does not go because the pointer passes over something else.
      if (!Popup.pinned) this.open(trigger, 'hint');
    }, OPEN_MS);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  // --- while it is open -----------------------------------------------------------------------------------------------

  #build(): void {
    const panel = document.createElement('div');
    panel.className = 'popup';
    panel.setAttribute('part', 'popup');
    // Not `hint`, which Safari does not know and which would close under the very press that pins it; not `auto`, which would
    // close a menu of the page. So Escape and presses outside are looked after here, alike in all browsers.
    panel.popover = 'manual';
    this.#panel = panel;
    this.#copying = new CopyController(this.#host);
    this.#dropStyles = adoptStyles(this.#host, layerStyles);
    this.#host.renderRoot.append(panel);
    Popup.#open = this;
  }

  #show(): void {
    const [panel, trigger] = [this.#panel!, this.#trigger!];
    trigger.setAttribute('data-open', '');
    // jsdom and happy-dom have no top layer.
    (panel as Partial<HTMLElement>).showPopover?.();
    this.#below = new Set(this.#closable());
    const { signal } = (this.#stopListening = new AbortController());
    positionPopup(panel, trigger, signal);
    const page = this.#host.ownerDocument.defaultView ?? window;
    page.addEventListener('keydown', (event) => this.#escaped(event), { capture: true, signal });
    let outside = false;
    for (const root of rootsOf(this.#host)) {
      root.addEventListener('pointerdown', (event) => (outside = !this.#within(event, root)), {
        capture: true,
        signal,
      });
      root.addEventListener(
        'click',
        (event) => {
          if (outside && this.#mode === 'pinned' && !this.#within(event, root)) this.#pressedOutside(trigger);
        },
        { capture: true, signal },
      );
    }
  }

  /** Call it when the host was moved whole: Firefox hides an open popover in the shadow tree of what moves. */
  moved(): void {
    if (this.#panel?.matches(':not(:popover-open)')) this.#panel.showPopover();
  }

  #escaped(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing) return;
    // It belongs to what lies above.
    if (this.#closable().some((layer) => !this.#below.has(layer))) return;
    const shown = this.#isShown;
    // This Escape is used up: a dialog or menu around it stays.
    if (shown) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.#cancel();
    this.close();
  }

  /** What Escape closes in the trees around: menus and modal dialogs. A toast, which is a manual popover, stays. */
  #closable(): readonly Element[] {
    return rootsOf(this.#host).flatMap((root) => [
      ...(root as Document | ShadowRoot).querySelectorAll(':popover-open:not([popover=manual]), dialog:modal'),
    ]);
  }

  /** Whether it can be seen and used: the host may have hidden what is around it. */
  get #isShown(): boolean {
    const panel = this.#panel as Partial<HTMLElement> | undefined;
    if (panel?.checkVisibility?.({ visibilityProperty: true }) === false) return false;
    let element: Element | undefined = this.#host;
    for (; element; element = (element.getRootNode() as Partial<ShadowRoot>).host)
      if (element.closest('[inert]')) return false;
    return true;
  }

  #pressedOutside(trigger: HTMLElement): void {
    this.close();
    const active = this.#host.ownerDocument.activeElement;
    if (!active || active === this.#host.ownerDocument.body) this.#focus(trigger);
  }

  /** Did this happen in here, or in a closed root between here and the listener, which then has a better view of it? */
  #within(event: Event, root: Node): boolean {
    const path = event.composedPath();
    if (this.#panel && path.includes(this.#panel)) return true;
    if (this.#trigger && path.includes(this.#trigger)) return true;
    return rootsOf(this.#host).some(
      (inner) => inner !== root && inner instanceof ShadowRoot && !inner.host.shadowRoot && inner.host === path[0],
    );
  }

  #focusInside(): boolean {
    const roots = [this.#host.renderRoot, this.#host.getRootNode()] as Partial<ShadowRoot>[];
    return roots.some(({ activeElement }) => activeElement && this.#holds(activeElement));
  }

  /** Is this in the popup? What the host has put into a slot is, though it stands elsewhere. */
  #holds(node: Node): boolean {
    if (!this.#panel) return false;
    for (let inner: Node | null = node; inner; inner = (inner as Partial<Element>).assignedSlot ?? inner.parentNode)
      if (inner === this.#panel) return true;
    return false;
  }

  #focus(trigger: HTMLElement): void {
    this.#returning = true;
    trigger.focus({ preventScroll: true });
    this.#returning = false;
  }

  #render(): void {
    const [panel, trigger, mode] = [this.#panel!, this.#trigger!, this.#mode!];
    const content = this.#content(trigger, mode);
    if (!content) return;
    const pinned = mode === 'pinned';
    if (pinned) {
      panel.removeAttribute('aria-hidden');
      panel.setAttribute('role', 'dialog');
      panel.setAttribute('aria-label', content.label);
      panel.setAttribute('aria-describedby', 'popup-body');
    } else {
      panel.setAttribute('aria-hidden', 'true');
    }
    panel.lang = content.i18n.lang;
    render(this.#template(content, pinned), panel, { host: this.#host });
  }

  #template({ head, body, actions, copy, i18n, announce }: PopupContent, pinned: boolean): TemplateResult {
    return html`<div class="popup-title">${head}</div>
      <div
        class="popup-body"
        id="popup-body"
        part="popup-body"
        role=${pinned ? 'group' : nothing}
        tabindex=${pinned ? '0' : nothing}
      >
        ${body}
      </div>
      ${
        pinned
          ? html`${this.#buttons(actions, copy, i18n, announce)}
              <button
                class="button bare small icon popup-close"
                part="popup-close"
                type="button"
                @click=${() => this.close()}
              >
                ${icon('cross')}<span class="visually-hidden">${i18n.format('popup.close')}</span>
              </button>`
          : this.#invitation(i18n)
      }`;
  }

  #invitation(i18n: Localizer): unknown {
    if (!pins(this.#trigger!)) return nothing;
    return html`<div class="popup-foot popup-note">${i18n.format('popup.pin')}</div>`;
  }

  #buttons(actions: unknown, copy: string | undefined, i18n: Localizer, announce: Announce): unknown {
    if (!actions && copy === undefined) return nothing;
    const outcome = this.#copying?.outcome;
    const copyNow = async (): Promise<void> => {
      const became = await this.#copying?.copy(copy ?? '');
      if (became) announce(i18n.format(became === 'copied' ? 'popup.copied' : 'popup.copyFailed'));
    };
    const failed =
      outcome === 'failed' ? html`<span class="popup-note">${i18n.format('popup.copyFailed')}</span>` : nothing;
    return html`<div class="popup-foot">
      ${
        copy === undefined
          ? nothing
          : html`${failed}<button class="button small popup-copy" part="popup-copy" type="button" @click=${copyNow}>
                ${outcome === 'copied' ? html`${icon('check')}${i18n.format('popup.copied')}` : i18n.format('popup.copy')}
              </button>`
      }${actions ?? nothing}
    </div>`;
  }
}

/** Does a press of this trigger pin the popup? */
function pins(trigger: HTMLElement): boolean {
  return trigger.dataset['popup'] === 'pin';
}

function triggerOf(target: Element): HTMLElement | null {
  return target.closest<HTMLElement>('[data-popup]');
}

/** All roots around an element, from its own tree to the document. */
function rootsOf(element: Element): readonly Node[] {
  const roots: Node[] = [];
  for (let root = element.getRootNode(); ; root = root.host.getRootNode()) {
    roots.push(root);
    if (!(root instanceof ShadowRoot)) return roots;
  }
}
