/** For pages without a bundler: loads the elements of the kit that the page contains, also those that are added later. */
import { LazyChunk } from '../elements/shared/popup/lazy-chunk.ts';

const definitions: ReadonlyMap<string, LazyChunk<unknown>> = new Map([
  ['campaign-action-button', new LazyChunk(() => import('../elements/campaign-action-button/define.ts'))],
  ['campaign-header', new LazyChunk(() => import('../elements/campaign-header/define.ts'))],
  ['campaign-inspector', new LazyChunk(() => import('../elements/campaign-inspector/define.ts'))],
  ['campaign-list', new LazyChunk(() => import('../elements/campaign-list/define.ts'))],
  ['campaign-log', new LazyChunk(() => import('../elements/campaign-log/define.ts'))],
  ['campaign-provider', new LazyChunk(() => import('../provider/define.ts'))],
  ['campaign-status-tag', new LazyChunk(() => import('../elements/campaign-status-tag/define.ts'))],
  ['recovery-guide', new LazyChunk(() => import('../elements/recovery-guide/define.ts'))],
]);
const reported = new Set<string>();

const observer = new MutationObserver((records) => {
  for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) search(node);
});

/**
 * Loads the elements in a document or shadow root, now and whenever one is added. The loader does so by itself for the document and
 * for open shadow roots; call this for a closed one.
 */
export function observe(root: Document | ShadowRoot): void {
  observer.observe(root, { childList: true, subtree: true });
  search(root);
}

function search(place: Document | ShadowRoot | Element): void {
  if (place instanceof Element) visit(place);
  for (const element of place.querySelectorAll('*')) visit(element);
}

function visit(element: Element): void {
  const { localName, shadowRoot } = element;
  // The shadow roots of the kit's elements are left out: an element imports what it contains.
  if (definitions.has(localName)) void load(localName);
  else if (shadowRoot) observe(shadowRoot);
  else if (element.matches(':not(:defined)'))
    void customElements.whenDefined(element.getAttribute('is') ?? localName).then(
      () => element.shadowRoot && observe(element.shadowRoot),
      () => undefined, // No element can have that name.
    );
}

async function load(name: string): Promise<void> {
  if (customElements.get(name)) return;
  try {
    await definitions.get(name)?.load();
  } catch (error) {
    if (reported.has(name)) return;
    reported.add(name);
    console.error(
      `campaign-status-kit: <${name}> could not be loaded. The next one that is added will try again; if that fails too, reload the page. ${String(error)}`,
    );
  }
}

observe(document);
