/** Between trigger and popup, and between popup and the page's edge, in px. */
const GAP = 6;

/** What is written on a popup in place of its style sheet. */
const WRITTEN = ['position-area', 'position-try-fallbacks', 'margin', 'left', 'top', 'max-block-size'];

/**
 * Keeps a popup beside its trigger, also while something scrolls, where the browser can't do that by CSS anchors: below it, above
 * where there is more room, and never higher than that room.
 *
 * @param signal ends it
 */
export function positionPopup(popup: HTMLElement, trigger: HTMLElement, signal: AbortSignal): void {
  for (const name of WRITTEN) popup.style.removeProperty(name);
  if (hasAnchors(trigger)) return;
  place(popup, trigger);
  const page = trigger.ownerDocument.defaultView ?? window;
  const again = (event: Event): void => {
    if (!(event.target instanceof Node && popup.contains(event.target))) place(popup, trigger);
  };
  page.addEventListener('scroll', again, { capture: true, passive: true, signal });
  page.addEventListener('resize', again, { signal });
}

/** Firefox misplaces an anchored popup in a part of the page that has another direction than the page. */
function hasAnchors(trigger: HTMLElement): boolean {
  const { documentElement: page } = trigger.ownerDocument;
  return (
    typeof CSS === 'object' &&
    CSS.supports('position-area: block-end') &&
    getComputedStyle(trigger).direction === getComputedStyle(page).direction
  );
}

function place(popup: HTMLElement, trigger: HTMLElement): void {
  const { style } = popup;
  style.removeProperty('max-block-size');
  const page = trigger.ownerDocument.documentElement;
  const anchor = trigger.getBoundingClientRect();
  const { width, height } = popup.getBoundingClientRect();
  const start = getComputedStyle(trigger).direction === 'rtl' ? anchor.right - width : anchor.left;
  const below = page.clientHeight - anchor.bottom - 2 * GAP;
  const above = anchor.top - 2 * GAP;
  const under = height <= below || below >= above;
  const shown = Math.min(height, Math.max(below, above));
  style.setProperty('position-area', 'none');
  style.setProperty('position-try-fallbacks', 'none');
  style.setProperty('margin', '0');
  style.setProperty('left', `${Math.max(0, Math.min(start, page.clientWidth - width))}px`);
  style.setProperty('top', `${under ? anchor.bottom + GAP : anchor.top - GAP - shown}px`);
  if (shown < height) style.setProperty('max-block-size', `${shown}px`);
}
