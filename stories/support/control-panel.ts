import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { SimulatedBackend } from '../../mocks/index.ts';
import type { CampaignRef } from '../../src/index.ts';
import { canFail, hintOf, dependenciesOf, prerequisitesOf } from './simulation-facts.ts';
import { pageStyles } from './page.styles.ts';

const SLOW_MS = 2_000;

/** `unavailable` would be retried and then done, so the refusal would never be shown. */
const REFUSAL = { code: 'invalid', reason: 'The provider is being serviced until noon.' } as const;

/** Controls of the simulated backend, for stories. */
export class StoryControlPanel extends LitElement {
  static override readonly styles = [
    pageStyles,
    css`
      :host {
        display: block;
        border-block-start: 1px solid var(--line);
        background: var(--subtle);
        font-size: 12px;
        line-height: 16px;
        container-type: inline-size;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        padding: 8px 20px;
      }
      .bar .button {
        margin-inline-start: auto;
      }
      .title {
        font-size: 13px;
        font-weight: 600;
      }
      .button,
      .switch {
        min-block-size: 24px;
      }
      .button {
        padding: 3px 8px;
      }
      .switch input {
        inline-size: 26px;
        block-size: 16px;
      }
      .switch input::before {
        inline-size: 10px;
        block-size: 10px;
      }
      .switch input:checked::before {
        inset-inline-start: 12px;
      }
      a.button {
        margin: 0;
        color: inherit;
        text-decoration: none;
      }
      .hint {
        flex: 1 1 16rem;
        min-inline-size: 0;
        color: var(--quiet);
        overflow-wrap: anywhere;
      }
      .hint b {
        color: var(--ink);
        font-weight: 600;
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 10.5rem), 1fr));
        gap: 12px 24px;
        padding: 0 20px 14px;
      }
      legend {
        padding-block-end: 4px;
        color: var(--quiet);
        font-weight: 600;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      .row + .row {
        margin-block-start: 6px;
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr));
        gap: 0 12px;
      }
      .used {
        font-weight: 600;
      }
      .used::after {
        margin-inline-start: 5px;
        color: var(--accent);
        content: '•' / 'in use';
      }
      .row .switch {
        margin-inline-end: 10px;
      }
      .why {
        color: var(--quiet);
      }
      .count {
        color: var(--quiet);
        font-variant-numeric: tabular-nums;
      }
      @media (pointer: coarse) {
        .button,
        .switch {
          min-block-size: 44px;
        }
      }
      @container (inline-size >= 56rem) {
        .groups {
          grid-template-columns: 1.4fr 0.8fr 0.9fr 1.2fr 1.3fr;
        }
      }
      @container (inline-size < 30rem) {
        .hint {
          order: 1;
          flex-basis: 100%;
        }
      }
      @container (inline-size < 40rem) {
        .bar,
        .groups {
          padding-inline: 16px;
        }
      }
    `,
  ];

  /** The simulated backend. */
  @property({ attribute: false }) backend: SimulatedBackend | undefined;

  /** The campaign that its first group is about. */
  @property({ attribute: false }) ref: CampaignRef = { system: '', id: '' };

  /** Shows the controls below the bar. */
  @property({ type: Boolean, reflect: true }) open = false;

