import { nothing, render, type ReactiveController, type ReactiveElement, type TemplateResult } from 'lit';
import type { Localizer } from '../../../i18n/index.ts';
import type { Action } from '../../../lifecycle/index.ts';
import { layerStyles } from '../popup/layer-styles.ts';
import { adoptStyles } from '../styles/adopt-styles.ts';
import { exactText, html } from '../templates/html.ts';
import { wordTranslation } from '../templates/word-translation.ts';

/** A press that began earlier than this after the dialog opened does not confirm, in ms: it may be half of a double click. */
const ARM_MS = 500;

/** The content of the dialog. */
export interface ConfirmContent {
  readonly i18n: Localizer;
  readonly title: unknown;
  /** The consequence, in one sentence. With it, the action needs care: the button that confirms is red. */
  readonly text?: unknown;
  /** What is concerned, after the consequence. */
  readonly details?: unknown;
  /** The text that goes with the action. */
  readonly field?: ConfirmField;
  /** The verb on the button that confirms. */
  readonly label: string;
  /** Why it can no longer be confirmed; absent while it can. */
  readonly over?: string | undefined;
}

/** The input of an action, with its options in the user's language. */
export interface ConfirmField extends Omit<NonNullable<Action['input']>, 'options'> {
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/**
 * Asks before something that can't be taken back, or for a text that goes with an action. The dialog stands in the element's own
 * root while it is open. The field, else the safe answer, has the focus; neither the press that opened it nor a double click can
 * confirm.
 */
export class ConfirmDialog implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #content: () => ConfirmContent | undefined;
  readonly #onConfirm: (text: string | undefined) => void;
  #dialog: HTMLDialogElement | undefined;
  #openedAt = 0;
  #pressedAt: number | undefined;
  /** What is wrong with the text, in the browser's words. */
  #problem = '';
  #dropStyles: (() => void) | undefined;

  /**
   * @param content what is asked; asked again with each update of the host, `undefined` closes the dialog
   * @param onConfirm called when the user has confirmed, after the dialog is closed and the focus is back; with the text, if any
   */
  constructor(
    host: ReactiveElement,
    content: () => ConfirmContent | undefined,
    onConfirm: (text: string | undefined) => void,
  ) {
    this.#host = host;
    this.#content = content;
    this.#onConfirm = onConfirm;
    host.addController(this);
  }

  /** True while the dialog is open. */
  get isOpen(): boolean {
    return this.#dialog !== undefined;
  }

  /** Opens the dialog. */
  open(): void {
    const content = this.#content();
    if (this.#dialog || !content || !this.#host.isConnected) return;
    const dialog = document.createElement('dialog');
    dialog.className = 'confirm';
    dialog.setAttribute('part', 'confirm');
    dialog.setAttribute('aria-labelledby', 'confirm-title');
    if (content.text !== undefined) {
      dialog.setAttribute('role', 'alertdialog');
      dialog.setAttribute('aria-describedby', 'confirm-text');
    }
    dialog.addEventListener('close', () => {
      if (this.#dialog === dialog) this.close();
    });
    dialog.addEventListener('keydown', (event) => this.#keyed(event));
    this.#dialog = dialog;
    this.#openedAt = performance.now();
    this.#pressedAt = undefined;
    this.#problem = '';
    this.#render(content);
    this.#dropStyles = adoptStyles(this.#host, layerStyles);
    this.#host.renderRoot.append(dialog);
    // jsdom has no modal dialogs.
    if ('showModal' in HTMLDialogElement.prototype) dialog.showModal();
    else dialog.open = true;
    (this.#field ?? dialog.querySelector<HTMLElement>('.confirm-cancel'))?.focus();
  }

  /** Closes the dialog without confirming. The focus goes back to where it was. */
  close(): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    this.#dialog = undefined;
    (dialog as Partial<HTMLDialogElement>).close?.();
    dialog.remove();
    this.#dropStyles?.();
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

  get #field(): HTMLInputElement | HTMLSelectElement | null {
    return this.#dialog?.querySelector<HTMLInputElement | HTMLSelectElement>('.confirm-input') ?? null;
  }

  /** A key that is still held down from opening the dialog presses nothing in it. Its keys are its own. */
  #keyed(event: KeyboardEvent): void {
    const inField = event.target === this.#field;
    if (event.repeat && (event.key === 'Enter' || (event.key === ' ' && !inField))) event.preventDefault();
    else if (event.key === 'Enter' && event.target instanceof HTMLInputElement && !event.isComposing) {
      event.preventDefault();
      this.#confirm(event.timeStamp);
    }
    if (event.key !== 'Tab') event.stopPropagation();
  }

  /** A press that does not confirm does not take the focus from the safe answer either: the next key would confirm. */
  #keepFocus(event: MouseEvent): void {
    if (this.#early(this.#pressedAt ?? event.timeStamp)) event.preventDefault();
  }

  /** @param beganAt the event's `timeStamp`: a busy page may handle a press long after it happened */
  #early(beganAt: number): boolean {
    return beganAt - this.#openedAt < ARM_MS;
  }

  #pressed(event: MouseEvent): void {
    // Without a pointer there is no beginning of a press to go by.
    const beganAt = event.detail > 0 && this.#pressedAt !== undefined ? this.#pressedAt : event.timeStamp;
    this.#pressedAt = undefined;
    this.#confirm(beganAt);
  }

