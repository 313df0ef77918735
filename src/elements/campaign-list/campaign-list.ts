import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView, Connection, ListQuery, ListView } from '../../store/types.ts';
import { oneOf, text } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignElement } from '../shared/base/campaign-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import { CampaignNavigateEvent, CampaignQueryEvent, type CampaignOutcomeEvent } from '../events.ts';
import { StoreController } from '../shared/context/store-controller.ts';
import { glyph } from '../shared/templates/icons.ts';
import { connectionStatus } from '../shared/text/labels.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { ClockController } from '../shared/controllers/clock-controller.ts';
import { html } from '../shared/templates/html.ts';
import { QueryController } from './query-controller.ts';
import { styles } from './campaign-list.styles.ts';
import { COLUMNS, type CampaignRow, type RowSurroundings } from './campaign-row.ts';
import { connectionNote } from './connection-note.ts';
import { filterChips } from './filter-chips.ts';
import { GridFocus, holdsFocus } from './grid-focus.ts';
import { HeldOrder } from './held-order.ts';
import { ListAnnouncements } from './list-announcements.ts';
import { placeholderKind, placeholderRow, type PlaceholderKind } from './placeholder.ts';
import { queryKey } from '../../util/query-key.ts';
import { isNarrowed, toQuery, type SortColumn } from './query.ts';
import { RowSet } from './row-set.ts';
import { searchField } from './search-field.ts';
import { sortHeader } from './sort-header.ts';

/** The time till the next attempt is counted down in such steps (ms). */
const COUNTDOWN_MS = 1000;
/** How soon it is seen that a dialog or popup in a row was closed: no event tells of it (ms). */
const LAYER_MS = 250;
/** More changes than this in a second, and no row shows any of them by motion. */
const CALM = 20;

/**
 * All campaigns of one system, with search, status filters, order, and the action of each.
 *
 * Inside a provider it sums up to a screen reader what changed. While the focus or the mouse is among the rows, none of them
 * moves: changes of order wait, and are offered above the rows.
 *
 * @summary Lists the campaigns of a system with their status and action.
 * @tag campaign-list
 *
 * @slot toolbar - The host's own controls, after the filters.
 * @slot empty - In place of the kit's words when there are no campaigns at all.
 *
 * @fires {CampaignQueryEvent} campaign-query - The user changed search, filter or order.
 * @fires {CampaignNavigateEvent} campaign-navigate - The user chose a campaign, and no route leads to it.
 * @fires {CampaignActionEvent} campaign-action - The user asked for an action. Cancelable.
 * @fires {CampaignOutcomeEvent} campaign-outcome - An action asked for here has an outcome.
 *
 * @csspart toolbar - Search and filters.
 * @csspart search - The search field with its signs.
 * @csspart search-input - The input of the search field.
 * @csspart search-clear - The button that clears the search.
 * @csspart filters - The group of status filters.
 * @csspart chip - One status filter.
 * @csspart bar - The line between toolbar and rows.
 * @csspart count - How many campaigns there are.
 * @csspart unreadable - How many campaigns could not be read.
 * @csspart reorder - The button that lets changes of order in.
 * @csspart connection - Says that the connection is lost, or that nothing may be seen.
 * @csspart retry - The button that tries the connection again.
 * @csspart grid - The grid.
 * @csspart header - The header row.
 * @csspart sort - The button of a column's header.
 * @csspart row - The row of a campaign.
 * @csspart name - The link or button with the campaign's name.
 * @csspart id - The campaign's id.
 * @csspart tag - The `campaign-status-tag` of a row.
 * @csspart since - The cell that says since when.
 * @csspart action - The `campaign-action-button` of a row.
 * @csspart gap - The row that says why there are no rows, or not yet all.
 * @csspart gap-action - The button in it.
 * @csspart problem - Says what keeps the element from showing campaigns.
 *
 * @cssstate loading - Not all campaigns have been read yet.
 * @cssstate lost - Only the last known state is shown.
 * @cssstate blocked - Signed out, not allowed, or wired wrongly.
 * @cssstate empty - There are no rows.
 *
 * @cssproperty [--campaign-list-columns=minmax(0, 1fr) 20em 12em 11em] - The columns of a wide list: name, status, since, action.
 * @cssproperty [--campaign-list-sticky-offset=0px] - How far below the top of the page the header row sticks.
 * @cssproperty [--campaign-radius-panel=10px] - The radius of the panel.
 * @cssproperty [--campaign-font-size=13px] - The size that all others follow.
 */
export class CampaignList extends CampaignElement {
  static override readonly styles: CSSResultGroup = [theme, controlStyles, styles];

