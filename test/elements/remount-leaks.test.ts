import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import '../../src/define.ts';
import type { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import type { CampaignHeader } from '../../src/elements/campaign-header/campaign-header.ts';
import type { CampaignElement } from '../../src/elements/shared/base/campaign-element.ts';
import type { CampaignStatusTag } from '../../src/elements/campaign-status-tag/campaign-status-tag.ts';
import type { CampaignProvider } from '../../src/provider/campaign-provider.ts';
import { kinds, NamedStore, ref, showing } from '../support/elements/two-stores.ts';
import '../support/elements/load-layers.ts';

const ROUNDS = 100;

/** Open parts of an element have their own timers and listeners. */
function openUp(element: CampaignElement): void {
  if (element.localName === 'campaign-status-tag') (element as CampaignStatusTag).open();
  if (element.localName === 'campaign-action-button') (element as CampaignActionButton).press();
  if (element.localName === 'campaign-header') (element as CampaignHeader).openLog();
}

/**
 * What is still registered with the page: timers that have neither run nor been cleared, and listeners on window and
 * document.
 */
function watchPage(): { held(): readonly string[]; slow(): readonly string[]; stop(): void } {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = window;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const timers = new Map<unknown, string>();
  const slow = new Set<unknown>();
  const listeners: { readonly target: unknown; readonly type: string; readonly listener: unknown; capture: boolean }[] =
    [];

  window.setTimeout = ((run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run(...args);
    }, ms);
    timers.set(timer, `a timer of ${ms} ms`);
    if ((ms ?? 0) > 2000) slow.add(timer);
    return timer;
  }) as typeof window.setTimeout;
  window.setInterval = ((run: () => void, ms?: number) => {
    const timer = setInterval(run, ms);
    timers.set(timer, `an interval of ${ms} ms`);
    slow.add(timer);
    return timer;
  }) as typeof window.setInterval;
  for (const [name, clear] of [
    ['clearTimeout', clearTimeout],
    ['clearInterval', clearInterval],
  ] as const)
    window[name] = (timer) => {
      timers.delete(timer);
      clear.call(window, timer);
    };

  const isCapture = (options: unknown): boolean =>
    options === true || (typeof options === 'object' && (options as AddEventListenerOptions | null)?.capture === true);
  const find = (target: unknown, type: string, listener: unknown, capture: boolean): number =>
    listeners.findIndex(
      (one) => one.target === target && one.type === type && one.listener === listener && one.capture === capture,
    );
  EventTarget.prototype.addEventListener = function (
    this: EventTarget | undefined,
    ...[type, listener, options]: Parameters<EventTarget['addEventListener']>
  ) {
    const target = this ?? window;
    const capture = isCapture(options);
    if ((target === window || target === document) && find(target, type, listener, capture) < 0) {
      const one = { target, type, listener, capture };
      listeners.push(one);
      const signal = typeof options === 'object' ? options.signal : undefined;
      if (signal) addEventListener.call(signal, 'abort', () => void listeners.splice(listeners.indexOf(one), 1));
    }
    addEventListener.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (
    this: EventTarget | undefined,
    ...[type, listener, options]: Parameters<EventTarget['removeEventListener']>
  ) {
    const target = this ?? window;
    const index = find(target, type, listener, isCapture(options));
    if (index >= 0) listeners.splice(index, 1);
    removeEventListener.call(target, type, listener, options);
  };

  return {
    held: () => [...timers.values(), ...listeners.map(({ type }) => `a listener for ${type}`)],
    slow: () => [...timers].flatMap(([timer, name]) => (slow.has(timer) ? name : [])),
    stop: () => {
      Object.assign(window, { setTimeout, clearTimeout, setInterval, clearInterval });
      Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
    },
  };
}

describe('a hundred lives', () => {
  for (const [name] of kinds)
    it(`of ${name} leave no subscription, timer or listener behind, whatever was open in it`, async () => {
      const store = new NamedStore('Alpha');
      store.change(ref, { stale: { asOf: store.time, why: 'feed' } });
      const around = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
      const page = watchPage();
      try {
        const element = showing(name);
        for (let round = 0; round < ROUNDS; round++) {
          around.append(element);
          await element.updateComplete;
          openUp(element);
          await element.updateComplete;
          expect(store.observers()).to.be.greaterThan(0);
          element.remove();
        }
        expect(store.observers()).to.equal(0);
        expect(page.slow(), 'too long to wait for').to.deep.equal([]);
        const end = performance.now() + 20_000;
        while (page.held().length > 0 && performance.now() < end) await nextFrame();
        expect(page.held()).to.deep.equal([]);
      } finally {
        page.stop();
      }
    });
});
