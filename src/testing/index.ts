/**
 * Helpers for a host's own tests: in jsdom, in happy-dom or in a browser, with any test runner. Importing this defines every element.
 */
import '../define.ts';
import type { CampaignAdapter } from '../adapters/contract.ts';
import type { CampaignViewElement } from '../elements/shared/base/campaign-view-element.ts';
import type { Routes } from '../elements/routes.ts';
import type { Translations } from '../i18n/index.ts';
import type { Lifecycle } from '../lifecycle/index.ts';
import type { CampaignProvider } from '../provider/campaign-provider.ts';
import { createCampaignStore } from '../store/index.ts';
import { nextFrame } from '../store/observe/notifier.ts';

/** Frames in a row without anything to wait for, after which a page has settled: a change takes one to the elements. */
const QUIET_FRAMES = 3;
/** How much later than now a press counts (ms): elements ignore one that comes too soon after a change to be meant. */
const LATER_MS = 1000;

/** What mounted elements get from their provider. */
export interface MountOptions {
  /** The backend, such as `simulatedAdapter(simulateBackend())` of `campaign-status-kit/mocks`. */
  readonly adapter: CampaignAdapter<unknown>;
  readonly lifecycles?: readonly Lifecycle[];
  readonly routes?: Routes;
  readonly translations?: Translations;
}

/** What a status tag shows. */
export interface ShownTag {
  readonly element: HTMLElement;
  /** The word on the tag. */
  readonly text: string;
  readonly status: string;
  /** The message of its popup, whole. */
  readonly message: string;
  /** True while the status is only the last known one. */
  readonly stale: boolean;
}

/** Which element is meant, and how long to wait for it. */
export interface PressOptions {
  /** The campaign, where several have a button. */
  readonly campaignId?: string;
  /** Answers the confirmation, if the action asks for one. Without it the dialog stays open. */
  readonly confirm?: boolean;
  /** The text for an action that asks for one; it also answers the dialog. */
  readonly input?: string;
}

const mounted = new Set<CampaignProvider>();

/**
 * Puts elements into a provider in the page, and waits until they show the state of the backend.
 *
 * @param content markup, or a node of your own
 * @returns the provider; {@link unmount} removes it
 */
export async function mount(
  content: string | Node,
  { adapter, lifecycles, ...settings }: MountOptions,
): Promise<CampaignProvider> {
  const provider = document.createElement('campaign-provider');
  const store = createCampaignStore({ adapter, ...(lifecycles ? { lifecycles } : {}) });
  Object.assign(provider, { store, ...settings });
  provider.append(typeof content === 'string' ? document.createRange().createContextualFragment(content) : content);
  document.body.append(provider);
  mounted.add(provider);
  await settled(provider);
  return provider;
}

/** Removes everything that was mounted, and closes its connections. For the end of each test. */
export function unmount(): void {
  for (const provider of mounted) {
    provider.remove();
    provider.store?.dispose();
  }
  mounted.clear();
}

/**
 * Waits until nothing in this part of the page is loading, no action is pending, and every update is drawn. What the backend
 * sends later is not waited for.
 *
 * @param within how long it may take, in ms
 * @throws Error that names the elements that are still waiting after that
 */
export async function settled(root: ParentNode = document, within = 2000): Promise<void> {
  const end = performance.now() + within;
  for (let quiet = 0; quiet < QUIET_FRAMES; quiet++) {
    await new Promise<void>(nextFrame);
    const elements = elementsIn(root);
    await Promise.all(elements.map(({ updateComplete }) => updateComplete));
    const waiting = elements.filter(isWaiting);
    if (waiting.length === 0) continue;
    if (performance.now() > end)
      throw new Error(`Not settled within ${within} ms: ${waiting.map(nameOf).join(', ')} wait for the backend.`);
    quiet = -1;
  }
}

/**
 * What the status tag in this part of the page shows, also one in a list or a header.
 *
 * @param campaignId the campaign, where there are several tags
 * @throws Error if there is no such tag, or more than one
 */
