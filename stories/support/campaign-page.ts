import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { SimulatedBackend } from '../../mocks/index.ts';
import { flows, python, type CampaignNavigateEvent, type CampaignRef, type Lifecycle } from '../../src/index.ts';
import type { StoryControlPanel } from './control-panel.ts';
import './control-panel.ts';
import { pageStyles } from './page.styles.ts';

const systems: readonly Lifecycle[] = [flows, python];

/** An example of a host’s page: the campaigns of one system, and the chosen one. Content in the slot `foot` replaces the controls. */
export class StoryCampaignPage extends LitElement {
  static override readonly styles = [
    pageStyles,
    css`
      :host {
        display: block;
        background: var(--page);
        container-type: inline-size;
      }
      .page {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr) auto;
        min-block-size: 100vb;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 24px;
        padding: 12px 20px;
        border-block-end: 1px solid var(--line);
      }
      h1 {
        font-size: 20px;
        line-height: 28px;
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      .systems {
        display: inline-flex;
        padding: 2px;
        border-radius: 8px;
        background: light-dark(#eceef2, #22262e);
      }
      .systems button {
        min-block-size: 28px;
        padding: 3px 14px;
        border: 1px solid transparent;
        border-radius: 6px;
        background: transparent;
        color: var(--quiet);
        font-weight: 500;
      }
      .systems button:hover {
        color: var(--ink);
      }
      .systems [aria-pressed='true'] {
        border-color: var(--line);
        background: var(--raised);
        color: var(--ink);
        box-shadow: 0 1px 2px rgb(0 0 0 / 8%);
      }
      .work {
        display: grid;
        grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr);
      }
      .list,
      .campaign {
        min-inline-size: 0;
        padding: 20px;
      }
      .campaign {
        display: grid;
        align-content: start;
        gap: 16px;
        border-inline-start: 1px solid var(--line);
      }
      .back {
        display: none;
        justify-self: start;
      }
      story-control-panel {
        position: sticky;
        inset-block-end: 0;
        z-index: 1;
        max-block-size: 70vb;
        overflow: auto;
      }
      @container (inline-size >= 56rem) {
        .page {
          block-size: 100vb;
          min-block-size: 34rem;
        }
        .work {
          grid-template-rows: minmax(0, 1fr);
        }
        .list {
          display: grid;
          grid-template-rows: minmax(0, 1fr);
        }
        .list,
        .campaign {
          min-block-size: 0;
        }
        .campaign {
          overflow: auto;
        }
      }
      @container (inline-size < 56rem) {
        .work {
          grid-template-columns: minmax(0, 1fr);
          align-content: start;
        }
        .work[data-view='list'] > .campaign,
        .work[data-view='campaign'] > .list {
          display: none;
        }
        .campaign {
          border-inline-start: 0;
        }
        .back {
          display: inline-flex;
        }
      }
      @container (inline-size < 40rem) {
        .top,
        .list,
        .campaign {
          padding: 12px 16px;
        }
      }
      @media (pointer: coarse) {
        .systems button {
          min-block-size: 44px;
        }
      }
      @media (forced-colors: active) {
        .systems [aria-pressed='true'] {
          border-color: Highlight;
        }
      }
    `,
  ];

  /** The backend behind the page, for the controls at its foot. */
  @property({ attribute: false }) backend: SimulatedBackend | undefined;

  /** The initial system. */
  @property() system = flows.system;

  /** The chosen campaign, by system. */
  @property({ attribute: false }) chosen: Readonly<Record<string, string>> = {};

  /** How tall rows and tags are. */
  @property() density: 'comfortable' | 'compact' = 'comfortable';

  /** On a narrow page: the list, or the campaign. */
  @state() private view: 'list' | 'campaign' = 'list';

  @query('.back') private readonly back!: HTMLElement;

  @query('story-control-panel') private readonly panel!: StoryControlPanel;

  /** The campaign that is shown. */
  get ref(): CampaignRef {
    return { system: this.system, id: this.chosen[this.system] ?? '' };
  }

  readonly #navigate = (event: CampaignNavigateEvent): void => {
    const { to, ref, href } = event.detail;
    if (href !== undefined) return;
    if (to === 'campaign') void this.#choose(ref);
    else void this.panel.show(groups.get(to) ?? 'campaign');
  };

  /** Links to the backend’s settings open the control panel instead. */
  readonly #followed = (event: MouseEvent): void => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const [, kind, id] = /^#\/settings\/(\w+)s\/(.+)$/.exec(link?.hash ?? '') ?? [];
    if (kind === undefined) return;
    event.preventDefault();
    void this.panel.show(kind, id);
  };

  constructor() {
    super();
    this.addEventListener('click', this.#followed);
  }

  async #choose({ system, id }: CampaignRef): Promise<void> {
    this.chosen = { ...this.chosen, [system]: id };
    this.view = 'campaign';
    await this.updateComplete;
    if (this.back.checkVisibility()) this.back.focus();
  }

  protected override render(): TemplateResult {
    const { system, id } = this.ref;
    return html`<div class="page" @campaign-navigate=${this.#navigate}>
      <header class="top">
        <h1>Campaigns</h1>
        <div class="systems" role="group" aria-label="System">
          ${systems.map(
            (one) =>
              html`<button
                type="button"
                aria-pressed=${one.system === system ? 'true' : 'false'}
                @click=${() => {
                  this.system = one.system;
                  this.view = 'list';
                }}
              >
                ${one.label}
              </button>`,
          )}
        </div>
      </header>
      <main class="work" data-view=${this.view}>
        <section class="list" aria-label="All campaigns">
          <campaign-list system=${system} selected=${id} density=${this.density} contained></campaign-list>
        </section>
        <section class="campaign" aria-label="Chosen campaign">
          <button class="button back" type="button" @click=${() => (this.view = 'list')}>All campaigns</button>
          <campaign-header system=${system} campaign-id=${id}></campaign-header>
          <recovery-guide system=${system} campaign-id=${id} quiet></recovery-guide>
        </section>
      </main>
      <slot name="foot"><story-control-panel .backend=${this.backend} .ref=${this.ref}></story-control-panel></slot>
    </div>`;
  }

  protected override firstUpdated(): void {
    // On a large page, the controls are open from the start.
    this.panel.open = this.clientWidth >= 900 && window.innerHeight >= 640;
  }
}

/** The control groups that replace the host’s settings pages. */
const groups: ReadonlyMap<string, string> = new Map([
  ['channels', 'channel'],
  ['agents', 'agent'],
]);

customElements.get('story-campaign-page') ?? customElements.define('story-campaign-page', StoryCampaignPage);

declare global {
  interface HTMLElementTagNameMap {
    'story-campaign-page': StoryCampaignPage;
  }
}
