const FADE_MS = 160;
/** With more changes than this within a second on the page, motion would be noise. */
const MOST_PER_SECOND = 20;

/** The tags that are changing now, with the tone that each had. They fade together: their styles are computed once for all. */
const changing = new Map<HTMLElement, string>();
let second = 0;
let changes = 0;

/** Fades a tag from a tone to the look that it has after the updates that are running now. */
export function crossFade(tag: HTMLElement, toneBefore: string): void {
  // jsdom has no animations and no media queries.
  if (!('animate' in tag) || document.hidden) return;
  if (changing.size === 0) queueMicrotask(fade);
  if (!changing.has(tag)) changing.set(tag, toneBefore);
}

function fade(): void {
  const tags = [...changing];
  changing.clear();
  const now = performance.now();
  if (now - second > 1000) [second, changes] = [now, 0];
  changes += tags.length;
  if (changes > MOST_PER_SECOND || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const tones = tags.map(([tag]) => tag.dataset['tone']);
  for (const [tag, before] of tags) tag.dataset['tone'] = before;
  const looks = tags.map(([tag]) => {
    const { backgroundColor, borderColor, color } = getComputedStyle(tag);
    return { backgroundColor, borderColor, color };
  });
  for (const [index, [tag]] of tags.entries()) tag.dataset['tone'] = tones[index];
  const options = { duration: FADE_MS, easing: 'ease-out' };
  for (const [index, [tag]] of tags.entries()) {
    tag.animate([looks[index]!, {}], options);
    const icon = tag.querySelector('svg');
    (icon ?? tag).animate([{ opacity: 0 }, {}], icon ? options : { ...options, pseudoElement: '::before' });
  }
}
