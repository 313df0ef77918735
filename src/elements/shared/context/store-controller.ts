import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Live } from '../../../store/types.ts';

/**
 * Follows one {@link Live} of the store on behalf of an element: subscribes while the element is connected, moves over when
 * `select` names another one, and asks for an update with each value.
 */
export class StoreController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #select: () => Live<T> | undefined;
  readonly #onValue: (value: T, before: T) => void;
  #live: Live<T> | undefined;
  #subscription: { unsubscribe(): void } | undefined;
  #value: T | undefined;
  #connected = false;
  #moving = false;

  /**
   * @param select names the Live to follow; `undefined` for none. Called before each update of the host.
   * @param onValue called with each value after the first one of a Live, and the one before it; not for a Live that `select` no longer names
   */
  constructor(
    host: ReactiveControllerHost,
    select: () => Live<T> | undefined,
    onValue: (value: T, before: T) => void = () => {},
  ) {
    this.#host = host;
    this.#select = select;
    this.#onValue = onValue;

    host.addController(this);
  }

  /** The latest value, or `undefined` while nothing is followed. */
  get value(): T | undefined {
    return this.#value;
  }

  /** True while there is something to follow. */
  get following(): boolean {
    return this.#live !== undefined;
  }

  hostConnected(): void {
    this.#connected = true;
    this.#move();
    // Lit does not render again by itself when an element is put back.
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    if (this.#connected) this.#move();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#leave();
  }

  #move(): void {
    const live = this.#select();
    if (live === this.#live) return;
    this.#leave();
    if (!live) return;
    this.#live = live;
    this.#moving = true;
    this.#subscription = live.subscribe((value) => this.#receive(value));
    this.#moving = false;
  }

  #receive(value: T): void {
    const before = this.#value;
    this.#value = value;
    if (this.#moving) return;
    // The host may already select another Live, before the update that subscribes to it.
    if (before !== undefined && this.#select() === this.#live) this.#onValue(value, before);
    this.#host.requestUpdate();
  }

  #leave(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#live = undefined;
    this.#value = undefined;
  }
}
