/** Observes well-behaved campaigns on screen, frame by frame, for effects of the hostile ones. Runs in the page. */
import type { Page } from 'puppeteer-core';

/** Everything that was seen, each different value once. One value of each kind means that nothing ever moved. */
export type Observed = Readonly<Record<string, readonly string[]>>;

/** Begins to observe. Don't call it while the connection is lost: then every tag shows that, and takes more space. */
export async function watchNeighbours(page: Page, ids: readonly string[]): Promise<() => Promise<Observed>> {
  const seen = await page.evaluateHandle((good) => {
    const notes: Record<string, string[]> = {};
    const note = (what: string, value: string): void => {
      const all = (notes[what] ??= []);
      // A few examples are enough for a failure message.
      if (!all.includes(value) && all.length < 8) all.push(value);
    };
    const box = (of: Element, from?: Element): string => {
      const [{ x, y, width, height }, origin] = [
        of.getBoundingClientRect(),
        from?.getBoundingClientRect() ?? { x: 0, y: 0 },
      ];
      return [x - origin.x, y - origin.y, width, height].map((length) => length.toFixed(1)).join(' ');
    };
    const look = (): void => {
      requestAnimationFrame(look);
      const tags = [
        ...document.querySelectorAll('#good campaign-status-tag, #headers > :first-child, #line > :first-child'),
      ];
      if (tags.some((tag) => tag.matches(':state(stale)'))) return;
      for (const [n, tag] of tags.entries()) note(`${tag.localName} ${n}`, box(tag));
      const label = tags[0]?.shadowRoot?.querySelector('[part=label]');
      if (label) note('direction', getComputedStyle(label).direction + getComputedStyle(label).unicodeBidi);
      const [first, hostile, last] = [...document.querySelectorAll('#line > *')].map((tag) =>
        tag.getBoundingClientRect(),
      );
      if (first && hostile && last) note('order', String(first.right <= hostile.left && hostile.right <= last.left));
      const list = document.querySelector('campaign-list')!;
      const rows = list.shadowRoot?.querySelectorAll('[part=row]') ?? [];
      // The first row: the page does not scroll, and the row's name sorts first.
      const top = rows[0]?.getBoundingClientRect();
      if (top) note('in sight', String(top.bottom <= list.getBoundingClientRect().bottom));
      for (const row of rows) {
        const tag = row.querySelector('campaign-status-tag');
        if (!tag || !good.includes(tag.campaignId) || tag.matches(':state(stale)')) continue;
        const [x, , width, height] = box(tag, row).split(' ');
        note(`row of ${tag.campaignId}`, `${x} ${width} ${height}`);
      }
    };
    look();
    return notes;
  }, ids);
  return () => seen.jsonValue();
}
