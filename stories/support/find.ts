/** Finds elements in shadow roots, for the assertions of stories. */
import { expect, waitFor } from 'storybook/test';

/** How long a story waits for an element or a text. Long, because a machine may be busy. */
export const TIMEOUT_MS = 20_000;

/**
 * The element that a path of selectors leads to, each looked up in the one before: in its shadow root where it has one.
 *
 * @throws Error that says where the path ends
 */
export function find<E extends HTMLElement = HTMLElement>(start: ParentNode, ...path: readonly string[]): E {
  let place: ParentNode = start instanceof Element ? (start.shadowRoot ?? start) : start;
  let found: HTMLElement | null = null;
  for (const selector of path) {
    found = place.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`There is no "${selector}" in ${describe(place)}.`);
    place = found.shadowRoot ?? found;
  }
  if (!found) throw new Error('find: name at least one selector.');
  return found as E;
}

/** Like {@link find}, but `undefined` where the path ends early. */
export function findOptional(start: ParentNode, ...path: readonly string[]): HTMLElement | undefined {
  try {
    return find(start, ...path);
  } catch {
    return undefined;
  }
}

/** Waits until the path leads to an element. */
export function waitForElement(start: ParentNode, ...path: readonly string[]): Promise<HTMLElement> {
  return waitFor(() => find(start, ...path), { timeout: TIMEOUT_MS });
}

/** Waits until the text of an element matches. */
export async function waitForText(element: () => Element, text: string | RegExp, timeout = TIMEOUT_MS): Promise<void> {
  await waitFor(() => expect(textOf(element())).toMatch(text), { timeout });
}

/** What an element shows, with the elements in its shadow root. */
export function textOf(element: Element): string {
  const parts: string[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text) parts.push(node.data);
    if (!(node instanceof Element)) return node.childNodes.forEach(visit);
    if (node.hasAttribute('hidden') || node instanceof HTMLStyleElement) return;
    if (node instanceof HTMLSlotElement && node.assignedNodes().length) node.assignedNodes().forEach(visit);
    else (node.shadowRoot ?? node).childNodes.forEach(visit);
  };
  visit(element);
  return parts.join('').replace(/\s+/g, ' ').trim();
}

function describe(place: ParentNode): string {
  if (place instanceof ShadowRoot) return `the shadow root of <${place.host.localName}>`;
  return place instanceof Element ? `<${place.localName}>` : 'the document';
}
