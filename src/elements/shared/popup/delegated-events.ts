/**
 * Hears, once for all elements of a tree, that a pointer, a press or the focus comes to one of them. Listeners of their own in
 * each of ten thousand tags would be half of what a tag costs. At the root of the tree, not at the document: the tree may be a
 * closed one.
 */
const EVENTS = ['pointerover', 'focusin', 'click'] as const;

const wakers = new WeakMap<EventTarget, () => void>();
const rootOf = new WeakMap<Element, Node>();
const users = new WeakMap<Node, number>();

/** Calls `wake` before the element itself hears of an event. An element that is attended already only changes its `wake`. */
export function delegateEvents(element: Element, wake: () => void): void {
  wakers.set(element, wake);
  if (rootOf.has(element)) return;
  const root = element.getRootNode();
  const count = users.get(root) ?? 0;
  if (count === 0) for (const name of EVENTS) root.addEventListener(name, onEvent, true);
  users.set(root, count + 1);
  rootOf.set(element, root);
}

/** Ends it. The last element of a tree takes the listeners along. */
export function stopDelegating(element: Element): void {
  wakers.delete(element);
  const root = rootOf.get(element);
  if (!root) return;
  rootOf.delete(element);
  const count = (users.get(root) ?? 1) - 1;
  users.set(root, count);
  if (count === 0) for (const name of EVENTS) root.removeEventListener(name, onEvent, true);
}

function onEvent(event: Event): void {
  for (const target of event.composedPath()) {
    if (target === event.currentTarget) return;
    wakers.get(target)?.();
  }
}
