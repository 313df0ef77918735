import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import '../../i18n/en.ts';
import type { CampaignRef } from '../../adapters/contract.ts';
import type { CampaignView, LogEntryView, LogView } from '../../store/types.ts';
import { foldText } from '../../util/fold-text.ts';
import { oneOf, text } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignElement } from '../shared/base/campaign-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { CopyController } from '../shared/controllers/copy-controller.ts';
import { PrintController } from '../shared/controllers/print-controller.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { keyed } from '../shared/templates/keyed.ts';
import { StoreController } from '../shared/context/store-controller.ts';
import { glyph, type Glyph } from '../shared/templates/icons.ts';
import { panelStyles } from '../shared/styles/panel.styles.ts';
import { searchStyles } from '../shared/styles/search.styles.ts';
import { ResizeController } from '../shared/controllers/resize-controller.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { saveFile } from '../shared/base/save-file.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { drawTemplate } from '../shared/templates/draw-template.ts';
import { html } from '../shared/templates/html.ts';
import { styles } from './campaign-log.styles.ts';
import { LEAST_LEVELS, type LeastLevel } from './line-selection.ts';
import { LogScroller, type LogBoxes } from './log-scroller.ts';
import { plainText, timeOf } from './log-text.ts';
import { logToolbar } from './log-toolbar.ts';
import { LogWindow, type LogBlock } from './log-window.ts';

type Level = NonNullable<LogEntryView['level']>;

const signs: { readonly [level in Level]: Glyph } = { debug: 'dot', info: 'info', warning: 'warning', error: 'error' };

/** So many lines are printed. */
const PRINTED_LINES = 1000;
/** Older lines are searched for so long (ms) in a frame. */
const SEARCH_MS = 8;
/** How many lines were found is said after this long without another change of the filter (ms). */
const FOUND_MS = 500;

/**
 * The engine log of one campaign, as it grows. It stays at the end while it is there; scrolling up holds it still.
 *
 * The store keeps 100,000 lines. Only those that are visible, and a few around them, are on the page, so the browser's own find does not
 * see the others: the log has a search field and a filter by level. Copy and Download take along all lines that are kept. Nothing is read
 * aloud unless the user asks for it.
 *
 * @summary Shows a campaign's engine log, live.
 * @tag campaign-log
 *
 * @csspart log - The panel.
 * @csspart toolbar - The row of title and controls.
 * @csspart count - How many lines there are.
 * @csspart search - The search field with its signs.
 * @csspart search-input - The input of the search field.
 * @csspart search-clear - The button that clears the search.
 * @csspart level-filter - The filter by level.
 * @csspart copy - The button that copies all lines.
 * @csspart download - The button that saves all lines as a file.
 * @csspart lines - The scroller with the lines.
 * @csspart line - One line.
 * @csspart notice - Says that the log is interrupted, or that older lines are no longer kept.
 * @csspart latest - The button that jumps to the latest line.
 * @csspart problem - Says what keeps the element from showing a log.
 *
 * @cssstate following - New lines are kept in sight.
 * @cssstate lost - The log is interrupted.
 *
 * @cssproperty [--campaign-log-size=20em] - The height of the scroller, at most that of the browser's window.
 */
export class CampaignLog extends CampaignElement {
  static override readonly styles: CSSResultGroup = [theme, controlStyles, searchStyles, panelStyles, styles];

  /** The id of the campaign. */
  @property({ attribute: 'campaign-id', converter: text }) campaignId = '';

  /** Only lines with this text are shown, without regard to case, accents, and kinds of blanks, dashes and quotes. */
  @property({ converter: text }) search = '';

  /** Only lines of this level or a more severe one are shown: `info`, `warning` or `error`. Lines without a level are not among them. */
  @property({ converter: oneOf(...LEAST_LEVELS) }) level: LeastLevel = '';

  /** Leaves long lines uncut; they are read by scrolling sideways. */
  @property({ type: Boolean, reflect: true }) nowrap = false;

  /** Reads new lines to a screen reader, while they are being followed. */
  @property({ type: Boolean, reflect: true }) listen = false;

