import type { ReactiveElement } from 'lit';

const CONTROL = 'button, input, select, textarea, label, summary';
/** Includes open layers: a press anywhere in them belongs to them. */
const PRESSED = `${CONTROL}, dialog, [popover]`;

/**
 * Keeps a press that an element acts on from a link or a row with a click handler around the element. The
 * host can still listen on the element itself. Links in the element, and the host's content in a slot, are not affected.
 */
export function containPresses(host: ReactiveElement): void {
  for (const type of ['click', 'dblclick', 'keydown', 'keyup']) host.addEventListener(type, contain);
}

function contain(event: Event): void {
  if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
  const pressed = pressedIn((event.currentTarget as ReactiveElement).renderRoot, event);
  if (!pressed) return;
  event.stopPropagation();
  // Prevents a link around the element from being followed. Labels and check boxes need their own default action.
  if (event.type === 'click' && !pressed.matches('label, [type=checkbox]')) event.preventDefault();
}

/** The innermost pressed control or layer of the element. Read from the event's path, because a press may remove its button. */
function pressedIn(root: Node, event: Event): Element | undefined {
  const path = event.composedPath();
  let own = true;
  let pressed: Element | undefined;
  for (const node of path.slice(0, Math.max(0, path.indexOf(root))).reverse()) {
    if (node instanceof ShadowRoot || (node instanceof HTMLSlotElement && node.assignedNodes().length > 0)) own = false;
    if (!(node instanceof Element)) continue;
    if (node.matches('a[href]') || (!own && node.matches(CONTROL))) return undefined;
    if (own && node.matches(PRESSED)) pressed = node;
  }
  return pressed;
}
