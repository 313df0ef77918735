import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How long the result of copying is shown, in ms. */
const SHOWN_MS = 2000;

/** Copies texts to the clipboard, and keeps the result for as long as it is shown. */
export class CopyController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** The result, while it is shown. */
  outcome: 'copied' | 'failed' | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connected = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;

    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#show(undefined);
  }

  /** Copies a text. Never rejects; where the page may not copy, it fails. */
  async copy(text: string): Promise<'copied' | 'failed'> {
    const outcome = await Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
      .catch(() => copyByCommand(text))
      .then(
        () => 'copied' as const,
        () => 'failed' as const,
      );
    if (this.#connected) this.#show(outcome);
    return outcome;
  }

  #show(outcome: 'copied' | 'failed' | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = outcome && setTimeout(() => this.#show(undefined), SHOWN_MS);
    if (this.outcome === outcome) return;
    this.outcome = outcome;
    this.#host.requestUpdate();
  }
}

/**
 * Uses the deprecated command, because the clipboard API is missing on plain http and in frames of another origin. It needs a
 * press by the user.
 *
 * @throws Error if nothing was copied
 */
function copyByCommand(text: string): void {
  let copied = false;
  const provide = (event: ClipboardEvent): void => {
    if (!event.clipboardData) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    copied = true;
  };
  // Before any listener of the page, which may have a text of its own to copy.
  window.addEventListener('copy', provide, { capture: true });
  try {
    document.execCommand('copy');
  } finally {
    window.removeEventListener('copy', provide, { capture: true });
  }
  if (!copied) throw new Error('The browser did not copy.');
}
