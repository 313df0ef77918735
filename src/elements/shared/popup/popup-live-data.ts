import type { ReactiveElement } from 'lit';
import type { Diagnosis, Live } from '../../../store/types.ts';
import { StoreController } from '../context/store-controller.ts';
import { SwitchableClock } from '../controllers/clock-controller.ts';

/** What is kept up to date only while somebody reads: the state of dependencies, and relative times. */
export class PopupLiveData {
  readonly #host: ReactiveElement;
  readonly #diagnosis: StoreController<Diagnosis>;
  readonly #ticking: SwitchableClock;
  #open = false;

  /** @param select the diagnosis to follow while the popup is open; `undefined` for none */
  constructor(host: ReactiveElement, select: () => Live<Diagnosis> | undefined) {
    this.#host = host;

    this.#ticking = new SwitchableClock(host);
    this.#diagnosis = new StoreController<Diagnosis>(host, () => (this.#open ? select() : undefined));
  }

  /** What is known of the dependencies; `undefined` where nobody can tell. */
  get diagnosis(): Diagnosis | undefined {
    return this.#diagnosis.value;
  }

  /** The popup has opened or closed. */
  turn(open: boolean): void {
    this.#open = open;
    this.#ticking.turn(open);
    this.#host.requestUpdate();
  }
}
