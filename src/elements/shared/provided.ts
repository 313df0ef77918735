import { type Context, ContextConsumer } from '@lit/context';
import type { ReactiveElement } from 'lit';

/** What a provider dispatches as it arrives. */
const ARRIVAL = 'context-provider';

type ValueContext<T> = Context<symbol, T | undefined>;

/**
 * A context value that follows its host around: forgotten when the host leaves, asked for again where it arrives, and taken
 * from a provider that shows up only after the host did.
 */
export class Provided<T> extends ContextConsumer<ValueContext<T>, ReactiveElement> {
  #document: Document | undefined;

  /** @param changed told of each new value, and of `undefined` when the host leaves */
  constructor(
    private readonly element: ReactiveElement,
    private readonly key: ValueContext<T>,
    private readonly changed: () => void = () => {},
  ) {
    super(element, { context: key, subscribe: true, callback: () => this.changed() });
  }

  override hostConnected(): void {
    super.hostConnected();
    if (this.value !== undefined) return;
    this.#document = this.element.ownerDocument;
    this.#document.addEventListener(ARRIVAL, this.#arrived as EventListener);
  }

  override hostDisconnected(): void {
    super.hostDisconnected();
    this.#stopWaiting();
    this.value = undefined;
    this.changed();
  }

  readonly #arrived = (event: HTMLElementEventMap['context-provider']): void => {
    if ((event.context as unknown) !== this.key) return;
    super.hostConnected();
    if (this.value !== undefined) this.#stopWaiting();
  };

  #stopWaiting(): void {
    this.#document?.removeEventListener(ARRIVAL, this.#arrived as EventListener);
    this.#document = undefined;
  }
}
