/** Wakes one waiting function. A wake-up while none waits is kept for the next wait. */
export class WakeSignal {
  #resolve: (() => void) | undefined;
  #woken = false;

  wake(): void {
    this.#woken = true;
    this.#resolve?.();
  }

  async wait(): Promise<void> {
    if (!this.#woken) await new Promise<void>((resolve) => (this.#resolve = resolve));
    this.#resolve = undefined;
    this.#woken = false;
  }
}
