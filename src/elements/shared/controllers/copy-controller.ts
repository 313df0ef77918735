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

  /** Copies a text. Never rejects; without a secure context or permission it fails. */
  async copy(text: string): Promise<'copied' | 'failed'> {
    const outcome = await Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
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
