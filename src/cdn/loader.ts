/** For pages without a bundler: loads the elements of the kit that the page contains, also those that are added later. */

/** By element: its module, then everything that this imports. The build puts it here. */
declare const FILES: Readonly<Record<string, readonly [string, ...string[]]>>;

const files = FILES;
const names = Object.keys(files);
const loading = new Set<string>();
const reported = new Set<string>();
const fetched = new Map<string, Promise<unknown>>();

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
  // The elements of the kit import what they contain.
  if (Object.hasOwn(files, localName)) void load(localName);
  else if (shadowRoot) observe(shadowRoot);
  else if (element.matches(':not(:defined)'))
    void customElements.whenDefined(localName).then(() => element.shadowRoot && observe(element.shadowRoot));
}

async function load(name: string): Promise<void> {
  if (loading.has(name) || customElements.get(name)) return;
  loading.add(name);
  try {
    const [own, ...others] = files[name]!.map((file) => new URL(file, import.meta.url).href) as [string, ...string[]];
    await Promise.all([own, ...others].map(fetchOnce));
    await import(/* @vite-ignore */ own);
    if (names.every((name) => customElements.get(name))) observer.disconnect();
  } catch (error) {
    if (!reported.has(name)) console.error(`campaign-status-kit: <${name}> could not be loaded. ${String(error)}`);
    reported.add(name);
  }
  loading.delete(name);
}

function fetchOnce(address: string): Promise<unknown> {
  let loaded = fetched.get(address);
  if (!loaded) {
    fetched.set(address, (loaded = fetchScript(address)));
    loaded.catch(() => fetched.delete(address));
  }
  return loaded;
}

/**
 * Fetches a module for the import that follows. Browsers remember that a module could not be fetched and never ask for it again, nor
 * for what imports it; a preload that failed can be repeated. It also fetches all files of an element at the same time.
 */
function fetchScript(address: string): Promise<unknown> {
  const link = document.createElement('link');
  link.rel = 'preload';
  link.as = 'script';
  link.crossOrigin = 'anonymous';
  link.href = address;
  const loaded = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () =>
      reject(new Error(`${address} was not found, or the network or the page's policy is in the way.`));
  });
  document.head.append(link);
  return loaded.finally(() => link.remove());
}

observe(document);
