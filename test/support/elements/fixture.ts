import { ContextProvider } from '@lit/context';
import { fixture, html } from '@open-wc/testing';
import type { TemplateResult } from 'lit';
import { LitElement } from 'lit';
import { settingsContext, storeContext } from '../../../src/elements/shared/context/contexts.ts';
import { noRoutes } from '../../../src/elements/shared/context/no-routes.ts';
import type { Routes } from '../../../src/elements/routes.ts';
import type { CampaignStore } from '../../../src/store/types.ts';
import { english, type Localizer } from '../../../src/i18n/index.ts';

/** Stands in for a provider, and records announcements without any delay between texts. */
export class TestHost extends LitElement {
  readonly announced: string[] = [];
  readonly #store = new ContextProvider(this, { context: storeContext });
  readonly #settings = new ContextProvider(this, { context: settingsContext });

  set(store: CampaignStore | undefined, i18n: Localizer = english, routes: Routes = noRoutes): void {
    this.#settings.setValue({ i18n, routes, announce: (text) => void this.announced.push(text) });
    this.#store.setValue(store);
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }
}
customElements.define('test-host', TestHost);

/** Renders elements inside their own host with this store. */
export async function renderWithStore(
  store: CampaignStore | undefined,
  content: TemplateResult,
  { i18n, routes }: { i18n?: Localizer; routes?: Routes } = {},
): Promise<TestHost> {
  const host = await fixture<TestHost>(html`<test-host></test-host>`);
  host.set(store, i18n, routes);
  const inner = await fixture(html`<div>${content}</div>`);
  host.append(inner);
  return host;
}
