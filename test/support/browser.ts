/**
 * Controls the test's page from outside: real mouse, keys and touch, media features, the accessibility tree, memory.
 */
import { executeServerCommand, sendKeys, sendMouse, setViewport as resize } from '@web/test-runner-commands';
import { notRun } from './not-run.ts';
import { pause, until } from './until.ts';

export { expectUncaught } from './fail-on-warnings.ts';
export { pause, until };

/** Sends one command of the DevTools protocol to this page. In an engine without it, the test ends as not run. */
export async function cdp<Result = unknown>(method: string, params: object = {}): Promise<Result> {
  const answer = await executeServerCommand<Result | { lacks: string }, object>('cdp', { method, params });
  if (isLack(answer)) notRun(answer.lacks);
  return answer;
}

const isLack = (answer: unknown): answer is { lacks: string } =>
  typeof answer === 'object' && answer !== null && 'lacks' in answer;

// Undoes after each test what the test changed.
const undo = new Map<string, () => Promise<unknown>>();
afterEach(async () => {
  const steps = [...undo.values()].reverse();
  undo.clear();
  for (const step of steps) await step();
});

/** Waits for the next frame to be on screen. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/**
 * Resolves once the condition holds after some change in this root, even if only for a moment. Call it before the
 * action that causes the change: it may be over when the test looks.
 */
export function seen(root: Node, condition: () => unknown, what = String(condition)): Promise<void> {
  let found = false;
  const look = (): unknown => (found ||= Boolean(condition()));
  const observer = new MutationObserver(look);
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  return until(() => found, what).then(
    () => observer.disconnect(),
    (error: unknown) => {
      observer.disconnect();
      throw error;
    },
  );
}

/** Waits until no finite animation or transition runs on the page. */
export async function atRest(): Promise<void> {
  await until(() => animations(document).length === 0, 'nothing moves');
  await nextFrame();
}

function animations(root: Document | ShadowRoot): Animation[] {
  const own = root
    .getAnimations()
    .filter(({ effect, playState }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
  const inner = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? animations(shadowRoot) : []));
  return [...own, ...inner];
}

/**
 * Stops the time of the page and its events until the test ends, so that rules about "too soon" do not depend on the
 * speed of the machine.
 *
 * @returns a function that lets time pass
 */
export function stopTime(): (ms: number) => void {
  let now = performance.now();
  performance.now = () => now;
  const timeStamp = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp')!;
  Object.defineProperty(Event.prototype, 'timeStamp', { configurable: true, get: () => now });
  undo.set('time', () => {
    Reflect.deleteProperty(performance, 'now');
    Object.defineProperty(Event.prototype, 'timeStamp', timeStamp);
    return Promise.resolve();
  });
  return (ms) => void (now += ms);
}

// --- mouse, keys, touch -------------------------------------------------------------------------------------------------

/**
 * The middle of an element, scrolled into view, in whole pixels of the viewport. Throws if another element covers that
 * point.
 */
async function middle(element: Element): Promise<[number, number]> {
  element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  await nextFrame();
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) throw new Error(`<${element.localName}> has no size, so nobody can point at it.`);
  const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  if (!hits(element, x, y)) throw new Error(`<${element.localName}> is covered at its middle (${x}, ${y}).`);
  return [x, y];
}

function hits(element: Element, x: number, y: number): boolean {
  let found = document.elementFromPoint(x, y);
  while (found) {
    for (let node: Node | null = found; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null) {
      if (node === element) return true;
    }
    const inner: Element | null = found.shadowRoot?.elementFromPoint(x, y) ?? null;
    found = inner === found ? null : inner;
  }
  return false;
}

/** Moves the mouse over an element in steps, as a person does. */
export async function hover(element: Element): Promise<void> {
  await moveTo(...(await middle(element)));
}

/** Moves the mouse to a point of the viewport in steps, so that it crosses what lies between. */
export async function moveTo(x: number, y: number): Promise<void> {
  undo.set('mouse', () => {
    mouse = [0, 0];
    return sendMouse({ type: 'move', position: mouse });
  });
  const [fromX, fromY] = mouse;
  for (let step = 1; step <= 4; step++) {
    const position: [number, number] = [
      Math.round(fromX + ((x - fromX) * step) / 4),
      Math.round(fromY + ((y - fromY) * step) / 4),
    ];
    await sendMouse({ type: 'move', position });
  }
  mouse = [x, y];
}
let mouse: [number, number] = [0, 0];

