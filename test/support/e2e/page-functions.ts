/** Functions that run inside the page. Each is sent there separately, so none may use another. */

/** What the list shows of one campaign. */
export interface ShownRow {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  /** "Last known …", or `''`. */
  readonly since: string;
  readonly action: string;
  readonly disabled: boolean;
}

/**
 * Follows a path of selectors through shadow roots. A step `selector=text` takes the element with that text; `row=name`
 * the row of that campaign.
 */
export function find(path: readonly string[]): HTMLElement | null {
  let place: ParentNode = document;
  let found: HTMLElement | null = null;
  for (const step of path) {
    const cut = step.lastIndexOf('=');
    const plain = cut < 0 || step.endsWith(']');
    const [selector, text] = plain ? [step, ''] : [step.slice(0, cut), step.slice(cut + 1)];
    if (plain) found = place.querySelector<HTMLElement>(selector);
    else if (selector === 'row') {
      const names = [...place.querySelectorAll('[part=row] [part=name]')];
      const name = names.find((one) => one.textContent.trim() === text);
      found = name?.closest<HTMLElement>('[part=row]') ?? null;
    } else {
      const all = [...place.querySelectorAll<HTMLElement>(selector)];
      found =
        all.find(
          (one) =>
            one.textContent
              .replace(/\s+/g, ' ')
              .trim()
              .replace(/ \(.*\)$/, '') === text,
        ) ?? null;
    }
    if (!found) return null;
    place = found.shadowRoot ?? found;
  }
  return found;
}

/** The middle of an element, scrolled into view, and what covers it, if anything; `undefined` while it has no size. */
export async function middleOf(element: HTMLElement): Promise<{ x: number; y: number; covered?: string } | undefined> {
  element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return undefined;
  const [x, y] = [left + width / 2, top + height / 2];
  let hit = document.elementFromPoint(x, y);
  for (;;) {
    const inner: Element | null = hit?.shadowRoot?.elementFromPoint(x, y) ?? null;
    if (!inner || inner === hit) break;
    hit = inner;
  }
  for (let node: Node | null = hit; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null)
    if (node === element) return { x, y };
  return { x, y, covered: hit ? `<${hit.localName} class="${hit.getAttribute('class') ?? ''}">` : 'nothing' };
}

/** All text that an element shows, including its shadow roots. */
export function textOf(element: Element): string {
  const parts: string[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text) parts.push(node.data);
    if (node instanceof Element) {
      if (node.hasAttribute('hidden') || node.localName === 'style') return;
      if (node instanceof HTMLSlotElement && node.assignedNodes().length) return node.assignedNodes().forEach(visit);
      if (node.shadowRoot) return node.shadowRoot.childNodes.forEach(visit);
    }
    node.childNodes.forEach(visit);
  };
  visit(element);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** Every row of a list. */
export function rowsOf(list: Element): ShownRow[] {
  const text = (root: ParentNode | null | undefined, selector: string): string =>
    root?.querySelector(selector)?.textContent.replace(/\s+/g, ' ').trim() ?? '';
  return [...(list.shadowRoot?.querySelectorAll('[part=row]') ?? [])].map((row) => {
    const tag = row.querySelector('campaign-status-tag')?.shadowRoot;
    const button = row.querySelector('campaign-action-button')?.shadowRoot;
    const name = text(row, '[part=name]');
    const since = text(tag, '[part=since]');
    return {
      name,
      id: text(row, '[part=id]') || name,
      status: text(tag, '[part=label]'),
      since,
      // Leave out hidden labels, which only keep the button's width.
      action: button?.querySelector<HTMLElement>('[part=button]')?.innerText.replace(/\s+/g, ' ').trim() ?? '',
      disabled: button?.querySelector('[part=button]')?.getAttribute('aria-disabled') === 'true',
    };
  });
}
