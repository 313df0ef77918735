const FADE_MS = 160;
/** With more changes than this within a second on the page, motion would be noise. */
const MOST_PER_SECOND = 20;

const recent: number[] = [];

/** Fades a tag from how it looks now to how it will look after the update that is about to run. */
export function crossFade(host: { readonly updateComplete: Promise<unknown> }, tag: HTMLElement | null): void {
  const now = performance.now();
  while (recent.length && now - recent[0]! > 1000) recent.shift();
  recent.push(now);
  if (
    !tag ||
    !('animate' in tag) || // jsdom has no animations and no media queries
    recent.length > MOST_PER_SECOND ||
    document.hidden ||
    matchMedia('(prefers-reduced-motion: reduce)').matches
  )
    return;
  const { backgroundColor, borderColor, color } = getComputedStyle(tag);
  const options = { duration: FADE_MS, easing: 'ease-out' };
  void host.updateComplete.then(() => {
    tag.animate([{ backgroundColor, borderColor, color }, {}], options);
    const icon = tag.querySelector('svg');
    (icon ?? tag).animate([{ opacity: 0 }, {}], icon ? options : { ...options, pseudoElement: '::before' });
  });
}
