import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { backendControl, type SimulatedBackend } from '../../mocks/index.ts';
import {
  conformanceRules,
  runConformance,
  type CaseResult,
  type ConformanceReport,
  type RuleInfo,
  type Subject,
} from '../../src/conformance/index.ts';
import { flows, httpAdapter, python, type CampaignAdapter } from '../../src/index.ts';
import { sabotages } from '../../test/unit/conformance/sabotaged/index.ts';
import { pageStyles } from './page.styles.ts';

const systems = [flows, python];
const rules = conformanceRules();
/** Neither system has an action that asks for a text, so no adapter can break these rules here. */
const unbreakable = ['act-input', 'act-input-invalid'];
const groups = [...new Set(rules.map(({ group }) => group))];

/** Checks an adapter with the conformance kit in the page: the HTTP adapter over a simulated backend, unchanged or sabotaged, or a backend at an address. */
export class StoryAdapterDoctor extends LitElement {
  static override readonly styles = [
    pageStyles,
    css`
      :host {
        --good: light-dark(#146c37, #7fd8a0);
        --bad: light-dark(#b3261e, #ffb4ab);
        --odd: light-dark(#7a5200, #f2c46d);
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 24px;
        max-inline-size: 72rem;
      }
      h1 {
        font-size: 24px;
        line-height: 32px;
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      h2 {
        font-size: 16px;
        line-height: 24px;
        font-weight: 600;
      }
      h3 {
        font-size: 14px;
        font-weight: 600;
      }
      .lead {
        max-inline-size: 42rem;
        margin-block-start: 4px;
        color: var(--quiet);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 12px 16px;
      }
      label {
        display: grid;
        grid-template-columns: minmax(0, max-content);
        gap: 4px;
        min-inline-size: 0;
        max-inline-size: 100%;
        color: var(--quiet);
        font-size: 12px;
        line-height: 16px;
      }
      select,
      input {
        max-inline-size: 100%;
        min-block-size: 32px;
        padding: 4px 8px;
        border: 1px solid var(--edge);
        border-radius: 6px;
        background: var(--raised);
        color: var(--ink);
        font: inherit;
        font-size: 13px;
      }
      input {
        inline-size: 20rem;
      }
      .button {
        min-block-size: 32px;
      }
      .verdict {
        display: grid;
        gap: 6px;
      }
      progress {
        inline-size: min(20rem, 100%);
        accent-color: var(--accent);
      }
      .failures {
        display: grid;
        gap: 16px;
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
      }
      article {
        display: grid;
        gap: 8px;
        padding: 16px;
        border: 1px solid var(--line);
        border-inline-start: 4px solid var(--bad);
        border-radius: 8px;
        background: var(--subtle);
      }
      article[data-status='warned'] {
        border-inline-start-color: var(--odd);
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 16px;
        margin: 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      code,
      pre {
        font:
          12px/18px ui-monospace,
          'SFMono-Regular',
          Menlo,
          Consolas,
          monospace;
      }
      pre {
        margin: 8px 0 0;
        max-block-size: 20rem;
        overflow: auto;
      }
      summary {
        cursor: pointer;
      }
      .group {
        padding-block: 8px;
        border-block-end: 1px solid var(--line);
      }
      .rules {
        display: grid;
        gap: 6px;
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
      }
      .rules > li {
        display: grid;
        grid-template-columns: 5rem 14rem minmax(0, 1fr);
        gap: 0 16px;
        align-items: baseline;
      }
      .status {
        font-weight: 600;
      }
      .status[data-status='passed'] {
        color: var(--good);
      }
      .status:is([data-status='failed'], [data-status='error']) {
        color: var(--bad);
      }
      .status[data-status='warned'] {
        color: var(--odd);
      }
      .status[data-status='skipped'],
      .quiet {
        color: var(--quiet);
        font-weight: 400;
      }
      @media (pointer: coarse) {
        select,
        input,
        .button {
          min-block-size: 44px;
        }
      }
      @media (max-width: 44rem) {
        .rules > li,
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-block-end: 8px;
        }
      }
    `,
  ];

  /** The simulated backend behind the adapter. */
  @property({ attribute: false }) backend: SimulatedBackend | undefined;

