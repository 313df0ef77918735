import type { Context } from '@lit/context';
import type { ReactiveElement } from 'lit';

/** Called by a provider with its value: at once, and with each later one. */
type Receive<T> = (value: T | undefined, unsubscribe?: () => void) => void;

/** The request of the Web Components community's context protocol. */
class ContextRequest<T> extends Event {
  readonly context: Context<symbol, T | undefined>;
  readonly contextTarget: Element;
  readonly callback: Receive<T>;
  readonly subscribe: boolean;

  constructor(context: Context<symbol, T | undefined>, target: Element, callback: Receive<T>, subscribe: boolean) {
    super('context-request', { bubbles: true, composed: true });
    this.context = context;
    this.contextTarget = target;
    this.callback = callback;
    this.subscribe = subscribe;
  }
}

/** The event that a provider dispatches when it is connected. */
const ARRIVAL = 'context-provider';

/** Who waits for a provider, by document. They share one listener, because adding n listeners costs n² comparisons. */
const waiting = new WeakMap<Document, Set<Waiting>>();

interface Waiting {
  /** A provider has come into the document. */
  providerArrived(context: unknown): void;
}

function arrived(event: Event): void {
  const { context } = event as HTMLElementEventMap[typeof ARRIVAL];
  for (const value of [...(waiting.get(event.currentTarget as Document) ?? [])]) value.providerArrived(context);
}

/**
 * A context value that follows its element around: forgotten when the element leaves, asked for again where it arrives, and
 * taken from a provider that shows up only after the element did. Each new value updates the element.
 */
export class ContextValue<T> implements Waiting {
  readonly #element: ReactiveElement;
  readonly #context: Context<symbol, T | undefined>;
  /** The present value; `undefined` where no provider gives one. */
  value: T | undefined;
  #asked = false;
  #unsubscribe: (() => void) | undefined;
  #document: Document | undefined;

  constructor(element: ReactiveElement, context: Context<symbol, T | undefined>) {
    this.#element = element;
    this.#context = context;
  }

  /** True while the provider around the element is the one that gave the present value. */
  get holds(): boolean {
    if (!this.#asked) return true;
    let provided: T | undefined;
    this.#request((value) => (provided = value), false);
    return provided === this.value;
  }

  /** Asks the provider around the element, unless that was done. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#request(this.#receive, true);
    if (this.value !== undefined) return;
    this.#document = this.#element.ownerDocument;
    let others = waiting.get(this.#document);
    if (!others) waiting.set(this.#document, (others = new Set()));
    if (others.size === 0) this.#document.addEventListener(ARRIVAL, arrived);
    others.add(this);
  }

  /** Forgets the value: the element has left its place. */
  leave(): void {
    if (!this.#asked) return;
    this.#unsubscribe?.();
    this.#unsubscribe = this.value = undefined;
    this.#asked = false;
    this.#stopWaiting();
    this.#element.requestUpdate();
  }

  providerArrived(context: unknown): void {
    if (context !== this.#context) return;
    this.#request(this.#receive, true);
    if (this.value !== undefined) this.#stopWaiting();
  }

  #request(callback: Receive<T>, subscribe: boolean): void {
    this.#element.dispatchEvent(new ContextRequest(this.#context, this.#element, callback, subscribe));
  }

  readonly #receive: Receive<T> = (value, unsubscribe) => {
    if (this.#unsubscribe !== unsubscribe) this.#unsubscribe?.();
    this.#unsubscribe = unsubscribe;
    this.value = value;
    this.#element.requestUpdate();
  };

  #stopWaiting(): void {
    const others = this.#document && waiting.get(this.#document);
    if (others?.delete(this) && others.size === 0) this.#document?.removeEventListener(ARRIVAL, arrived);
    this.#document = undefined;
  }
}
