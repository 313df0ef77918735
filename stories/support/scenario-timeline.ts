import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Subscription } from 'rxjs';
import type { SimulatedBackend } from '../../mocks/index.ts';
import {
  statusDef,
  type CampaignStore,
  type CampaignView,
  type Connection,
  type Lifecycle,
  type ListView,
} from '../../src/index.ts';
import { pageStyles } from './page.styles.ts';
import type { Scenario } from './scenarios.ts';

interface Entry {
  /** ms after the start */
  readonly at: number;
  readonly who: 'backend' | 'page';
  readonly what: string;
}

/** Plays a scenario, and lists what the backend did beside what the page learned of it. */
export class StoryScenarioTimeline extends LitElement {
  static override readonly styles = [
    pageStyles,
    css`
      :host {
        display: block;
        max-block-size: 40vb;
        overflow: auto;
        padding: 10px 20px 12px;
        border-block-start: 1px solid var(--line);
        background: var(--subtle);
        font-size: 12px;
        line-height: 18px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 12px;
      }
      h2 {
        font-size: 13px;
        font-weight: 600;
      }
      .look {
        flex: 1 1 20rem;
        color: var(--quiet);
      }
      table {
        inline-size: 100%;
        margin-block-start: 8px;
        border-collapse: collapse;
        table-layout: fixed;
      }
      th,
      td {
        padding: 2px 12px 2px 0;
        text-align: start;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      th {
        color: var(--quiet);
        font-weight: 600;
      }
      .time {
        inline-size: 5em;
        color: var(--quiet);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  /** The sequence; it starts when the backend and the store are there. */
  @property({ attribute: false }) scenario: Scenario | undefined;

  /** What it happens to. */
  @property({ attribute: false }) backend: SimulatedBackend | undefined;

  /** What the page knows. */
  @property({ attribute: false }) store: CampaignStore | undefined;

  #entries: readonly Entry[] = [];
  #began = 0;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #subscription: Subscription | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#play();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override firstUpdated(): void {
    this.#play();
  }

  #stop(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    this.#subscription?.unsubscribe();
  }

  #play(): void {
    const { scenario, backend, store } = this;
    if (!scenario || !backend || !store) return;
    this.#stop();
    this.#entries = [];
    this.#began = performance.now();
    for (const { at, what, run } of scenario.steps)
      this.#timers.push(
        setTimeout(() => {
          this.#add('backend', what);
          run(backend);
        }, at),
      );
    const { ref } = scenario;
    this.#subscription = this.#follow(store.campaign(ref), (view) =>
      campaignText(view, store.lifecycles.get(ref.system)),
    );
    this.#subscription.add(this.#follow(store.connection(ref.system), connectionText));
    this.#subscription.add(this.#follow(store.list(ref.system), countText));
  }

  /** Adds what is shown of a value, whenever that is something else. The first is how it began. */
  #follow<T>(
    live: { subscribe(observer: (value: T) => void): Subscription },
    textOf: (value: T) => string,
  ): Subscription {
    let last = '';
    return live.subscribe((value) => {
      const text = textOf(value);
      if (text && last && text !== last) this.#add('page', text);
      last = text || last;
    });
  }

  #add(who: Entry['who'], what: string): void {
    this.#entries = [...this.#entries, { at: performance.now() - this.#began, who, what }];
    this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { scenario } = this;
    if (!scenario) return nothing;
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">${scenario.title}</h2>
        <p class="look">${scenario.look}</p>
        <button class="button" type="button" @click=${() => location.reload()}>Play again</button>
      </div>
      <table>
        <thead>
          <tr>
            <th class="time" scope="col">Second</th>
            <th scope="col">What the backend did</th>
            <th scope="col">What the page showed</th>
          </tr>
        </thead>
        <tbody>
          ${this.#entries.map(
            ({ at, who, what }) =>
              html`<tr>
                <td class="time">${(at / 1_000).toFixed(1)}</td>
                <td>${who === 'backend' ? what : nothing}</td>
                <td>${who === 'page' ? what : nothing}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }
}

function campaignText(view: CampaignView, lifecycle: Lifecycle | undefined): string {
  if (view.presence !== 'present') return '';
  const { request } = view;
  const asked = request ? `; ${request.action} is ${request.phase}` : '';
  const label = statusDef(lifecycle, view.status)?.label ?? `the word "${view.status}"`;
  return `${view.name}: ${view.stale ? 'last known ' : ''}${label}${asked}`;
}

function connectionText({ state, lost }: Connection): string {
  return lost ? 'Connection lost' : state === 'live' ? 'Connected' : '';
}

function countText({ complete, counts }: ListView): string {
  if (!complete) return '';
  const parts = [...counts].map(([status, count]) => `${count.toLocaleString('en')} ${status}`);
  return `List: ${parts.join(', ')}`;
}

customElements.get('story-scenario-timeline') ??
  customElements.define('story-scenario-timeline', StoryScenarioTimeline);

declare global {
  interface HTMLElementTagNameMap {
    'story-scenario-timeline': StoryScenarioTimeline;
  }
}
