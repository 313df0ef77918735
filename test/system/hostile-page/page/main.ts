/**
 * Every element of the kit, in each kind of place where a page may put it. Nothing moves by itself. In the address: `dir=rtl`; `size=200`
 * for a text size in %; `hostile` to load a second version of the kit as well; `framed` for the page inside the frame.
 */
import '../../../../src/define.ts';
import { simulateBackend, simulatedAdapter } from '../../../../mocks/index.ts';
import type { CampaignProvider, CampaignRef } from '../../../../src/index.ts';
import type {} from '../../../support/hostile-page/kit.ts';

const wanted = new URLSearchParams(location.search);
document.documentElement.dir = wanted.get('dir') ?? 'ltr';
document.documentElement.style.fontSize = `${wanted.get('size') ?? 100}%`;

// The tests stop the wall clock, so that no heartbeat falls due.
const backend = simulateBackend({ still: true, heartbeatMs: 3_600_000 });
const adapter = simulatedAdapter(backend);
/** The first campaign of a status. */
const campaign = (system: string, status: string): CampaignRef => {
  const { id } = backend.campaigns.list(system).find((record) => record.status === status)!;
  return { system, id };
};
const failed = campaign('python', 'error');
const idle = campaign('flows', 'inactive');

const attributes = ({ system, id }: CampaignRef): Record<string, string> => ({ system, 'campaign-id': id });
const contents: readonly (readonly [name: string, attributes: Record<string, string>])[] = [
  ['campaign-status-tag', attributes(failed)],
  ['campaign-status-tag', { ...attributes(failed), density: 'compact' }],
  ['campaign-status-tag', { system: 'flows', status: 'active' }],
  ['campaign-action-button', attributes(failed)],
  ['campaign-action-button', attributes(idle)],
  ['campaign-header', attributes(failed)],
  ['campaign-list', { system: 'flows', selectable: '' }],
  ['recovery-guide', attributes(failed)],
  ['campaign-log', attributes(failed)],
];

/** Fills a place with a provider and elements in it. */
function fill(place: ParentNode, elements = contents): void {
  const registry = (place as ShadowRoot).customElementRegistry;
  const create = (name: string): HTMLElement =>
    registry ? document.createElement(name, { customElementRegistry: registry }) : document.createElement(name);
  const provider = create('campaign-provider') as CampaignProvider;
  provider.adapter = adapter;
  for (const [name, values] of elements) {
    const element = provider.appendChild(create(name));
    for (const [attribute, value] of Object.entries(values)) element.setAttribute(attribute, value);
  }
  place.append(provider);
}

const closedRoots = new WeakMap<Element, ShadowRoot>();

/** A root inside a root inside a root. */
function nested(mode: ShadowRootMode): HTMLElement {
  const outer = document.createElement('div');
  let host = outer;
  for (let depth = 1; ; depth++) {
    const root = host.attachShadow({ mode });
    closedRoots.set(host, root);
    if (depth === 3) {
      fill(root);
      return outer;
    }
    host = root.appendChild(document.createElement('div'));
  }
}

/** Loads a module of the other version. */
const loadOther = (name: string): Promise<unknown> => import(/* @vite-ignore */ `/other/assets/${name}.js`);

/** Elements of another version under the names of this one, in a registry of their own. */
async function scoped(): Promise<HTMLElement> {
  const host = document.createElement('div');
  const customElementRegistry = new CustomElementRegistry();
  await loadOther('kit');
  for (const [name, elementClass] of Object.entries(classes)) customElementRegistry.define(name, elementClass);
  const elements = contents.filter(([name]) => name in classes);
  fill(host.attachShadow({ mode: 'open', customElementRegistry }), elements);
  return host;
}

function frame(): HTMLElement {
  const element = document.createElement('iframe');
  element.className = 'frame';
  element.setAttribute('sandbox', 'allow-scripts');
  element.src = `${location.pathname}?${new URLSearchParams([...wanted, ['framed', '']]).toString()}`;
  return element;
}

/** Puts content into a place of the page. */
function place(name: string, content: HTMLElement, container = 'section'): HTMLElement {
  const element = document.createElement(container);
  element.className = 'place';
  element.title = name;
  element.append(content);
  document.body.append(element);
  return element;
}

const plain = document.createElement('div');
fill(plain);
place('the document', plain);
if (!wanted.has('framed')) {
  place('three open roots', nested('open'));
  place('three closed roots', nested('closed'));
  place('a registry of its own', await scoped());
  document.body.append(frame());
  place('a modal dialog', nested('open'), 'dialog');
}
if (wanted.has('hostile')) await loadOther('define');

globalThis.tested = {
  rootOf: (element: Element): ShadowRoot | null => element.shadowRoot ?? closedRoots.get(element) ?? null,
  /** The failed campaign works again. */
  recover: (): void => backend.campaigns.force(failed, { status: 'active', message: null, cause: null }),
};

declare global {
  /** What the tests call. */
  var tested: { rootOf(element: Element): ShadowRoot | null; recover(): void };
}
