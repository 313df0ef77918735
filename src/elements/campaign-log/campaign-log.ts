import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { CampaignRef } from '../../adapters/contract.ts';
import type { CampaignView, LogEntryView, LogView } from '../../store/types.ts';
import { text } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignElement } from '../shared/base/campaign-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { CopyController } from '../shared/controllers/copy-controller.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { keyed } from '../shared/templates/keyed.ts';
import { StoreController } from '../shared/context/store-controller.ts';
import { glyph, type Glyph } from '../shared/templates/icons.ts';
import { panelStyles } from '../shared/styles/panel.styles.ts';
import { ResizeController } from '../shared/controllers/resize-controller.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { html } from '../shared/templates/html.ts';
import { styles } from './campaign-log.styles.ts';
import { BLOCK, LogWindow, type LogBlock } from './log-window.ts';

type Level = NonNullable<LogEntryView['level']>;

const signs: { readonly [level in Level]: Glyph } = { debug: 'dot', info: 'info', warning: 'warning', error: 'error' };

/** Closer to the end than this (px) is at the end: with zoom, scroll positions are not whole. */
const NEAR_END = 4;

/**
 * The engine log of one campaign, as it grows. It stays at the end while it is there; scrolling up holds it still.
 *
 * Nothing is read aloud unless the user asks for it. At most 1,000 lines are on the page; Copy takes along all that are kept.
 *
 * @summary Shows a campaign's engine log, live.
 * @tag campaign-log
 *
 * @csspart log - The panel.
 * @csspart toolbar - The row of title and controls.
 * @csspart lines - The scroller with the lines.
 * @csspart line - One line.
 * @csspart notice - Says that the log is interrupted, or that older lines are not shown.
 * @csspart latest - The button that jumps to the latest line.
 * @csspart problem - Says what keeps the element from showing a log.
 *
 * @cssstate following - New lines are kept in sight.
 * @cssstate lost - The log is interrupted.
 *
 * @cssproperty [--campaign-log-size=20em] - The height of the scroller.
 * @cssproperty [--campaign-font-mono=ui-monospace, …] - The typeface of the lines.
 * @cssproperty [--campaign-radius-panel=10px] - The radius of the panel.
 * @cssproperty [--campaign-font-size=13px] - The size that all others follow.
 */
export class CampaignLog extends CampaignElement {
  static override readonly styles: CSSResultGroup = [theme, controlStyles, panelStyles, styles];

  /** The id of the campaign. */
  @property({ attribute: 'campaign-id', converter: text }) campaignId = '';

  /** Leaves long lines uncut; they are read by scrolling sideways. */
  @property({ type: Boolean, reflect: true }) nowrap = false;

  /** Reads new lines to a screen reader, while they are being followed. */
  @property({ type: Boolean, reflect: true }) listen = false;

  readonly #states = new CustomStates(this);
  readonly #log = new StoreController<LogView>(this, () => this.#of((store, ref) => store.log(ref)));
  readonly #campaign = new StoreController<CampaignView>(this, () => this.#of((store, ref) => store.campaign(ref)));
  readonly #copying = new CopyController(this);
  #window = new LogWindow();
  #scrolledTo = 0;

  constructor() {
    super();
    containPresses(this);
    new ResizeController(
      this,
      () => this.#scroller,
      () => this.#stay(),
    );
  }

