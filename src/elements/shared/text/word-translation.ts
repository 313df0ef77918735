/**
 * Whether page translators are to leave alone the status words and verbs of an element, which must match tone and action: always,
 * unless the host has set `translate="yes"` on it or on an element of the host around it.
 */
export function keepsWords(element: Element): boolean {
  for (let host: Element | undefined = element; host; host = hostOf(host))
    if (/^(yes)?$/i.test(host.getAttribute('translate') ?? 'no')) return false;
  return true;
}

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}
