import { html, render, type LitElement, type ReactiveController } from 'lit';
import type { Localizer } from '../../../i18n/index.ts';

/** A press that began earlier than this after the dialog opened does not confirm, in ms: it may be half of a double click. */
const ARM_MS = 500;

/** What is asked. */
export interface ConfirmContent {
  readonly i18n: Localizer;
  readonly title: unknown;
  /** The consequence, in one sentence. */
  readonly text: unknown;
  /** The verb on the button that confirms. */
  readonly label: string;
  /** Why it can no longer be confirmed; absent while it can. */
  readonly over?: string | undefined;
}

/**
 * Asks before something that can't be taken back. The dialog stands in the element's own root while it is open; the safe answer
 * has the focus, and neither the press that opened it nor a double click can confirm.
 */
export class ConfirmDialog implements ReactiveController {
  readonly #host: LitElement;
  readonly #content: () => ConfirmContent | undefined;
  readonly #onConfirm: () => void;
  #dialog: HTMLDialogElement | undefined;
  #openedAt = 0;
  #pressedAt: number | undefined;

  /**
   * @param content what is asked; asked again with each update of the host, `undefined` closes the dialog
   * @param onConfirm called when the user has confirmed, after the dialog is closed and the focus is back
   */
  constructor(host: LitElement, content: () => ConfirmContent | undefined, onConfirm: () => void) {
    this.#host = host;
    this.#content = content;
    this.#onConfirm = onConfirm;

    host.addController(this);
  }

  /** The dialog is open. */
  get asking(): boolean {
    return this.#dialog !== undefined;
  }

  /** Opens the dialog. */
  ask(): void {
    const content = this.#content();
    if (this.#dialog || !content || !this.#host.isConnected) return;
    const dialog = document.createElement('dialog');
    dialog.className = 'confirm';
    dialog.setAttribute('part', 'confirm');
    dialog.setAttribute('role', 'alertdialog');
    dialog.setAttribute('aria-labelledby', 'confirm-title');
    dialog.setAttribute('aria-describedby', 'confirm-text');
    dialog.addEventListener('close', () => {
      if (this.#dialog === dialog) this.close();
    });
    dialog.addEventListener('keydown', (event) => this.#keyed(event));
    this.#dialog = dialog;
    this.#openedAt = performance.now();
    this.#pressedAt = undefined;
    this.#render(content);
    this.#host.renderRoot.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>('.confirm-cancel')?.focus();
  }

  /** Closes the dialog without confirming. The focus goes back to where it was. */
  close(): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    this.#dialog = undefined;
    dialog.close();
    dialog.remove();
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    if (this.#dialog && !this.#content()) this.close();
  }

  hostUpdated(): void {
    const content = this.#dialog && this.#content();
    if (content) this.#render(content);
  }

  hostDisconnected(): void {
    this.close();
  }

  /** A key that is still held down from opening the dialog presses nothing in it. Its keys are its own. */
  #keyed(event: KeyboardEvent): void {
    if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
    if (event.key !== 'Tab') event.stopPropagation();
  }

  /** A press that does not confirm does not take the focus from the safe answer either: the next key would confirm. */
  #keepFocus(event: MouseEvent): void {
    if (this.#early(this.#pressedAt ?? event.timeStamp)) event.preventDefault();
  }

  /** @param beganAt by the event's own time: a page that stands still may hear of a press long after it */
  #early(beganAt: number): boolean {
    return beganAt - this.#openedAt < ARM_MS;
  }

  #confirm(event: MouseEvent): void {
    // Without a pointer there is no beginning of a press to go by.
    const beganAt = event.detail > 0 && this.#pressedAt !== undefined ? this.#pressedAt : event.timeStamp;
    this.#pressedAt = undefined;
    if (this.#early(beganAt) || this.#content()?.over !== undefined) return;
    this.close();
    this.#onConfirm();
  }

  #render({ i18n, title, text, label, over }: ConfirmContent): void {
    const dialog = this.#dialog!;
    dialog.lang = i18n.lang;
    render(
      html`<h2 class="confirm-title" id="confirm-title">${title}</h2>
        <p class="confirm-text" id="confirm-text">${text}</p>
        <p class="confirm-over" role="status">${over ?? ''}</p>
        <div class="confirm-buttons">
          <button
            class="button confirm-cancel"
            part="confirm-cancel"
            type="button"
            autofocus
            @click=${() => this.close()}
          >
            ${i18n.format('confirm.cancel')}
          </button>
          <button
            class="button confirm-go"
            part="confirm-go"
            type="button"
            aria-disabled=${over === undefined ? 'false' : 'true'}
            @pointerdown=${({ timeStamp }: PointerEvent) => (this.#pressedAt = timeStamp)}
            @mousedown=${(event: MouseEvent) => this.#keepFocus(event)}
            @click=${(event: MouseEvent) => this.#confirm(event)}
          >
            ${label}
          </button>
        </div>`,
      dialog,
      { host: this.#host },
    );
  }
}
