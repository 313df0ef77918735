import type { ReactiveControllerHost } from 'lit';
import type { MessageKey } from '../../../i18n/en.ts';
import type { Localizer } from '../../../i18n/localizer.ts';
import type { LazyChunk } from '../popup/lazy-chunk.ts';
import { glyph } from './icons.ts';
import { html } from './html.ts';

/** What is said while the code is not there. */
export interface LazyWords {
  readonly loading: MessageKey;
  readonly failed: MessageKey;
}

/** A part of an element whose code is loaded when it is drawn first. If that fails, it offers to try again. */
export class LazyPart<T> {
  readonly #host: ReactiveControllerHost;
  readonly #chunk: LazyChunk<T>;
  readonly #words: LazyWords;
  #loading = false;
  /** Stays set while it is tried again, so that the button keeps the focus. */
  #failed = false;

  constructor(host: ReactiveControllerHost, chunk: LazyChunk<T>, words: LazyWords) {
    this.#host = host;
    this.#chunk = chunk;
    this.#words = words;
  }

  /** @param draw called once the code is there */
  render(i18n: Localizer, draw: (code: T) => unknown): unknown {
    const { value } = this.#chunk;
    if (value) return draw(value);
    if (this.#failed)
      return html`<p class="note" part="notice">
        ${glyph('warning')}<span>${i18n.format(this.#words.failed)}</span>
        <button class="button small" type="button" @click=${() => void this.#load()}>
          ${i18n.format('history.retry')}
        </button>
      </p>`;
    void this.#load();
    return html`<p class="note">${glyph('clock')}<span>${i18n.format(this.#words.loading)}</span></p>`;
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    this.#failed = await this.#chunk.load().then(
      () => false,
      () => true,
    );
    this.#loading = false;
    this.#host.requestUpdate();
  }
}