/** Moves the mouse away from everything, to the bottom right corner. */
export function unhover(): Promise<void> {
  return moveTo(innerWidth - 1, innerHeight - 1);
}

/** Moves there and presses the left button. */
export async function click(element: Element): Promise<void> {
  const position = await middle(element);
  await moveTo(...position);
  await sendMouse({ type: 'click', position });
}

/** Presses the left button where the mouse is, `times` times as fast as possible. */
export async function clickHere(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await sendMouse({ type: 'click', position: mouse });
}

/** Double-clicks: unlike two single clicks, the second one carries a click count of 2. */
export async function doubleClick(element: Element): Promise<void> {
  const [x, y] = await middle(element);
  await moveTo(x, y);
  for (const clickCount of [1, 2])
    for (const type of ['mousePressed', 'mouseReleased'])
      await cdp('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount });
}

/** Presses a key or a chord: `press('Tab')`, `press('Shift+Tab')`. */
export async function press(chord: string): Promise<void> {
  const keys = chord === '+' ? ['+'] : chord.split('+');
  const last = keys.pop() ?? '';
  for (const key of keys) await sendKeys({ down: key });
  await sendKeys({ press: last });
  for (const key of keys.reverse()) await sendKeys({ up: key });
}

/** Types text into the focused element. */
export function type(text: string): Promise<void> {
  return sendKeys({ type: text });
}

/** Makes this a touch device until the test ends: no hover, a coarse pointer. */
export async function touchScreen(): Promise<void> {
  await cdp('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
  undo.set('touch', () => cdp('Emulation.setTouchEmulationEnabled', { enabled: false }));
}

/** Touches an element with one finger. `hold`: for this many ms. */
export async function tap(element: Element, { hold = 0 }: { hold?: number } = {}): Promise<void> {
  const [x, y] = await middle(element);
  await touchScreen();
  const down = cdp('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  if (hold > 0) await down.then(() => new Promise((resolve) => setTimeout(resolve, hold)));
  // Send the end at once, not after the answer: if the answer is late, the tap would become a long press.
  await Promise.all([down, cdp('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })]);
  await nextFrame();
}

/** The focused element, through all open shadow roots. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

// --- the page's environment ---------------------------------------------------------------------------------------------

/** Media features to emulate. */
export interface Media {
  forcedColors?: 'active' | 'none';
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
  contrast?: 'more' | 'less' | 'no-preference';
  media?: 'screen' | 'print';
}

const features: Record<string, string> = {
  forcedColors: 'forced-colors',
  colorScheme: 'prefers-color-scheme',
  reducedMotion: 'prefers-reduced-motion',
  contrast: 'prefers-contrast',
};

/** Emulates these media features, and no others, until the test ends. */
export async function emulate({ media = 'screen', ...rest }: Media): Promise<void> {
  await cdp('Emulation.setEmulatedMedia', {
    media: media === 'screen' ? '' : media,
    features: Object.entries(rest).map(([name, value]) => ({ name: features[name], value })),
  });
  undo.set('media', () => cdp('Emulation.setEmulatedMedia', { media: '', features: [] }));
  await nextFrame();
}

/** Lets nothing be copied, in the new way or the old one, until the test ends. */
export function forbidCopying(): void {
  const { clipboard } = navigator;
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
  document.execCommand = () => false;
  undo.set('copying', () => {
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
    Reflect.deleteProperty(document, 'execCommand'); // the one of the prototype is left
    return Promise.resolve();
  });
}

/** Gives the page this size until the test ends. */
export async function setViewport(width: number, height: number): Promise<void> {
  undo.set('viewport', () => resize({ width: 800, height: 600 }));
  await resize({ width, height });
  await nextFrame();
}

// --- the accessibility tree ---------------------------------------------------------------------------------------------

/** What assistive technology gets of one node. */
export interface AxNode {
  role: string;
  name: string;
  description: string;
  /** The value of an input, slider and the like. */
  value: string;
  /** `disabled`, `expanded`, `pressed`, `focused`, `live`, `level` and so on, if set. */
  states: Record<string, unknown>;
  /** All text below it, joined by spaces. */
  text: string;
  children: AxNode[];
}

interface RawNode {
  nodeId: string;
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  description?: { value: string };
  value?: { value: string | number };
  properties?: { name: string; value: { value?: unknown } }[];
  childIds?: string[];
  backendDOMNodeId?: number;
}

/** The accessibility tree of the page. Ignored nodes are left out, and their children moved up. */
export async function axTree(): Promise<AxNode[]> {
  return read().then(({ roots }) => roots);
}

async function read(): Promise<{ roots: AxNode[]; byDomNode: Map<number, AxNode> }> {
  const { nodes } = await cdp<{ nodes: RawNode[] }>('Accessibility.getFullAXTree');
  const raw = new Map(nodes.map((node) => [node.nodeId, node]));
  const byDomNode = new Map<number, AxNode>();
  const build = (node: RawNode): AxNode[] => {
    const children = (node.childIds ?? []).flatMap((id) => {
      const child = raw.get(id);
      return child ? build(child) : [];
    });
    if (node.ignored || node.role?.value === 'InlineTextBox') return children;
    const name = node.name?.value ?? '';
    const result: AxNode = {
      role: node.role?.value ?? '',
      name,
      description: node.description?.value ?? '',
      value: String(node.value?.value ?? ''),
      states: Object.fromEntries((node.properties ?? []).map((property) => [property.name, property.value.value])),
      text:
        node.role?.value === 'StaticText'
          ? name
          : children
              .map(({ text }) => text)
              .filter(Boolean)
              .join(' '),
      children,
    };
    if (node.backendDOMNodeId !== undefined) byDomNode.set(node.backendDOMNodeId, result);
    return [result];
  };
  const root = nodes[0];
  return { roots: root ? build(root) : [], byDomNode };
}

/** The node to find. A string must be equal, a regular expression must match. */
export interface AxQuery {
  role?: string;
  name?: string | RegExp;
  description?: string | RegExp;
}

const matches = (actual: string, wanted: string | RegExp | undefined): boolean =>
  wanted === undefined || (typeof wanted === 'string' ? actual === wanted : wanted.test(actual));

/** All nodes that match, in the order of the page. */
export async function axNodes(query: AxQuery): Promise<AxNode[]> {
  return flatten(await axTree()).filter(
    (node) =>
      matches(node.role, query.role) && matches(node.name, query.name) && matches(node.description, query.description),
  );
}

const flatten = (nodes: readonly AxNode[]): AxNode[] => nodes.flatMap((node) => [node, ...flatten(node.children)]);

/** The one node that matches. Throws, with a list of all nodes, if there is none or more than one. */
export async function axNode(query: AxQuery): Promise<AxNode> {
  const found = await axNodes(query);
  const [only] = found;
  if (only && found.length === 1) return only;
  const all = flatten(await axTree()).filter(({ role }) => role !== 'StaticText');
  const wanted = `role ${query.role ?? 'any'}, name ${String(query.name ?? 'any')}, description ${String(query.description ?? 'any')}`;
  throw new Error(
    `${found.length} nodes with ${wanted}. There are:\n${all.map(({ role, name }) => `  ${role} "${name}"`).join('\n')}`,
  );
}

/** The node of this element, in any open shadow root; `undefined` if assistive technology ignores it. */
export async function axOf(element: Element): Promise<AxNode | undefined> {
  const holder = globalThis as { __axTarget?: Element };
  holder.__axTarget = element;
  try {
    const { result } = await cdp<{ result: { objectId: string } }>('Runtime.evaluate', { expression: '__axTarget' });
    const { node } = await cdp<{ node: { backendNodeId: number } }>('DOM.describeNode', { objectId: result.objectId });
    await cdp('Runtime.releaseObject', { objectId: result.objectId });
    return (await read()).byDomNode.get(node.backendNodeId);
  } finally {
    delete holder.__axTarget;
  }
}

// --- memory -------------------------------------------------------------------------------------------------------------

async function collectGarbage(): Promise<void> {
  // A weak reference that was read stays alive until its task ends.
  await new Promise((resolve) => setTimeout(resolve));
  await cdp('HeapProfiler.collectGarbage');
}

/**
 * The memory of the page once a collection frees no more: what a finalizer releases is collected only the next time.
 */
export async function memory(): Promise<{ bytes: number; nodes: number; listeners: number }> {
  let last = Infinity;
  for (;;) {
    await collectGarbage();
    const { usedSize: bytes } = await cdp<{ usedSize: number }>('Runtime.getHeapUsage');
    const counters = await cdp<{ nodes: number; jsEventListeners: number }>('Memory.getDOMCounters');
    const { nodes, jsEventListeners: listeners } = counters;
    if (nodes + listeners >= last) return { bytes, nodes, listeners };
    last = nodes + listeners;
  }
}
