import type { LitElement } from 'lit';

const CONTROL = 'button, input, select, textarea, label, summary';
/** Also what is open: a press in it belongs to it, whatever it hits there. */
const PRESSED = `${CONTROL}, dialog, [popover]`;

/**
 * Keeps a press that an element acts on from whatever the host's page has around it: a link, or a row with a click handler. The
 * host still hears of it at the element itself. Links in the element, and what the host has put into a slot, are left alone.
 */
export function containPresses(host: LitElement): void {
  for (const type of ['click', 'dblclick', 'keydown', 'keyup']) host.addEventListener(type, contain);
}

function contain(event: Event): void {
  if (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ') return;
  const pressed = pressedIn((event.currentTarget as LitElement).renderRoot, event);
  if (!pressed) return;
  event.stopPropagation();
  // The default action of a click is now that of a link around the element; only a check box has one of its own.
  if (event.type === 'click' && !pressed.matches('label, [type=checkbox]')) event.preventDefault();
}

/** The innermost of the element's own controls and layers that was pressed. By the event's path: a press may take its button away. */
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