  /** What is searched for, filtered and sorted by. The user's changes go in here and out as `campaign-query`. */
  @property({ attribute: false, converter: toQuery }) query: ListQuery = {};

  /** Names the grid, in place of the system's own name. */
  @property({ converter: text }) label = '';

  /** How tall the rows are: `comfortable` or `compact`. */
  @property({ reflect: true, useDefault: true, converter: oneOf('comfortable', 'compact') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** The id of the campaign that is open elsewhere on the page; its row is highlighted. */
  @property({ converter: text }) selected = '';

  /** Leaves the search field out. */
  @property({ type: Boolean, attribute: 'no-search' }) noSearch = false;

  /** Leaves the status filters out. */
  @property({ type: Boolean, attribute: 'no-filters' }) noFilters = false;

  /** The rows scroll in the element's own box, whose height the host sets, instead of with the page. */
  @property({ type: Boolean, reflect: true }) contained = false;

  /**
   * What is said to a screen reader: `own` only what this user did, `errors` also how many campaigns fell into an error, `all`
   * every change, `off` nothing of the list's own.
   */
  @property({ attribute: 'announce', converter: oneOf('errors', 'own', 'all', 'off') }) announcements:
    'own' | 'errors' | 'all' | 'off' = 'errors';

  readonly #states = new CustomStates(this);
  readonly #list = new StoreController<ListView>(
    this,
    () => (this.#problem ? undefined : this.source?.list(this.system, this.query)),
    (view, before) => this.#speech.changed(view, before),
  );
  readonly #connection = new StoreController<Connection>(
    this,
    () => (this.#problem ? undefined : this.source?.connection(this.system)),
    (connection, before) => this.#speech.connection(connection, before),
  );
  readonly #surroundings: { -readonly [K in keyof RowSurroundings]: RowSurroundings[K] } = {
    source: undefined,
    store: undefined,
    i18n: this.i18n,
    routes: this.routes,
    selected: '',
    density: 'comfortable',
    keepFocus: (change) => this.#focus.keep(change),
    statusChanged: (row, view) => this.#flash(row, view),
    // Rows are written within an update of the list, and what they tell is for the next one.
    readabilityChanged: () => queueMicrotask(() => this.requestUpdate()),
  };
  readonly #rows = new RowSet(this.#surroundings);
  readonly #focus = new GridFocus(() => this.#part('.grid'), {
    count: () => 1 + this.#rows.size + (this.#gap ? 1 : 0),
    at: (index) =>
      index === 0 ? this.#part('.header') : (this.#rows.at(index - 1)?.element ?? this.#part('.gap') ?? undefined),
  });
  readonly #queryController = new QueryController({
    query: () => this.query,
    setQuery: (query) => this.#setQuery(query),
    found: () => this.#speech.found(this.#list.value?.size),
    typed: () => this.requestUpdate(),
  });
  readonly #speech = new ListAnnouncements(() => {
    const { i18n, announcements, speak } = this;
    return { i18n, announcements, announce: speak, lifecycle: this.#lifecycle };
  });
  #order = new HeldOrder();
  /** Which list is on screen: a change of it is the user's own, and is never held back. */
  #ordered = '';
  #gap: PlaceholderKind | undefined;
  /** The mouse moves among the rows. */
  #pointed = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #flashes = { second: 0, count: 0 };

  constructor() {
    super();
    containPresses(this);
    // An update of the list writes no row, and half a minute later only the times in them are out of date.
    new ClockController({
      addController: (controller) => this.addController(controller),
      removeController: (controller) => this.removeController(controller),
      requestUpdate: () => {
        this.#rows.each((row) => row.tick());
        this.requestUpdate();
      },
      updateComplete: Promise.resolve(true),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#rows.rest();
    this.#speech.stop();
    this.#queryController.rest();
    this.#pointed = false;
    clearTimeout(this.#again);
    this.#again = undefined;
  }

  /** Lets the changes of order in that wait because the focus or the mouse is among the rows. */
  reorder(): void {
    this.#order = new HeldOrder();
    this.requestUpdate();
  }

  /** Reads all campaigns again, now. */
  async refresh(): Promise<void> {
    if (!this.#problem) await this.source?.refresh({ system: this.system });
  }

  protected override shouldUpdate(): boolean {
    // Outside the document there is no provider: all rows would be thrown away, only to be built again.
    return this.isConnected;
  }

  protected override update(changed: PropertyValues<this>): void {
    const { renderRoot } = this;
    const active = renderRoot instanceof ShadowRoot ? renderRoot.activeElement : null;
    const left = this.#focus.keep(() => {
      const moved = this.#surround();
      if (moved || changed.has('system')) this.#speech.stop();
      const ids = this.#arrange(moved);
      this.#gap = placeholderKind(this.#list.value, this.#connection.value, this.query, ids.length);
      super.update(changed);
      this.#rows.show(this.#part('.body'), this.system, ids);
      this.#rows.follow();
    });
    const removed = left && this.#rows.around(left)?.view;
    if (removed) this.#speech.left(removed);
    if (active && !active.isConnected && !this.#focus.within) this.#focus.focus();
  }

  protected override updated(): void {
    const connection = this.#connection.value;
    const status = connection && connectionStatus(connection);
    this.#states.replace({
      lost: status === 'lost',
      blocked: status === 'blocked',
      loading: this.#gap === 'loading' || this.#gap === 'more',
      empty: this.#rows.size === 0,
    });
    this.#again ??= this.#updateIn(
      status === 'lost' && connection?.nextAttemptAt !== undefined
        ? COUNTDOWN_MS
        : this.#order.waiting > 0 && this.#focus.inLayer
          ? LAYER_MS
          : undefined,
    );
  }

  #updateIn(ms: number | undefined): ReturnType<typeof setTimeout> | undefined {
    if (ms === undefined || document.hidden) return undefined;
    return setTimeout(() => {
      this.#again = undefined;
      this.requestUpdate();
    }, ms);
  }

  get #lifecycle(): Lifecycle | undefined {
    return this.lifecycles.get(this.system);
  }

  /** What keeps the list from showing campaigns, in words. */
  get #problem(): string | undefined {
    const element = this.localName;
    const unusable = this.unusable(this.i18n);
    if (unusable !== undefined) return unusable;
    if (!this.system) return this.i18n.format('list.noSystem', { element });
    if (!this.source) return this.missingStore;
    if (this.#lifecycle) return undefined;
    const known = this.i18n.list([...this.lifecycles.keys()]);
    return this.i18n.format('setup.unknownSystem', { system: this.system, known });
  }

  #part(selector: string): HTMLElement | undefined {
    return this.renderRoot?.querySelector<HTMLElement>(selector) ?? undefined;
  }

  /** Hands to the rows what they live in. @returns whether these are now other campaigns altogether */
  #surround(): boolean {
    const rows = this.#surroundings;
    const { source, store, i18n, routes, selected, density } = this;
    const moved = source !== rows.source || store !== rows.store;
    const reworded = i18n !== rows.i18n || routes !== rows.routes;
    const restyled = selected !== rows.selected || density !== rows.density;
    Object.assign(rows, { source, store, i18n, routes, selected, density });
    if (moved) this.#rows.clear();
    if (reworded) this.#rows.each((row) => row.reword());
    if (restyled) this.#rows.each((row) => row.restyle());
    return moved;
  }

  /** The ids to show now: those of the store, in its order, unless rows must not move under the user. */
  #arrange(moved: boolean): readonly string[] {
    const view = this.#list.value;
    const ordered = `${this.system} ${queryKey(this.query)}`;
    const sameList = !moved && ordered === this.#ordered;
    this.#ordered = ordered;
    const body = this.#part('.body');
    const held = sameList && Boolean(view?.complete) && (this.#pointed || (body !== undefined && holdsFocus(body)));
    // A campaign that is gone leaves at once, unless a press meant for it would then hit another one.
    const aimed = this.#pointed || this.#focus.inLayer;
    return this.#order.next(view?.ids ?? [], held, (id) => {
      const presence = this.#rows.get(id)?.view?.presence;
      return aimed || presence === 'present' || presence === 'loading';
    });
  }

  #letGo(): void {
    if (this.#order.waiting > 0) this.requestUpdate();
  }

  // --- what the user does -----------------------------------------------------------------------------------------------

  #setQuery(query: ListQuery): void {
    this.query = query;
    this.dispatchEvent(new CampaignQueryEvent(this.system, query));
  }

  readonly #sort = (column: SortColumn): void => {
    this.#queryController.sort(column);
    this.#speech.sorted(this.query);
  };

  readonly #retry = (): void => void this.refresh();

  readonly #open = (event: MouseEvent): void => {
    const pressed = event.target instanceof Element ? event.target.closest('button.open') : null;
    const ref = pressed && this.#rows.around(pressed)?.ref;
    if (ref) this.dispatchEvent(new CampaignNavigateEvent('campaign', ref));
  };

  readonly #pointerMoved = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch') this.#pointed = true;
  };

  readonly #pointerLeft = (): void => {
    this.#pointed = false;
    this.#letGo();
  };

  readonly #focusLeft = ({ target }: FocusEvent): void => {
    // The next element gets the focus only after this event; till then it is nowhere.
    setTimeout(() => {
      if (target instanceof Element) this.#rows.around(target)?.fitAction();
      this.#letGo();
    });
  };

  readonly #settled = ({ detail }: CampaignOutcomeEvent): void => {
    if (detail.outcome === 'done') this.#speech.leaveOut();
  };

  #flash(row: CampaignRow, view: CampaignView): void {
    if (view.stale || document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#flashes.second) this.#flashes = { second, count: 0 };
    if (++this.#flashes.count <= CALM) row.flash();
  }

  // --- what is drawn ----------------------------------------------------------------------------------------------------

  #countText(view: ListView): string {
    const { i18n } = this;
    const count = view.size;
    if (!view.complete && count)
      return i18n.format(this.#gap === 'more' ? 'list.count.partial' : 'list.count.unfinished', { count });
    if (!view.complete) return '';
    if (isNarrowed(this.query))
      return i18n.format('list.count.filtered', {
        shown: count,
        total: i18n.format('list.count', { count: view.total }),
      });
    return i18n.format('list.count', { count });
  }

  #toolbar(view: ListView): TemplateResult {
    const { i18n, query } = this;
    return html`
      <div class="toolbar" part="toolbar">
        ${this.noSearch ? nothing : searchField({ i18n, text: this.#queryController.text, search: this.#queryController.search })}
        ${
          this.noFilters
            ? nothing
            : filterChips({
                i18n,
                lifecycle: this.#lifecycle,
                // Before anything was read, a 0 would be made up.
                counts: view.complete || view.total > 0 ? view.counts : undefined,
                selected: query.statuses ?? [],
                toggle: this.#queryController.toggle,
              })
        }
        <slot name="toolbar"></slot>
      </div>
    `;
  }

  #bar(view: ListView, connection: Connection | undefined): TemplateResult {
    const { i18n } = this;
    const waiting = this.#order.waiting;
    const { unreadable } = this.#rows;
    const explained = this.#gap === 'blocked' || this.#gap === 'failed';
    return html`
      <div class="bar" part="bar">
        <span class="count" part="count">${this.#countText(view)}</span>
        ${
          unreadable > 0
            ? html`<span class="unreadable" part="unreadable">
                ${glyph('warning')}${i18n.format('list.unreadable', { count: unreadable })}
              </span>`
            : nothing
        }
        ${
          waiting > 0
            ? html`<button class="button small reorder" part="reorder" type="button" @click=${() => this.reorder()}>
                ${i18n.format('list.updates', { count: waiting })}
              </button>`
            : nothing
        }
        ${
          connection && !explained
            ? connectionNote(i18n, connection, this.source?.now() ?? connection.since, this.#retry)
            : nothing
        }
      </div>
    `;
  }

  protected override render(): TemplateResult {
    const problem = this.#problem;
    const view = this.#list.value;
    if (problem !== undefined || !view) return html`<p class="problem" part="problem">${problem}</p>`;
    const { i18n, query } = this;
    const connection = this.#connection.value;
    const lifecycle = this.#lifecycle!;
    const gap = this.#gap;
    const shown = this.#order.shown.length;
    const columns = COLUMNS.length;
    const label =
      this.label || i18n.format('list.label', { system: i18n.term(`${lifecycle.system}.label`, lifecycle.label) });
    return html`
      ${this.#toolbar(view)} ${this.#bar(view, connection)}
      <div
        class="grid"
        part="grid"
        role="grid"
        tabindex="-1"
        aria-label=${label}
        aria-rowcount=${view.complete ? 1 + shown + (gap ? 1 : 0) : -1}
        aria-colcount=${columns}
        aria-busy=${gap === 'loading' || gap === 'more'}
        @click=${this.#open}
        @keydown=${this.#focus.onKeydown}
        @focusin=${this.#focus.onFocusin}
        @focusout=${this.#focusLeft}
        @campaign-outcome=${this.#settled}
      >
        ${sortHeader(i18n, query, this.#sort)}
        <div
          class="body"
          role="rowgroup"
          ?hidden=${shown === 0}
          @pointermove=${this.#pointerMoved}
          @pointerleave=${this.#pointerLeft}
        ></div>
        ${
          gap
            ? placeholderRow(
                i18n,
                gap,
                connection,
                { rowIndex: shown + 2, columns },
                { retry: this.#retry, widen: this.#queryController.widen },
              )
            : nothing
        }
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-list': CampaignList;
  }
}
