import { CampaignViewElement } from '../base/campaign-view-element.ts';
import { containPresses } from '../base/press-containment.ts';
import { attend, delegateEvents, stopDelegating, type Attending } from './delegated-events.ts';
import type { LazyChunk } from './lazy-chunk.ts';
import type { Popup } from './popup.ts';

/** What happened at an element while the code of its popup was being loaded. */
interface Meanwhile {
  /** The trigger whose press is to be answered. */
  pressed?: { readonly trigger: HTMLElement; readonly into: boolean } | undefined;
  /** A pointer that hovers, or the focus, came. */
  came?: boolean;
}

/**
 * An element with popups and dialogs, whose code is loaded by the first hover, focus or press, or when the page is idle. At rest it
 * has no listener. A press while the code is loading is answered when it is there; if it can't be loaded, the description of the
 * pressed button is shown in a plain way, and the next press tries again.
 */
export abstract class PopupElement<L> extends CampaignViewElement implements Attending {
  #popup: Popup | undefined;
  #meanwhile: Meanwhile | undefined;
  #loading: Promise<void> | undefined;
  #contained = false;
  #delegatedTo: Node | undefined;

  /** The code of its popups and dialogs. */
  protected abstract get layers(): LazyChunk<L>;

  /** Makes the popup, when it is first needed. */
  protected abstract makePopup(layers: L): Popup;

  /** The popup; `undefined` until it was needed. */
  protected get popup(): Popup | undefined {
    return this.#popup;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    delegateEvents((this.#delegatedTo = this.getRootNode()));
    this.layers.prefetch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#delegatedTo) stopDelegating(this.#delegatedTo);
    this.#delegatedTo = this.#meanwhile = undefined;
  }

  /** @internal */
  override connectedMoveCallback(): void {
    super.connectedMoveCallback();
    this.#popup?.moved();
  }

  /** @internal */
  [attend](event: Event): void {
    if (!this.#contained) containPresses(this);
    this.#contained = true;
    if (this.layers.value) this.#ready(this.layers.value);
    else {
      const hovers = !(event instanceof PointerEvent && event.type === 'pointerover' && event.pointerType === 'touch');
      this.#load().came ||= hovers;
    }
  }

  /** Opens the popup of a trigger, as a press does. @param into moves the focus to its text */
  protected openPopup(trigger: HTMLElement, into = false): void {
    const { value } = this.layers;
    if (value) this.#ready(value).open(trigger, 'pinned', { into });
    else this.#load().pressed = { trigger, into };
  }

  /** Closes the popup. */
  protected closePopup(): void {
    if (this.#meanwhile) this.#meanwhile.pressed = undefined;
    this.#popup?.close();
  }

  // A popup that is to open belongs to the update.
  protected override async getUpdateComplete(): Promise<boolean> {
    await this.#loading;
    return super.getUpdateComplete();
  }

  #ready(layers: L): Popup {
    return (this.#popup ??= this.makePopup(layers));
  }

  #load(): Meanwhile {
    if (this.#meanwhile) return this.#meanwhile;
    const meanwhile: Meanwhile = (this.#meanwhile = {});
    const ending = new AbortController();
    this.renderRoot.addEventListener('click', (event) => this.#pressedEarly(event as MouseEvent, meanwhile), ending);
    const end = (answer: () => void): void => {
      ending.abort();
      this.#loading = undefined;
      // It may have left the page.
      if (this.#meanwhile !== meanwhile) return;
      this.#meanwhile = undefined;
      answer();
    };
    this.#loading = this.layers.load().then(
      (layers) => end(() => this.#answer(this.#ready(layers), meanwhile)),
      () => end(() => this.#showDescription(meanwhile.pressed?.trigger)),
    );
    return meanwhile;
  }

  #pressedEarly(event: MouseEvent, meanwhile: Meanwhile): void {
    const trigger = (event.target as Element).closest<HTMLElement>('[data-popup=pin]');
    if (!trigger || event.defaultPrevented || event.detail > 1) return;
    // The second press takes the first one back.
    meanwhile.pressed = meanwhile.pressed ? undefined : { trigger, into: event.detail === 0 };
    meanwhile.came = false;
  }

  #answer(popup: Popup, { pressed, came }: Meanwhile): void {
    if (pressed) return popup.open(pressed.trigger, 'pinned', { into: pressed.into });
    const near = came && this.renderRoot.querySelector<HTMLElement>('[data-popup]:is(:hover, :focus-visible)');
    if (near) popup.openSoon(near);
  }

  #showDescription(trigger: HTMLElement | undefined): void {
    const id = trigger?.isConnected && trigger.getAttribute('aria-describedby');
    const description = id ? this.renderRoot.querySelector<HTMLElement>(`#${id}`) : null;
    if (!description?.textContent || description.popover) return;
    description.hidden = false;
    description.popover = 'auto';
    (description as Partial<HTMLElement>).showPopover?.();
    description.addEventListener('toggle', (event) => {
      if (event.newState !== 'closed') return;
      description.hidden = true;
      description.popover = null;
    });
  }
}