  #confirm(beganAt: number): void {
    const content = this.#content();
    if (this.#early(beganAt) || !content || content.over !== undefined) return;
    const field = this.#field;
    if (field instanceof HTMLInputElement) field.value = field.value.trim();
    if (field && !field.checkValidity()) {
      this.#problem = field.validationMessage;
      this.#render(content);
      field.focus();
      return;
    }
    this.close();
    this.#onConfirm(field?.value || undefined);
  }

  #forgetProblem(): void {
    this.#problem = '';
    this.#host.requestUpdate();
  }

  #render({ i18n, title, text, details, field, label, over }: ConfirmContent): void {
    const dialog = this.#dialog!;
    dialog.lang = i18n.lang;
    render(
      html`<h2 class="confirm-title" id="confirm-title">${title}</h2>
        ${text === undefined ? nothing : html`<p class="confirm-text" id="confirm-text">${text}</p>`}
        ${details ?? nothing} ${field ? this.#fieldTemplate(field, i18n) : nothing}
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
            ?data-danger=${text !== undefined}
            translate=${wordTranslation()}
            aria-disabled=${over === undefined ? 'false' : 'true'}
            @pointerdown=${({ timeStamp }: PointerEvent) => (this.#pressedAt = timeStamp)}
            @mousedown=${(event: MouseEvent) => this.#keepFocus(event)}
            @click=${(event: MouseEvent) => this.#pressed(event)}
          >
            ${exactText(label)}
          </button>
        </div>`,
      dialog,
      { host: this.#host },
    );
  }

  #fieldTemplate({ label, required = false, options, maxLength }: ConfirmField, i18n: Localizer): TemplateResult {
    const problem = this.#problem && i18n.format('confirm.error', { label, problem: this.#problem });
    const invalid = problem ? 'true' : 'false';
    const forget = (): void => this.#forgetProblem();
    return html`<label class="confirm-label" for="confirm-input">${label}</label>
      ${
        options
          ? html`<select
              class="confirm-input"
              id="confirm-input"
              part="confirm-input"
              ?required=${required}
              aria-invalid=${invalid}
              aria-describedby="confirm-error"
              @input=${forget}
            >
              <option value="">${i18n.format('confirm.choose')}</option>
              ${options.map(({ value, label: shown }) => html`<option value=${value}>${shown}</option>`)}
            </select>`
          : html`<input
              class="confirm-input"
              id="confirm-input"
              part="confirm-input"
              type="text"
              dir="auto"
              autocomplete="off"
              maxlength=${maxLength}
              ?required=${required}
              aria-invalid=${invalid}
              aria-describedby="confirm-error"
              @input=${forget}
            />`
      }
      <p class="confirm-error" id="confirm-error" part="confirm-error">${problem}</p>`;
  }
}
