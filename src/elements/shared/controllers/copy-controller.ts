import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How long it is shown what became of copying, in ms. */
const SHOWN_MS = 2000;

/** Puts texts onto the clipboard, and keeps for a moment what came of it. */
export class CopyController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** What came of it, while that is to be shown. */
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
