import { type Context, ContextConsumer, ContextEvent } from '@lit/context';
import type { ReactiveElement } from 'lit';

/** The event that a provider dispatches when it is connected. */
const ARRIVAL = 'context-provider';

type ValueContext<T> = Context<symbol, T | undefined>;

/** Controllers without a provider, by document. They share one listener, because adding n listeners costs n² comparisons. */
const waiting = new WeakMap<Document, Set<(event: Event) => void>>();

function arrived(event: Event): void {
  const listeners = waiting.get(event.currentTarget as Document) ?? [];
  for (const listener of [...listeners]) listener(event);
}

/**
 * A context value that follows its host around: forgotten when the host leaves, asked for again where it arrives, and taken
 * from a provider that shows up only after the host did.
 */
export class ContextValueController<T> extends ContextConsumer<ValueContext<T>, ReactiveElement> {
  readonly #element: ReactiveElement;
  readonly #key: ValueContext<T>;
  readonly #onChange: () => void;
  #document: Document | undefined;

  /** @param onChange called with each new value, and when the host leaves */
  constructor(element: ReactiveElement, key: ValueContext<T>, onChange: () => void = () => {}) {
    super(element, { context: key, subscribe: true, callback: () => this.#onChange() });
    this.#element = element;
    this.#key = key;
    this.#onChange = onChange;
  }

  /** True while the provider around the host is the one that gave the present value. */
  get holds(): boolean {
    let provided: T | undefined;
    this.#element.dispatchEvent(new ContextEvent(this.#key, this.#element, (value) => (provided = value)));
    return provided === this.value;
  }

  override hostConnected(): void {
    super.hostConnected();
    if (this.value !== undefined) return;
    this.#document = this.#element.ownerDocument;
    let others = waiting.get(this.#document);
    if (!others) waiting.set(this.#document, (others = new Set()));
    if (others.size === 0) this.#document.addEventListener(ARRIVAL, arrived);
    others.add(this.#arrived);
  }

  override hostDisconnected(): void {
    super.hostDisconnected();
    this.#stopWaiting();
    this.value = undefined;
    this.#onChange();
  }

  readonly #arrived = (event: Event): void => {
    if (((event as HTMLElementEventMap['context-provider']).context as unknown) !== this.#key) return;
    super.hostConnected();
    if (this.value !== undefined) this.#stopWaiting();
  };

  #stopWaiting(): void {
    const others = this.#document && waiting.get(this.#document);
    if (others?.delete(this.#arrived) && others.size === 0) this.#document?.removeEventListener(ARRIVAL, arrived);
    this.#document = undefined;
  }
}
