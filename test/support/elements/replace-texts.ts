/**
 * Does what page translators and highlighters do: replaces each text node at and below this one, including shadow
 * trees.
 */
export function replaceTexts(node: Node): void {
  if (node instanceof Element && node.shadowRoot) replaceTexts(node.shadowRoot);
  for (const child of [...node.childNodes])
    if (!(child instanceof Text)) replaceTexts(child);
    else if (!(node instanceof HTMLStyleElement)) {
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      inner.textContent = child.data;
      outer.append(inner);
      child.replaceWith(outer);
    }
}