export function tagOf(root: ParentNode, campaignId?: string): ShownTag {
  const element = only(root, 'campaign-status-tag', campaignId);
  const { view } = element;
  return {
    element,
    text: textOf(element.shadowRoot?.querySelector('[part~=label], [part~=problem]')),
    status: view?.status ?? '',
    message: view?.message ?? '',
    stale: view?.stale !== undefined,
  };
}

/**
 * Presses the action button in this part of the page, as a user does, and waits until the outcome is shown.
 *
 * @throws Error if there is no such button, or more than one, or if it is disabled: the error gives its reason
 */
export async function press(root: ParentNode, { campaignId, confirm, input }: PressOptions = {}): Promise<void> {
  const element = only(root, 'campaign-action-button', campaignId);
  const button = element.shadowRoot?.querySelector<HTMLElement>('[part~=button]');
  if (!button) throw new Error(`${nameOf(element)} offers no action now.`);
  if (button.ariaDisabled === 'true' || button.getAttribute('aria-disabled') === 'true') {
    const reason = element.shadowRoot?.getElementById(button.getAttribute('aria-describedby') ?? '');
    throw new Error(`${nameOf(element)} is disabled: ${textOf(reason)}`);
  }
  clickOn(button);
  if (confirm || input !== undefined) await answer(element, input);
  await settled(root);
}

async function answer(element: HTMLElement, input: string | undefined): Promise<void> {
  const part = <E extends HTMLElement>(name: string): E | null =>
    element.shadowRoot?.querySelector<E>(`[part~=${name}]`) ?? null;
  const end = performance.now() + 2000;
  while (!part('confirm')) {
    if (performance.now() > end) throw new Error(`${nameOf(element)} asked for no confirmation.`);
    await new Promise<void>(nextFrame);
  }
  const field = part('confirm')?.querySelector<HTMLInputElement>('.confirm-input');
  if (field && input !== undefined) field.value = input;
  clickOn(part('confirm-go')!);
}

function clickOn(element: Element): void {
  const event = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true });
  Object.defineProperty(event, 'timeStamp', { value: performance.now() + LATER_MS });
  element.dispatchEvent(event);
}

/** The elements of the kit in this part of the page, also those in open shadow roots. */
function elementsIn(root: ParentNode): readonly CampaignViewElement[] {
  const found: Element[] = root instanceof Element ? [root] : [];
  for (const element of root.querySelectorAll('*')) found.push(element);
  return found.flatMap((element) => [
    ...('updateComplete' in element ? [element as CampaignViewElement] : []),
    ...(element.shadowRoot ? elementsIn(element.shadowRoot) : []),
  ]);
}

function only(root: ParentNode, name: string, campaignId: string | undefined): CampaignViewElement {
  const all = elementsIn(root).filter(({ localName }) => localName === name);
  const found = campaignId === undefined ? all : all.filter(({ campaignRef }) => campaignRef.id === campaignId);
  const [element] = found;
  if (element && found.length === 1) return element;
  const which = campaignId === undefined ? '' : ` of the campaign "${campaignId}"`;
  throw new Error(`There are ${found.length} <${name}>${which}. All: ${all.map(nameOf).join(', ') || 'none'}.`);
}

function isWaiting(element: CampaignViewElement): boolean {
  const { view } = element as Partial<CampaignViewElement>;
  if (view?.presence === 'loading' || view?.request?.phase === 'pending') return true;
  return element.shadowRoot?.querySelector('[aria-busy=true]') instanceof Element;
}

function nameOf(element: HTMLElement): string {
  const { campaignRef } = element as Partial<CampaignViewElement>;
  return campaignRef ? `<${element.localName}> of "${campaignRef.id}"` : `<${element.localName}>`;
}

function textOf(element: Element | null | undefined): string {
  return (element?.textContent ?? '').trim().replace(/\s+/g, ' ');
}
