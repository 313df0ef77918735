/** Writes to nodes that an element owns. What the page has made of their texts meanwhile is put right by the next write. */

/** Makes an element. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

/** Sets an attribute, or takes it away. */
export function writeAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Makes a text the only content of an element, whatever a page translator has put there. A text node that is there stays:
 * if the one under a pressed pointer is replaced, WebKit dispatches no click. Only in a hidden element it is replaced, because
 * Chromium does not notice that a description changes within its text node.
 */
export function writeText(element: Element, text: string): void {
  if (element.textContent === text) return;
  const { firstChild: present } = element;
  const stays = present?.nodeType === Node.TEXT_NODE && !present.nextSibling && !element.hasAttribute('hidden');
  if (stays) present.nodeValue = text;
  else element.textContent = text;
}

/** Shows a setup mistake in place of what an element has drawn. Layers look after themselves. */
export function drawProblem(root: ParentNode, problem = ''): void {
  for (const child of [...root.children]) if (!child.matches('.popup, dialog')) child.remove();
  root.prepend(make('span', { class: 'problem', part: 'problem' }, problem));
}