  #unsubscribe: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** Opens the panel with the focus on a group: `campaign`, `channel`, `agent`, `feed` or `action`; or on one part of it. */
  async show(group: string, part = ''): Promise<void> {
    this.open = true;
    await this.updateComplete;
    const controls = [...this.renderRoot.querySelectorAll<HTMLElement>(`[data-group="${group}"] :is(input, button)`)];
    const first = controls.find(({ dataset }) => dataset['part'] === part) ?? controls[0];
    first?.scrollIntoView({ block: 'nearest' });
    first?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('backend')) this.#listen();
  }

  #listen(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = this.backend?.subscribe(() => this.requestUpdate());
  }

  #campaign(backend: SimulatedBackend): TemplateResult {
    const { ref } = this;
    const fails = canFail(backend, ref);
    return html`<fieldset data-group="campaign">
      <legend>The chosen campaign</legend>
      <div class="row">
        ${prerequisitesOf(backend, ref).map(({ prerequisite, label, met }) =>
          this.#switch(sentence(label), met, (on) => backend.campaigns.setPrerequisite(ref, prerequisite, on)),
        )}
      </div>
      <div class="row">
        <button
          class="button"
          type="button"
          aria-disabled=${fails ? 'false' : 'true'}
          aria-describedby="raise-why"
          @click=${() => fails && backend.campaigns.raise(ref)}
        >
          Raise an exception
        </button>
        <span id="raise-why" class="why">${fails ? nothing : 'only while at work'}</span>
      </div>
      <div class="row">
        ${[10, 1_000].map((n) => this.#press(`Add ${n.toLocaleString('en')}`, () => backend.campaigns.fill(n, ref.system)))}
        <a class="button" href="./?path=/story/lifecycle--hundred-thousand-campaigns" target="_top">Add 100,000</a>
        <span class="why">more campaigns</span>
      </div>
    </fieldset>`;
  }

  #dependencies(backend: SimulatedBackend, kind: string, title: string): TemplateResult {
    const set = (id: string, on: boolean): void =>
      on
        ? backend.dependencies.set({ kind, id }, 'running')
        : backend.dependencies.set({ kind, id }, 'stopped', 'switched off by an administrator');
    return html`<fieldset data-group=${kind}>
      <legend>${title}</legend>
      <div class="parts">
        ${dependenciesOf(backend, this.ref)
          .filter((one) => one.kind === kind)
          .map(({ id, name, state, used }) =>
            this.#switch(html`<span class=${used ? 'used' : ''}>${name}</span>`, state === 'running', (on) =>
              set(id, on),
            ),
          )}
      </div>
    </fieldset>`;
  }

  #feed({ faults }: SimulatedBackend): TemplateResult {
    const { cut, stalled } = faults.state;
    const state = cut.length ? 'cut' : stalled.length ? 'silent' : 'flowing';
    const set = (wanted: string): void => {
      faults.restoreFeed();
      if (wanted === 'cut') faults.cutFeed();
      if (wanted === 'silent') faults.stallFeed();
    };
    return html`<fieldset data-group="feed">
      <legend>Feed to this page</legend>
      <div class="row">
        ${(['flowing', 'cut', 'silent'] as const).map(
          (option) =>
            html`<button
              class="button"
              type="button"
              aria-pressed=${state === option ? 'true' : 'false'}
              @click=${() => set(option)}
            >
              ${sentence(option)}
            </button>`,
        )}
      </div>
      <div class="row">
        ${this.#press('Drop it once', () => faults.dropFeed())}
        ${this.#press('Restart, new epoch', () => faults.restart({ newEpoch: true }))}
      </div>
    </fieldset>`;
  }

  #actions({ faults }: SimulatedBackend): TemplateResult {
    const { latencyMs, refuseNext, loseNextAnswer, swallowNext, readOnly } = faults.state;
    return html`<fieldset data-group="action">
      <legend>The next action</legend>
      <div class="row">
        ${this.#press('Refuse it', () => faults.refuseNext(REFUSAL), refuseNext)}
        ${this.#press('Lose its answer', () => faults.loseNextAnswer(), loseNextAnswer)}
        ${this.#press('Take it, do nothing', () => faults.swallowNext(), swallowNext)}
      </div>
      <div class="row">
        ${this.#switch('Slow answers', latencyMs > 0, (on) => faults.latency(on ? SLOW_MS : 0))}
        ${this.#switch('Read-only user', readOnly !== undefined, (on) => faults.readOnly(on))}
      </div>
    </fieldset>`;
  }

  /** A button, with the number of its faults that are still pending. */
  #press(label: string, act: () => void, armed = 0): TemplateResult {
    return html`<button class="button" type="button" @click=${act}>
      ${label}${armed ? html` <span class="count">(${armed} waiting)</span>` : nothing}
    </button>`;
  }

  #switch(label: unknown, on: boolean, turn: (on: boolean) => void, part = ''): TemplateResult {
    return html`<label class="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked=${on ? 'true' : 'false'}
        data-part=${part}
        .checked=${on}
        @change=${(event: Event) => turn((event.target as HTMLInputElement).checked)}
      />
      <span>${label}</span>
    </label>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { backend } = this;
    if (!backend) return nothing;
    const hint = hintOf(backend, this.ref);
    return html`<section aria-labelledby="title">
      <div class="bar">
        <h2 id="title" class="title">Simulation</h2>
        <p class="hint">${hint ? html`<b>Try this.</b> ${hint}` : nothing}</p>
        <button
          class="button"
          type="button"
          aria-expanded=${this.open ? 'true' : 'false'}
          aria-controls="groups"
          @click=${() => (this.open = !this.open)}
        >
          ${this.open ? 'Hide controls' : 'Show controls'}
        </button>
      </div>
      <div id="groups" class="groups" ?hidden=${!this.open}>
        ${this.#campaign(backend)} ${this.#dependencies(backend, 'channel', 'Channels')}
        ${this.#dependencies(backend, 'agent', 'Agents')} ${this.#feed(backend)} ${this.#actions(backend)}
      </div>
    </section>`;
  }
}

/** "an active flow" as the name of a switch: "Active flow". */
function sentence(text: string): string {
  const bare = text.replace(/^an? /, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

customElements.get('story-control-panel') ?? customElements.define('story-control-panel', StoryControlPanel);

declare global {
  interface HTMLElementTagNameMap {
    'story-control-panel': StoryControlPanel;
  }
}
