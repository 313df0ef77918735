/** What an element does when a pointer, a press or the focus comes to it. */
export const attend = Symbol('attend');

/** An element that has no listeners of its own until it is needed. */
export interface Attending {
  /** Called before the element itself receives the event. */
  [attend](event: Event): void;
}

/**
 * One listener per tree for all its elements: listeners of their own in each of ten thousand tags would be half of what a tag costs.
 * At the root of the tree, not at the document, because the tree may be a closed one.
 */
const EVENTS = ['pointerover', 'focusin', 'click'] as const;

const users = new WeakMap<Node, number>();

/** Begins to call {@link attend} of the elements in this tree. Each of them calls this once. */
export function delegateEvents(root: Node): void {
  const count = users.get(root) ?? 0;
  if (count === 0) for (const name of EVENTS) root.addEventListener(name, onEvent, true);
  users.set(root, count + 1);
}

/** Ends it. The last element of a tree takes the listeners along. */
export function stopDelegating(root: Node): void {
  const count = (users.get(root) ?? 1) - 1;
  users.set(root, count);
  if (count === 0) for (const name of EVENTS) root.removeEventListener(name, onEvent, true);
}

function onEvent(event: Event): void {
  for (const target of event.composedPath()) {
    if (target === event.currentTarget) return;
    (target as Partial<Attending>)[attend]?.(event);
  }
}