  get #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector('.lines');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#startOver();
  }

  /** Names the campaign. */
  get ref(): CampaignRef {
    return { system: this.system, id: this.campaignId };
  }

  /** True while new lines are kept in sight. */
  get following(): boolean {
    return this.#window.following;
  }

  /** Goes to the latest line, and stays with what comes. */
  jumpToLatest(): void {
    this.#window.follow();
    this.requestUpdate();
  }

  /** Copies all lines that are kept, also those not on the page. Resolves to whether it worked. */
  async copyAll(): Promise<boolean> {
    const entries = this.#log.value?.entries ?? [];
    const outcome = await this.#copying.copy(entries.map(asText).join('\n'));
    this.speak(this.i18n.format(outcome === 'copied' ? 'log.copied' : 'log.copyFailed'));
    return outcome === 'copied';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Nobody has scrolled in the log of another campaign.
    if (changed.has('system') || changed.has('campaignId')) this.#startOver();
  }

  protected override update(changed: PropertyValues<this>): void {
    // Before lines are added: scrolling that nobody was told of yet must not be undone by staying at the end.
    this.#look();
    super.update(changed);
  }

  protected override updated(): void {
    this.#stay();
  }

  #of<T>(select: (store: NonNullable<typeof this.source>, ref: CampaignRef) => T): T | undefined {
    const { source } = this;
    return source && this.system && this.campaignId && this.lifecycles.has(this.system)
      ? select(source, this.ref)
      : undefined;
  }

  get #problem(): string | undefined {
    const unusable = this.unusable(this.i18n);
    if (unusable !== undefined) return unusable;
    if (this.system && !this.lifecycles.has(this.system))
      return this.i18n.format('setup.unknownSystem', {
        system: this.system,
        known: this.i18n.list([...this.lifecycles.keys()]),
      });
    if (!this.system || !this.campaignId) return this.i18n.format('setup.noCampaign', { element: this.localName });
    return this.source ? undefined : this.missingStore;
  }

  #startOver(): void {
    this.#window = new LogWindow();
    this.#scrolledTo = 0;
  }

  #stay(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    if (this.#window.following) scroller.scrollTop = scroller.scrollHeight;
    this.#scrolledTo = scroller.scrollTop;
  }

  /** Looks where the user has scrolled to. @returns whether that begins or ends the following */
  #look(): boolean {
    const scroller = this.#scroller;
    if (!scroller) return false;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const up = scrollTop < this.#scrolledTo;
    this.#scrolledTo = scrollTop;
    const atEnd = scrollHeight - scrollTop - clientHeight <= NEAR_END;
    if (this.#window.following === atEnd) return false;
    if (atEnd) this.#window.follow();
    // A line that came, or a new width, moves the end away too; only going up means that someone reads there.
    else if (up) this.#window.pause();
    return atEnd || up;
  }

  readonly #scrolled = (): void => {
    if (this.#look()) this.requestUpdate();
  };

  readonly #jump = (): void => {
    this.jumpToLatest();
    // The button goes away; the next key should scroll the lines.
    this.#scroller?.focus({ preventScroll: true });
  };

  #mark(state: LogView['state'] | undefined): void {
    this.#states.replace({ lost: state === 'lost', following: this.#window.following });
  }

  #line(entry: LogEntryView): TemplateResult {
    const { level } = entry;
    const at = timeOf(entry);
    const known = level !== undefined && Object.hasOwn(signs, level);
    return html`<div class="line" part="line" data-level=${known ? level : nothing}>
      ${
        at === undefined
          ? nothing
          : html`<time class="at" datetime=${new Date(at).toISOString()} title=${this.i18n.dateTime(at)}
              >${this.i18n.time(at)}</time
            >`
      }
      ${
        known
          ? html`<span class="level" data-tone=${level === 'error' ? 'red' : nothing}
              >${glyph(signs[level])}${this.i18n.format(`log.level.${level}`)}</span
            >`
          : nothing
      }
      <span class="text" dir="auto">${visibleText(entry.text)}</span>
    </div>`;
  }

  #block({ first, lines }: LogBlock): unknown {
    return guard([first, lines.length, lines[0], lines.at(-1), this.i18n], () => {
      const numbered = lines.map((entry, index) => [first + index, entry] as const);
      return html`<div class="block">
        ${keyed(
          numbered,
          ([number]) => number,
          ([, entry]) => this.#line(entry),
        )}
      </div>`;
    });
  }

  #older(): TemplateResult | typeof nothing {
    const { first, dropped } = this.#window;
    if (first === 0) return nothing;
    const notShown = first - dropped;
    return html`<p class="note older" part="notice">
      ${dropped ? html`<span>${this.i18n.format('log.dropped', { count: dropped })}</span>` : nothing}
      ${notShown ? html`<span>${this.i18n.format('log.notShown', { count: notShown })}</span>` : nothing}
    </p>`;
  }

  #empty(log: LogView | undefined): TemplateResult | typeof nothing {
    if (this.#window.lines.length) return nothing;
    const loading = log?.state !== 'live';
    return html`<p class="note empty">
      <span
        >${loading ? (log?.state === 'lost' ? nothing : this.i18n.format('log.loading')) : this.i18n.format('log.empty')}</span
      >
    </p>`;
  }

  #latest(): TemplateResult | typeof nothing {
    const { following, unseen } = this.#window;
    if (following) return nothing;
    return html`<button class="button small latest" part="latest" type="button" @click=${this.#jump}>
      ${glyph('down')}${unseen ? this.i18n.format('log.latest', { count: unseen }) : this.i18n.format('log.latest.plain')}
    </button>`;
  }

  #toolbar(): TemplateResult {
    const { outcome } = this.#copying;
    return html`<div class="toolbar" part="toolbar">
      <span class="title says" id="title">${this.i18n.format('log.label.plain')}</span>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${!this.nowrap}
          @change=${() => (this.nowrap = !this.nowrap)}
        />${this.i18n.format('log.wrap')}</label
      >
      <label class="check"
        ><input
          type="checkbox"
          .checked=${this.listen}
          @change=${() => (this.listen = !this.listen)}
        />${this.i18n.format('log.listen')}</label
      >
      <button class="button small" type="button" @click=${() => void this.copyAll()}>
        ${outcome === 'copied' ? glyph('check') : nothing}
        ${this.i18n.format(outcome === 'copied' ? 'log.copied' : outcome === 'failed' ? 'log.copyFailed' : 'log.copy')}
      </button>
    </div>`;
  }

  protected override render(): TemplateResult {
    const problem = this.#problem;
    const log = this.#log.value;
    this.#window.take(log);
    this.#mark(log?.state);
    if (problem !== undefined) return html`<p class="problem" part="problem">${problem}</p>`;
    if (log?.state === 'unsupported')
      return html`<p class="note" part="notice">${glyph('info')}${this.i18n.format('log.unsupported')}</p>`;
    const campaign = this.#campaign.value;
    const label =
      campaign && campaign.presence !== 'loading'
        ? this.i18n.format('log.label', { name: visibleText(campaign.name) })
        : this.i18n.format('log.label.plain');
    return html`
      <div class="log panel" part="log">
        ${this.#toolbar()}
        ${
          log?.state === 'lost'
            ? html`<p class="note lost" part="notice">${glyph('clock')}<span>${this.i18n.format('log.lost')}</span></p>`
            : nothing
        }
        <div class="frame">
          <div
            class="lines"
            part="lines"
            role="log"
            tabindex="0"
            aria-label=${label}
            aria-live=${this.listen && this.#window.following ? 'polite' : 'off'}
            aria-busy=${log?.state === 'loading' ? 'true' : nothing}
            @scroll=${this.#scrolled}
          >
            ${this.#older()} ${this.#empty(log)}
            ${keyed(
              this.#window.blocks(),
              ({ first }) => Math.floor(first / BLOCK),
              (block) => this.#block(block),
            )}
          </div>
          ${this.#latest()}
        </div>
      </div>
    `;
  }
}

/** ms since 1970, or `undefined` for a line without time or with one that is none. */
function timeOf({ at }: LogEntryView): number | undefined {
  const time = at === undefined ? NaN : new Date(at).getTime();
  return Number.isNaN(time) ? undefined : time;
}

function asText(entry: LogEntryView): string {
  const at = timeOf(entry);
  return [at === undefined ? '' : new Date(at).toISOString(), entry.level?.toUpperCase(), entry.text]
    .filter(Boolean)
    .join(' ');
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-log': CampaignLog;
  }
}
