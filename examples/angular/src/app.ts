import { Component, computed, signal } from '@angular/core';
import type { CampaignOutcomeEvent, Routes } from 'campaign-status-kit';
import { ListElement, GuideElement, HeaderElement, ProviderElement } from './campaign-elements';
import { ErrorCount } from './error-count';
import { store } from './store';

@Component({
  selector: 'app-root',
  imports: [ErrorCount, GuideElement, HeaderElement, ListElement, ProviderElement],
  host: { '(window:hashchange)': 'hash.set(address())' },
  template: `
    <campaign-provider [store]="store" [routes]="routes" (campaign-outcome)="outcome.set($event.detail)">
      <nav><a href="#/flows">Flows</a> <a href="#/python">Python</a></nav>
      <app-error-count [system]="system()" />
      <campaign-list [system]="system()" [selected]="id()" announce="all" />
      @if (id()) {
        <campaign-header [system]="system()" [campaignId]="id()" [headingLevel]="2" />
        <recovery-guide [system]="system()" [campaignId]="id()" quiet />
      }
      <output>
        @if (outcome(); as latest) {
          {{ latest.action }}: {{ latest.outcome }}
        }
      </output>
    </campaign-provider>
  `,
})
export class App {
  protected readonly store = store;
  protected readonly routes: Routes = { campaign: '#/{system}/{id}' };
  protected readonly outcome = signal<CampaignOutcomeEvent['detail'] | undefined>(undefined);

  /** What the address says: `#/python`, or `#/python/welcome-letters`. */
  protected readonly hash = signal(this.address());
  readonly #parts = computed(() => this.hash().slice(2).split('/').map(decodeURIComponent));
  protected readonly system = computed(() => this.#parts()[0] ?? '');
  protected readonly id = computed(() => this.#parts()[1] ?? '');

  protected address(): string {
    return location.hash || '#/flows';
  }
}