  readonly #states = new CustomStates(this);
  readonly #log = new StoreController<LogView>(this, () => this.#of((store, ref) => store.log(ref)));
  readonly #campaign = new StoreController<CampaignView>(this, () => this.#of((store, ref) => store.campaign(ref)));
  readonly #copying = new CopyController(this);
  readonly #printing = new PrintController(this);
  readonly #scroller = new LogScroller(
    () => this.#boxes(),
    () => this.requestUpdate(),
  );
  #window = new LogWindow();
  #searching = 0;
  /** Set from a change of the filter until its result is said. */
  #found: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    containPresses(this);
    new ResizeController(
      this,
      () => this.#unlessPrinting('.lines'),
      () => {
        this.#scroller.measure();
        this.requestUpdate();
      },
    );
    new ResizeController(
      this,
      () => this.#unlessPrinting('.rendered'),
      () => this.#scroller.place(this.#window),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#startOver();
    cancelAnimationFrame(this.#searching);
    clearTimeout(this.#found);
    this.#searching = 0;
    this.#found = undefined;
  }

  /** Names the campaign. */
  get campaignRef(): CampaignRef {
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
    const outcome = await this.#copying.copy(this.#text);
    this.speak(this.i18n.format(outcome === 'copied' ? 'log.copied' : 'log.copyFailed'));
    return outcome === 'copied';
  }

  /** Saves all lines that are kept, also those not on the page, as a text file. */
  download(): void {
    saveFile(`${this.system}-${this.campaignId}-log.txt`, this.#text);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    // Nobody has scrolled in the log of another campaign.
    if (changed.has('system') || changed.has('campaignId')) this.#startOver();
    if (changed.has('search') || changed.has('level')) this.#filter();
  }

  protected override update(changed: PropertyValues<this>): void {
    // Before lines are added: the user may have scrolled up, and the event for it is still to come.
    this.#scroller.look(this.#window);
    super.update(changed);
  }

  protected override updated(): void {
    this.#scroller.place(this.#window);
    if (!this.#window.lines.complete && !this.#searching) this.#searching = requestAnimationFrame(this.#searchOn);
  }

  #of<T>(select: (store: NonNullable<typeof this.source>, ref: CampaignRef) => T): T | undefined {
    const { source } = this;
    return source && this.system && this.campaignId && this.lifecycles.has(this.system)
      ? select(source, this.campaignRef)
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

  get #text(): string {
    const log = this.#log.value;
    return log ? plainText(this.i18n, log) : '';
  }

  #query(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  /** On paper the scroller is as tall as its lines, so neither is measured. */
  #unlessPrinting(selector: string): HTMLElement | null {
    return this.#printing.printing ? null : this.#query(selector);
  }

  #boxes(): LogBoxes | undefined {
    const scroller = this.#query('.lines');
    const extent = this.#query('.extent');
    const rendered = this.#query('.rendered');
    return scroller && extent && rendered ? { scroller, extent, rendered } : undefined;
  }

  #startOver(): void {
    this.#window = new LogWindow();
    this.#scroller.reset();
    this.#filter();
  }

  #filter(): void {
    const { level, search } = this;
    this.#window.filter({ level, text: foldText(search) });
    this.#window.lines.search(SEARCH_MS);
  }

  /** The user changed the filter: what was found is said when it had time to be found. */
  #foundSoon(): void {
    clearTimeout(this.#found);
    this.#found = setTimeout(() => {
      this.#found = undefined;
      const { lines } = this.#window;
      if (!lines.complete) return this.#foundSoon();
      if (lines.filtered) this.speak(this.i18n.format('log.found', { count: lines.size }));
      this.requestUpdate();
    }, FOUND_MS);
  }

  readonly #searchOn = (): void => {
    this.#searching = 0;
    this.#window.lines.search(SEARCH_MS);
    this.requestUpdate();
  };

  readonly #scrolled = (): void => {
    if (this.#scroller.look(this.#window)) this.requestUpdate();
  };

  readonly #jump = (): void => {
    this.jumpToLatest();
    // The button goes away; the next key should scroll the lines.
    this.#query('.lines')?.focus({ preventScroll: true });
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
      const numbered = lines.map((entry, index) => [this.#window.lines.numberAt(first + index), entry] as const);
      return html`<div class="block">
        ${keyed(
          numbered,
          ([number]) => number,
          ([, entry]) => this.#line(entry),
        )}
      </div>`;
    });
  }

  /** Which lines are missing above the first one. */
  #missing(): TemplateResult | typeof nothing {
    const { lines, from, view } = this.#window;
    const unprinted = this.#printing.printing ? from - lines.start : 0;
    if (!unprinted && (from > lines.start || !view?.dropped)) return nothing;
    return html`<p class="note missing" part="notice">
      ${view?.dropped ? html`<span>${this.i18n.format('log.dropped', { count: view.dropped })}</span>` : nothing}
      ${unprinted ? html`<span>${this.i18n.format('log.print.rest', { count: unprinted })}</span>` : nothing}
    </p>`;
  }

  #empty(state: LogView['state'] | undefined): TemplateResult | typeof nothing {
    const { lines, view } = this.#window;
    if (lines.size) return nothing;
    if (view?.size)
      return html`<div class="note empty">
        ${
          lines.complete
            ? html`<span>${this.i18n.format('log.noMatch')}</span
                ><button class="button small" type="button" @click=${this.#showAll}>
                  ${this.i18n.format('log.showAll')}
                </button>`
            : html`<span>${this.i18n.format('log.searching')}</span>`
        }
      </div>`;
    if (state === 'lost') return nothing;
    return html`<p class="note empty">
      <span>${this.i18n.format(state === 'live' ? 'log.empty' : 'log.loading')}</span>
    </p>`;
  }

  #latest(): TemplateResult | typeof nothing {
    const { following, unseen } = this.#window;
    if (following) return nothing;
    return html`<button class="button small latest" part="latest" type="button" @click=${this.#jump}>
      ${glyph('down')}${unseen ? this.i18n.format('log.latest', { count: unseen }) : this.i18n.format('log.latest.plain')}
    </button>`;
  }

  #count(): string {
    const { lines, view } = this.#window;
    if (!view?.size) return '';
    if (!lines.complete) return this.i18n.format('log.searching');
    return lines.filtered
      ? this.i18n.format('log.count.filtered', { shown: lines.size, total: view.size })
      : this.i18n.format('log.count', { count: lines.size });
  }

  readonly #search = (search: string): void => {
    this.search = search;
    this.#foundSoon();
  };

  readonly #setLevel = (level: LeastLevel): void => {
    this.level = level;
    this.#foundSoon();
  };

  readonly #showAll = (): void => {
    this.search = this.level = '';
    // The button goes away; the next key should scroll the lines.
    this.#query('.lines')?.focus({ preventScroll: true });
  };

  #toolbar(): TemplateResult {
    return logToolbar({
      i18n: this.i18n,
      text: this.search,
      level: this.level,
      wrap: !this.nowrap,
      listen: this.listen,
      count: this.#count(),
      copied: this.#copying.outcome,
      search: this.#search,
      setLevel: this.#setLevel,
      setWrap: (wrap) => (this.nowrap = !wrap),
      setListen: (listen) => (this.listen = listen),
      copy: () => void this.copyAll(),
      download: () => this.download(),
    });
  }

  protected override draw(): void {
    drawTemplate(this, this.render());
  }

  protected render(): TemplateResult {
    const problem = this.#problem;
    const log = this.#log.value;
    this.#window.take(log);
    if (this.#printing.printing) this.#window.layLatest(PRINTED_LINES);
    else this.#window.lay(this.#scroller.visible);
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
            aria-live=${this.listen && this.following && this.#found === undefined ? 'polite' : 'off'}
            aria-busy=${log?.state === 'loading' ? 'true' : nothing}
            @scroll=${this.#scrolled}
          >
            ${this.#empty(log?.state)}
            <div class="extent">
              <div class="rendered">
                ${this.#missing()}
                ${keyed(
                  this.#window.blocks(),
                  ({ key }) => key,
                  (block) => this.#block(block),
                )}
              </div>
            </div>
          </div>
          ${this.#latest()}
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-log': CampaignLog;
  }
}
