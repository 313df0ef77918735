const GAP = 6;

/** Puts a popup beside its trigger where the browser can't do that by CSS anchors. It does not follow scrolling. */
export function placeBeside(popup: HTMLElement, trigger: HTMLElement): void {
  if (CSS.supports('position-area: block-end')) return;
  const page = document.documentElement;
  const anchor = trigger.getBoundingClientRect();
  const { width, height } = popup.getBoundingClientRect();
  const start = getComputedStyle(trigger).direction === 'rtl' ? anchor.right - width : anchor.left;
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - height;
  popup.style.setProperty('left', `${Math.max(0, Math.min(start, page.clientWidth - width))}px`);
  popup.style.setProperty('top', `${below + height > page.clientHeight && above >= 0 ? above : below}px`);
  popup.style.setProperty('margin', '0');
}
