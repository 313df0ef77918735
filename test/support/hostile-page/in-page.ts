/** Functions that run inside the page. Each is sent there separately, so none may use another. */

/** The text that an element shows, in roots of every mode. */
export function shownText(place: Element): string {
  const parts: string[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text) parts.push(node.data);
    if (node instanceof Element && getComputedStyle(node).display === 'none') return;
    if (node instanceof HTMLSlotElement) node.assignedNodes().forEach(visit);
    else (node instanceof Element ? (tested.rootOf(node) ?? node) : node).childNodes.forEach(visit);
  };
  visit(place);
  return parts.join(' ').replace(/\s+/g, ' ').trim();
}

/** The paths of elements whose content is wider than they are, and which hide the rest. */
export function cutOff(place: Element): string[] {
  const found: string[] = [];
  const visit = (element: Element, above: string): void => {
    const path = `${above} > ${element.localName}.${element.getAttribute('part') ?? ''}`;
    const hides = ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
    // What is for screen readers alone is a pixel wide.
    if (hides && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1) found.push(path);
    for (const child of [...(tested.rootOf(element)?.children ?? []), ...element.children]) visit(child, path);
  };
  visit(place, '');
  return found;
}