  /** The address of that backend for the HTTP adapter. */
  @property() src = '';

  /** The rule that the sabotaged adapter breaks; `''`: none. */
  @property() breaks = '';

  /** The system to check. */
  @property() system: string = flows.system;

  /** The address of another backend, for a read-only check. */
  @property() address = '';

  @state() private results: ReadonlyMap<string, CaseResult> = new Map();
  @state() private report: ConformanceReport | undefined;
  @state() private problem = '';
  @state() private running: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.running?.abort();
  }

  /** Starts the check; during a check, stops it. */
  async run(): Promise<void> {
    if (this.running) {
      this.running.abort();
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.results = new Map();
    this.report = undefined;
    this.problem = '';
    try {
      this.report = await runConformance(this.#subject(), {
        signal: running.signal,
        onCase: (id, result) => {
          if (result) this.results = new Map(this.results).set(id, result);
        },
      });
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.running = undefined;
    }
  }

  #subject(): Subject {
    const { system, backend } = this;
    if (this.address.trim() || !backend)
      return { system, readOnly: true, createAdapter: () => httpAdapter({ src: this.address.trim() }) };
    const other = systems.find((one) => one.system !== system)!.system;
    const sabotage = sabotages.get(this.breaks) ?? ((adapter: CampaignAdapter<unknown>) => adapter);
    return {
      system,
      createAdapter: () => sabotage(httpAdapterMembers(this.src)),
      control: backendControl(backend, system),
      other: { system: other, control: backendControl(backend, other) },
      timeouts: { quietMs: 30 },
      many: 120,
    };
  }

  #submit(event: Event): void {
    event.preventDefault();
    void this.run();
  }

  #choices(): TemplateResult {
    const { running } = this;
    return html`<form @submit=${this.#submit}>
      <label>
        System
        <select
          name="system"
          .value=${this.system}
          @change=${(event: Event) => (this.system = (event.target as HTMLSelectElement).value)}
        >
          ${systems.map(({ system, label }) => html`<option value=${system} ?selected=${system === this.system}>${label}</option>`)}
        </select>
      </label>
      <label>
        Adapter
        <select name="adapter" @change=${(event: Event) => (this.breaks = (event.target as HTMLSelectElement).value)}>
          <option value="" ?selected=${!this.breaks}>HTTP adapter, unchanged</option>
          ${groups.map(
            (group) =>
              html`<optgroup label=${`Breaks a rule: ${group}`}>
                ${rules
                  .filter((rule) => rule.group === group && !unbreakable.includes(rule.id))
                  .map(({ id }) => html`<option value=${id} ?selected=${id === this.breaks}>${id}</option>`)}
              </optgroup>`,
          )}
        </select>
      </label>
      <label>
        Or the address of a backend (read-only)
        <input
          name="address"
          type="url"
          placeholder="https://…"
          .value=${this.address}
          @input=${(event: Event) => (this.address = (event.target as HTMLInputElement).value)}
        />
      </label>
      <button class="button" type="submit">${running ? 'Stop' : 'Check'}</button>
    </form>`;
  }

  #verdict(): TemplateResult {
    const { results, running } = this;
    return html`<section class="verdict" aria-label="Verdict">
      <p role="status">${running ? 'Checking…' : this.#sentence()}</p>
      ${
        running
          ? html`<progress aria-label="Rules checked" max=${rules.length} value=${results.size}></progress>`
          : nothing
      }
    </section>`;
  }

  #sentence(): string {
    if (this.problem) return this.problem;
    if (!this.report) return 'Nothing has been checked yet.';
    const { counts, ok, readOnly, notRun, durationMs } = this.report;
    const parts = [
      `${counts.passed} passed`,
      `${counts.failed} failed`,
      `${counts.warned} warned`,
      `${counts.skipped} skipped`,
      ...(counts.error ? [`${counts.error} in error`] : []),
      ...(notRun.length ? [`${notRun.length} not checked`] : []),
    ];
    const verdict = ok
      ? `The adapter conforms${readOnly ? ', as far as a read-only run can check' : ''}.`
      : counts.failed
        ? 'The adapter does not conform.'
        : 'The adapter could not be checked.';
    return `${verdict} ${parts.join(', ')}, in ${(durationMs / 1000).toFixed(1)} s.`;
  }

  #failures(): TemplateResult | typeof nothing {
    const failures = [...this.results.values()].filter(({ status }) => status !== 'passed' && status !== 'skipped');
    if (!failures.length) return nothing;
    return html`<section aria-labelledby="failures">
      <h2 id="failures">Broken rules</h2>
      <ul class="failures">
        ${failures.map((result) => html`<li>${this.#failure(result)}</li>`)}
      </ul>
    </section>`;
  }

  #failure({ id, status, failure, reason }: CaseResult): TemplateResult {
    return html`<article data-status=${status} data-rule=${id}>
      <h3>${id}</h3>
      ${
        failure
          ? html`<p>${withCode(failure.rule)}</p>
              <dl>
                <dt>Received</dt>
                <dd>${failure.received}</dd>
                <dt>Why it matters</dt>
                <dd>${withCode(failure.why)}</dd>
                <dt>How to fix it</dt>
                <dd>${withCode(failure.fix)}</dd>
                <dt>Read</dt>
                <dd><code>${failure.docs}</code></dd>
              </dl>
              <details>
                <summary>Messages exchanged</summary>
                <pre tabindex="0" dir="ltr">${failure.trace.join('\n')}</pre>
              </details>`
          : html`<p>${reason}</p>`
      }
    </article>`;
  }

  #all(): TemplateResult | typeof nothing {
    if (!this.results.size) return nothing;
    return html`<section aria-labelledby="all">
      <h2 id="all">All rules</h2>
      ${groups.map((group) => {
        const checked = rules.filter((rule) => rule.group === group && this.results.has(rule.id));
        const count = (wanted: CaseResult['status']): number =>
          checked.filter(({ id }) => this.results.get(id)!.status === wanted).length;
        if (!checked.length) return nothing;
        const skipped = count('skipped');
        const tally = `${count('passed')} of ${checked.length} passed${skipped ? `, ${skipped} skipped` : ''}`;
        return html`<details class="group">
          <summary>${group} <span class="quiet">${tally}</span></summary>
          <ul class="rules">
            ${checked.map((rule) => this.#rule(rule))}
          </ul>
        </details>`;
      })}
    </section>`;
  }

  #rule({ id, title }: RuleInfo): TemplateResult {
    const { status, reason } = this.results.get(id)!;
    return html`<li>
      <span class="status" data-status=${status}>${status}</span>
      <code>${id}</code>
      <span
        >${withCode(title)}
        ${status === 'skipped' ? html`<span class="quiet">Skipped: ${reason}.</span>` : nothing}</span
      >
    </li>`;
  }

  protected override render(): TemplateResult {
    return html`<header>
        <h1>Adapter doctor</h1>
        <p class="lead">
          Checks an adapter against every rule of the contract, in this page. The HTTP adapter is connected to a
          simulated backend; choose an adapter that breaks a rule to see its report.
        </p>
      </header>
      ${this.#choices()} ${this.#verdict()} ${this.#failures()} ${this.#all()}`;
  }
}

/** Text between backticks as code. */
function withCode(text: string): readonly unknown[] {
  return text.split('`').map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}

/** The members as separate functions, so that a sabotage can replace one. */
function httpAdapterMembers(src: string): CampaignAdapter<unknown> {
  const adapter = httpAdapter({ src });
  return {
    idempotent: adapter.idempotent!,
    watch: (request) => adapter.watch(request),
    act: (request) => adapter.act(request),
    get: (ref, signal) => adapter.get!(ref, signal),
    diagnose: (ref, signal) => adapter.diagnose!(ref, signal),
    log: (ref, signal) => adapter.log!(ref, signal),
    history: (ref, page, signal) => adapter.history!(ref, page, signal),
    actMany: (requests) => adapter.actMany!(requests),
  };
}

customElements.get('story-adapter-doctor') ?? customElements.define('story-adapter-doctor', StoryAdapterDoctor);

declare global {
  interface HTMLElementTagNameMap {
    'story-adapter-doctor': StoryAdapterDoctor;
  }
}
