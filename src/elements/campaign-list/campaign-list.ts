import { nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from 'lit';
import '../../i18n/en.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView, Connection, ListQuery, ListView } from '../../store/types.ts';
import { oneOf, text } from '../shared/base/converters.ts';
import { property } from '../shared/base/converting-element.ts';
import { CampaignActionButton } from '../campaign-action-button/campaign-action-button.ts';
import { CampaignStatusTag } from '../campaign-status-tag/campaign-status-tag.ts';
import { CampaignElement } from '../shared/base/campaign-element.ts';
import { defineElement } from '../shared/base/define-element.ts';
import { controlStyles } from '../shared/styles/controls.styles.ts';
import {
  CampaignColumnsEvent,
  CampaignNavigateEvent,
  CampaignQueryEvent,
  CampaignSelectionEvent,
  navigate,
  type CampaignActionEvent,
  type CampaignOutcomeEvent,
} from '../events.ts';
import { StoreController } from '../shared/context/store-controller.ts';
import { glyph } from '../shared/templates/icons.ts';
import { connectionStatus } from '../shared/text/labels.ts';
import { CustomStates } from '../shared/base/custom-states.ts';
import { containPresses } from '../shared/base/press-containment.ts';
import { theme } from '../shared/styles/theme.styles.ts';
import { ClockController } from '../shared/controllers/clock-controller.ts';
import { drawTemplate } from '../shared/templates/draw-template.ts';
import { html } from '../shared/templates/html.ts';
import { QueryController } from './query-controller.ts';
import { searchStyles } from '../shared/styles/search.styles.ts';
import { styles } from './campaign-list.styles.ts';
import type { CampaignRow, RowSurroundings } from './campaign-row.ts';
import { columnsButton } from './columns/columns-button.ts';
import { ColumnTexts } from './columns/column-texts.ts';
import { columnMenuChunk, type ColumnMenuModule } from './columns/column-menu-chunk.ts';
import { toColumns, type ListColumn } from './columns/list-column.ts';
import { layOutColumns, shownColumns, toKeys, withKeyToggled, type ShownColumn } from './columns/shown-columns.ts';
import { connectionNote } from './connection-note.ts';
import { filterChips } from './filter-chips.ts';
import { GridFocus, holdsFocus } from './grid-focus.ts';
import { ListAnnouncements } from './list-announcements.ts';
import { ListOrder } from './list-order.ts';
import { placeholderKind, placeholderRow, type PlaceholderKind } from './placeholder.ts';
import type { Popup } from '../shared/popup/popup.ts';
import { PrintController } from '../shared/controllers/print-controller.ts';
import { queryKey } from '../../util/query-key.ts';
import { isNarrowed, toQuery, type SortColumn } from './query.ts';
import { RowRenderer } from './row-renderer.ts';
import type { BulkActions } from './bulk-actions.ts';
import { bulkChunk } from './bulk-chunk.ts';
import { csvChunk } from './csv-chunk.ts';
import { selectionBar } from './selection-bar.ts';
import { SelectionController, type SelectedShare } from './selection-controller.ts';
import { searchField } from '../shared/templates/search-field.ts';
import { sortHeader } from './sort-header.ts';

/** The time till the next attempt is counted down in such steps (ms). */
const COUNTDOWN_MS = 1000;
/** How soon it is seen that a dialog or popup in a row was closed: no event reports it (ms). */
const LAYER_MS = 250;
/** More changes than this in a second, and no row shows any of them by motion. */
const CALM = 20;
/** So many rows are printed at most. */
const PRINTED = 500;

/**
 * All campaigns of one system, with search, status filters, order, and the action of each.
 *
 * Only the rows on screen are rendered, all of one height. Longer names are cut, and shown whole under the mouse.
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
 * @fires {CampaignColumnsEvent} campaign-columns - The user showed or hid a column.
 * @fires {CampaignSelectionEvent} campaign-selection - The user selected campaigns or no longer does, or a selected one was removed.
 * @fires {CampaignBulkActionEvent} campaign-bulk-action - The user asked for an action on the selected campaigns. Cancelable.
 * @fires {CampaignBulkOutcomeEvent} campaign-bulk-outcome - An action on several campaigns asked for here has ended, or has stopped before all were sent.
 * @fires {CampaignNavigateEvent} campaign-navigate - The user chose a campaign. Cancelable: then its link is not followed.
 * @fires {CampaignActionEvent} campaign-action - The user asked for an action. Cancelable.
 * @fires {CampaignOutcomeEvent} campaign-outcome - An action asked for here has an outcome.
 *
 * @csspart toolbar - Search and filters.
 * @csspart search - The search field with its signs.
 * @csspart search-input - The input of the search field.
 * @csspart search-clear - The button that clears the search.
 * @csspart filters - The group of status filters.
 * @csspart chip - One status filter.
 * @csspart columns - The button that opens the choice of columns.
 * @csspart column - The check box of a column, with its words.
 * @csspart columns-problem - Says why the choice of columns does not open.
 * @csspart popup - The popup with the choice of columns, while it is open.
 * @csspart popup-body - The part of the popup that scrolls.
 * @csspart popup-close - The button that closes the popup.
 * @csspart bar - The line between toolbar and rows.
 * @csspart count - How many campaigns there are.
 * @csspart unreadable - How many campaigns could not be read.
 * @csspart reorder - The button that lets changes of order in.
 * @csspart selection - How many campaigns are selected, and what can be done with them.
 * @csspart selection-count - How many campaigns are selected.
 * @csspart selection-clear - The button that empties the selection.
 * @csspart selection-problem - Says what went wrong with an action on the selected campaigns.
 * @csspart bulk-action - A button for an action on the selected campaigns.
 * @csspart bulk - The panel of an action on several campaigns.
 * @csspart bulk-title - Its title.
 * @csspart bulk-summary - How far it has come.
 * @csspart bulk-progress - The progress bar.
 * @csspart bulk-stopped - Says why not all was sent.
 * @csspart bulk-cancel - The button that sends no more.
 * @csspart bulk-continue - The button that sends what was not sent.
 * @csspart bulk-close - The button that closes the panel.
 * @csspart bulk-group - The campaigns with one outcome and reason.
 * @csspart bulk-toggle - The button that lists their names.
 * @csspart bulk-names - Names of campaigns, in the panel or in the confirmation.
 * @csspart bulk-more - The button that lists more of them.
 * @csspart confirm - The confirmation of an action.
 * @csspart confirm-input - The text that goes with the action.
 * @csspart confirm-error - What is wrong with that text.
 * @csspart confirm-cancel - The button that leaves everything as it is.
 * @csspart confirm-go - The button that confirms.
 * @csspart connection - Says that the connection is lost, or that nothing may be seen.
 * @csspart retry - The button that tries the connection again.
 * @csspart grid - The grid.
 * @csspart header - The header row.
 * @csspart sort - The button of a column's header.
 * @csspart select-all - The check box of the header row.
 * @csspart row - The row of a campaign.
 * @csspart select - The check box of a row.
 * @csspart name - The link or button with the campaign's name.
 * @csspart id - The campaign's id.
 * @csspart tag - The `campaign-status-tag` of a row.
 * @csspart since - The cell that says since when.
 * @csspart cell - A cell of a column that the host has added. It also has the part `cell-` with the column's key.
 * @csspart action - The `campaign-action-button` of a row.
 * @csspart gap - The row that says why there are no rows, or not yet all.
 * @csspart gap-action - The button in it.
 * @csspart rest - Says on paper how many campaigns are not printed.
 * @csspart problem - Says what keeps the element from showing campaigns.
 *
 * @cssstate loading - Not all campaigns have been read yet.
 * @cssstate lost - Only the last known state is shown.
 * @cssstate blocked - Signed out, not allowed, or wired wrongly.
 * @cssstate empty - There are no rows.
 *
 * @cssproperty [--campaign-list-columns=minmax(0, 1fr) 20em 11.5em 11.5em] - The columns of a wide list: name, status, since, action. Check boxes come before them. Not read while a column is hidden or added.
 * @cssproperty [--campaign-list-sticky-offset=0px] - How far below the top of the page the header row sticks.
 */
export class CampaignList extends CampaignElement {
  static override readonly styles: CSSResultGroup = [theme, controlStyles, searchStyles, styles];

  /** What is searched for, filtered and sorted by. The user's changes go in here and out as `campaign-query`. */
  @property({ attribute: false, converter: toQuery }) query: ListQuery = {};

  /** Names the grid, in place of the system's own name. */
  @property({ converter: text }) label = '';

  /** How tall the rows are: `comfortable` or `compact`. */
  @property({ reflect: true, converter: oneOf('comfortable', 'compact') })
  density: 'comfortable' | 'compact' = 'comfortable';

  /** The id of the campaign that is open elsewhere on the page; its row is highlighted. Check boxes are `selectable`. */
  @property({ converter: text }) selected = '';

  /** Gives each row a check box, so that several campaigns can be selected. */
  @property({ type: Boolean, reflect: true }) selectable = false;

  /** Columns to add, between the time and the action. Make them once, outside of what renders. */
  @property({ attribute: false, converter: toColumns }) columns: readonly ListColumn[] = [];

  /**
   * The keys of hidden columns, separated by blanks: those of added ones, `at` and `action`. The user's choice goes in here and out as
   * `campaign-columns`.
   */
  @property({ attribute: 'hidden-columns', converter: toKeys }) hiddenColumns = '';

  /** Lets the user show and hide columns, by a button after the filters. */
  @property({ type: Boolean, attribute: 'column-choice' }) columnChoice = false;

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
  @property({ converter: oneOf('errors', 'own', 'all', 'off') }) announce: 'own' | 'errors' | 'all' | 'off' = 'errors';

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
  readonly #texts = new ColumnTexts(this.localName, () => this.i18n);
  readonly #surroundings: { -readonly [K in keyof RowSurroundings]: RowSurroundings[K] } = {
    source: undefined,
    settings: { i18n: this.i18n, routes: this.routes, announce: this.speak },
    selected: '',
    selection: undefined,
    density: 'comfortable',
    columns: [],
    host: this,
    texts: this.#texts,
    keepFocus: (change) => void this.#focus.keep(change),
    statusChanged: (row, view) => this.#flash(row, view),
    // Rows are written within an update of the list, and what they report is for the next one.
    readabilityChanged: () => queueMicrotask(() => this.requestUpdate()),
  };
  readonly #order = new ListOrder(() => this.requestUpdate());
  readonly #print = new PrintController(this);
  readonly #renderer: RowRenderer = new RowRenderer({
    surroundings: this.#surroundings,
    order: this.#order,
    fixed: () => (this.#print.printing ? PRINTED : undefined),
    focusRow: () => this.#focus.row,
    keepFocus: (change) => void this.#focus.keep(change),
  });
  readonly #rows = this.#renderer.rows;
  readonly #focus: GridFocus = new GridFocus(() => this.#part('.grid'), {
    count: () => 1 + this.#order.size + (this.#gap ? 1 : 0),
    at: (index) =>
      index === 0 ? this.#part('.header') : (this.#renderer.at(index - 1) ?? this.#part('.gap') ?? undefined),
    first: () => this.#renderer.first ?? this.#part('.gap'),
    reveal: (row) => this.#renderer.reveal(row),
    isNear: (row) => this.#renderer.isNear(row),
    perPage: () => this.#renderer.perPage(),
  });
  readonly #selecting: SelectionController = new SelectionController({
    i18n: () => this.i18n,
    order: this.#order,
    matching: () => this.#list.value?.ids ?? [],
    offers: (ids) => this.source?.offers(this.system, ids),
    rowAround: (element) => this.#rows.around(element),
    focusRow: (index) => {
      const row = this.#focus.focusRow(index + 1);
      return row && this.#rows.around(row)?.id;
    },
    announce: (words) => this.#speech.own(words),
    changed: () => this.#selectionChanged(),
    due: () => this.requestUpdate(),
  });
  readonly #queryController = new QueryController({
    query: () => this.query,
    setQuery: (query) => this.#setQuery(query),
    found: () => this.#speech.found(this.#list.value?.size),
    typed: () => this.requestUpdate(),
  });
  readonly #speech = new ListAnnouncements(() => {
    const { i18n, announce, speak } = this;
    return { i18n, announcements: announce, announce: speak, lifecycle: this.#lifecycle };
  });
  /** Which list is on screen: a change of it is the user's own, and is never held back. */
  #ordered = '';
  #gap: PlaceholderKind | undefined;
  /** The mouse moves among the rows. */
  #pointed = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #flashes = { second: 0, count: 0 };
  #columnMenu: Popup | undefined;
  /** The box and the columns that widths were set for. */
  #laidOut: { readonly box: HTMLElement; readonly columns: readonly ShownColumn[] } | undefined;
  /** Why the choice of columns does not open, in words. */
  #columnsProblem = '';
  #bulk: BulkActions | undefined;
  /** What went wrong with an action on the selected campaigns, in words. */
  #bulkProblem = '';
  /** How many of the rows were selected, in a version of the order. */
  #share: { readonly version: number; readonly value: SelectedShare } | undefined;

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

  override connectedCallback(): void {
    // A host that defines a subclass under another name has not defined these.
    defineElement('campaign-status-tag', CampaignStatusTag);
    defineElement('campaign-action-button', CampaignActionButton);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#renderer.rest();
    this.#order.rest();
    this.#speech.stop();
    this.#queryController.rest();
    this.#selecting.rest();
    this.#pointed = false;
    clearTimeout(this.#again);
    this.#again = undefined;
  }

  /** Lets the changes of order in that wait because the focus or the mouse is among the rows. */
  reorder(): void {
    this.#order.release();
    this.requestUpdate();
  }

  /**
   * Scrolls to the row of a campaign, which comes to the middle of what is visible. The focus stays where it is. Returns false
   * if the campaign is not in the list, because it does not match the query or was not read yet.
   */
  scrollToCampaign(id: string): boolean {
    if (this.isUpdatePending) this.performUpdate();
    let index = this.#order.indexOf(id);
    if (index < 0 && this.#order.isBehind(this.#list.value)) {
      this.reorder();
      this.performUpdate();
      index = this.#order.indexOf(id);
    }
    const row = index < 0 ? undefined : this.#renderer.at(index);
    if (row) this.#renderer.reveal(row, 'center');
    return row !== undefined;
  }

  /** The ids of the selected campaigns, also of those that search and filters hide. The same array until the selection changes. */
  get selection(): readonly string[] {
    return this.#selecting.selection.ids;
  }

  /** Selects exactly these campaigns, by id. Without `selectable` it does nothing. */
  select(ids: Iterable<string>): void {
    if (!this.selectable) return;
    this.#selecting.selection.replace([...ids].map(String));
    this.#showSelection();
  }

  /** Selects all campaigns that match the query, in addition to those that are selected already. */
  selectAll(): void {
    this.select([...this.selection, ...(this.#list.value?.ids ?? [])]);
  }

  /** Empties the selection. */
  clearSelection(): void {
    this.select([]);
  }

  /**
   * The campaigns that match the query as a CSV file, in the order of the query: id, name, status as shown and as the backend sent it,
   * message, time of the status, for a last known state the time at which it was true, and the added columns on display. Times are
   * ISO 8601. It is UTF-8 with a byte order mark, for Excel. A cell that a spreadsheet would run as a formula begins with an apostrophe.
   *
   * @throws DOMException `InvalidStateError` while the list has nothing to show; a TypeError if the code for it can't be loaded
   */
  async exportCsv(): Promise<Blob> {
    const { i18n, source: store, system } = this;
    const lifecycle = this.#lifecycle;
    const ids = this.#list.value?.ids;
    if (!store || !ids) throw new DOMException('The list shows no campaigns yet.', 'InvalidStateError');
    const { campaignsAsCsv } = await csvChunk.load();
    const shown = shownColumns(this.columns, this.hiddenColumns, false);
    const added = shown.filter((column) => typeof column !== 'string');
    return campaignsAsCsv({ i18n, lifecycle, store, system, ids, added, textOf: this.#texts.textOf });
  }

  /** Asks the added columns again what their cells say: for data of yours that has changed, or has come later than the rows. */
  updateColumns(): void {
    this.#rows.each((row) => row.showAdded());
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
      const moved = this.#surround(changed);
      if (moved || changed.has('system')) this.#speech.stop();
      if (changed.get('system')) this.#forgetSelection();
      this.#selecting.refresh();
      this.#arrange(moved);
      this.#gap = placeholderKind(this.#list.value, this.#connection.value, this.query, this.#order.size);
      super.update(changed);
      this.#layOut();
      this.#renderer.update(this.#part('.grid'), this.system);
    });
    const removed = left && this.#rows.around(left)?.view;
    if (removed) this.#speech.left(removed);
    if (active && !active.isConnected && !this.#focus.within) this.#focus.focus();
  }

  protected override updated(): void {
    if (this.columnChoice) columnMenuChunk.prefetch();
    const connection = this.#connection.value;
    const status = connection && connectionStatus(connection);
    this.#states.replace({
      lost: status === 'lost',
      blocked: status === 'blocked',
      loading: this.#gap === 'loading' || this.#gap === 'more',
      empty: this.#order.size === 0,
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
  #surround(changed: PropertyValues<this>): boolean {
    const rows = this.#surroundings;
    const { source, i18n, routes, speak, selected, density, selectable } = this;
    const { settings } = rows;
    const moved = source !== rows.source;
    const rebuilt = selectable !== (rows.selection !== undefined);
    if (rebuilt || (moved && rows.source)) this.#forgetSelection();
    const reworded = moved || i18n !== settings.i18n || routes !== settings.routes || speak !== settings.announce;
    const restyled = selected !== rows.selected || density !== rows.density;
    Object.assign(rows, { source, selected, density, selection: selectable ? this.#selecting.selection : undefined });
    if (reworded) rows.settings = { store: source, i18n, routes, announce: speak };
    const others = (['columns', 'hiddenColumns', 'selectable'] as const).some((name) => changed.has(name));
    if (others || rows.columns.length === 0) rows.columns = shownColumns(this.columns, this.hiddenColumns, selectable);
    if (moved || rebuilt) this.#renderer.clear();
    else if (others) this.#rows.each((row) => row.arrange());
    if (reworded) this.#rows.each((row) => row.reword());
    if (restyled) this.#rows.each((row) => row.restyle());
    return moved;
  }

  /** Gives the columns their widths. */
  #layOut(): void {
    const box = this.#part('.list');
    const { columns } = this.#surroundings;
    if (!box || (box === this.#laidOut?.box && columns === this.#laidOut.columns)) return;
    layOutColumns(box, columns);
    this.#laidOut = { box, columns };
  }

  /** Takes in the order of the store, unless rows must not move under the user. */
  #arrange(moved: boolean): void {
    const view = this.#list.value;
    const ordered = `${this.system} ${queryKey(this.query)}`;
    const other = moved || ordered !== this.#ordered;
    this.#ordered = ordered;
    const body = this.#part('.body');
    const held = !other && Boolean(view?.complete) && (this.#pointed || (body !== undefined && holdsFocus(body)));
    // A campaign that is gone leaves at once, unless a press meant for it would then hit another one.
    if (view && held && !this.#pointed && !this.#focus.inLayer)
      this.#rows.each(({ gone, id, index }) => {
        if (gone && view.indexOf(id) < 0) this.#order.remove(id, index);
      });
    this.#order.next(view, other ? 'other' : held ? 'held' : 'live', this.#renderer.range);
  }

  #letGo(): void {
    if (this.#order.isBehind(this.#list.value)) this.requestUpdate();
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

  /** A press of the button that opens the choice of columns. Once that is there, it listens to presses itself, to this one too. */
  readonly #chooseColumns = ({ currentTarget, detail }: MouseEvent): void => {
    if (columnMenuChunk.value) this.#columnMenuOf(columnMenuChunk.value);
    else void this.#loadColumnMenu(currentTarget as HTMLElement, detail === 0);
  };

  /** @param into moves the focus into the choice */
  async #loadColumnMenu(button: HTMLElement, into: boolean): Promise<void> {
    const chunk = await columnMenuChunk.load().catch(() => undefined);
    if (chunk) return this.#columnMenuOf(chunk).open(button, 'pinned', { into });
    this.#columnsProblem = this.i18n.format('list.columns.notLoaded');
    this.#speech.own(this.#columnsProblem);
    this.requestUpdate();
  }

  #columnMenuOf({ columnMenu }: ColumnMenuModule): Popup {
    if (this.#columnsProblem) this.requestUpdate();
    this.#columnsProblem = '';
    return (this.#columnMenu ??= columnMenu(this, () => ({
      i18n: this.i18n,
      announce: this.speak,
      added: this.columns,
      isShown: (key) => !this.hiddenColumns.split(' ').includes(key),
      toggle: (key) => {
        this.hiddenColumns = withKeyToggled(this.hiddenColumns, key);
        this.dispatchEvent(new CampaignColumnsEvent(this.system, this.hiddenColumns));
      },
    })));
  }

  readonly #retry = (): void => void this.refresh();

  readonly #open = (event: MouseEvent): void => {
    const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>('.open') : null;
    const ref = pressed && this.#rows.around(pressed)?.ref;
    const href = pressed instanceof HTMLAnchorElement ? pressed.href : undefined;
    if (ref) navigate(event, this, new CampaignNavigateEvent('campaign', ref, undefined, href));
  };

  readonly #pointerMoved = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch') this.#pointed = true;
  };

  readonly #pointerLeft = (): void => {
    this.#pointed = false;
    this.#letGo();
  };

  readonly #keyed = (event: KeyboardEvent): void => {
    const focused = this.#focus.row;
    const row = focused && this.#rows.around(focused);
    if (!this.selectable || !this.#selecting.onKeydown(event, row)) this.#focus.onKeydown(event);
  };

  readonly #clicked = (event: MouseEvent): void => {
    this.#open(event);
    if (this.selectable) this.#selecting.onClick(event);
  };

  readonly #began = (event: MouseEvent): void => {
    if (this.selectable) this.#selecting.onMousedown(event);
  };

  readonly #clearSelection = (): void => {
    // Before the button goes away, and the focus with it.
    this.#focus.focus();
    this.#selecting.clear();
  };

  readonly #actOnSelection = async (action: string): Promise<void> => {
    const selected = this.selection;
    const chunk = await bulkChunk.load().catch(() => undefined);
    this.#bulkProblem = chunk ? '' : this.i18n.format('bulk.notLoaded');
    if (this.#bulkProblem) this.#speech.own(this.#bulkProblem);
    this.requestUpdate();
    // What was meant by the press may no longer be selected.
    if (!chunk || !this.isConnected || this.selection !== selected) return;
    this.#bulk ??= new chunk.BulkActions({
      element: this,
      i18n: () => this.i18n,
      store: () => this.source,
      system: () => this.system,
      lifecycle: () => this.#lifecycle,
      ids: () => this.selection,
      offers: () => this.#selecting.offers,
      announce: (words) => this.#speech.own(words),
      changed: (count) => this.#speech.leaveOut(count),
      closed: () => this.#focus.focus(),
    });
    this.#bulk.press(action);
  };

  /** These are other campaigns altogether. */
  #forgetSelection(): void {
    this.#selecting.reset();
    this.#bulk?.forget();
    this.#share = undefined;
  }

  #selectionChanged(): void {
    this.#showSelection();
    this.dispatchEvent(new CampaignSelectionEvent(this.system, this.selection));
  }

  #showSelection(): void {
    this.#share = undefined;
    this.#bulkProblem = '';
    if (this.selection.length > 0) bulkChunk.prefetch();
    this.#rows.each((row) => row.restyle());
    this.requestUpdate();
  }

  /** How many of the shown rows are selected. */
  #selectedShare(): SelectedShare {
    const { version } = this.#order;
    if (this.#share?.version !== version) this.#share = { version, value: this.#selecting.share() };
    return this.#share.value;
  }

  readonly #focusLeft = ({ target }: FocusEvent): void => {
    // The next element gets the focus only after this event; till then it is nowhere.
    setTimeout(() => {
      if (target instanceof Element) this.#rows.around(target)?.fitAction();
      this.#letGo();
    });
  };

  readonly #asked = ({ target }: CampaignActionEvent): void => {
    if (target instanceof Element) this.#rows.around(target)?.asked();
  };

  /** What is cut off can be read when the mouse is over it. */
  readonly #pointedAt = ({ target }: PointerEvent): void => {
    if (!(target instanceof HTMLElement) || !target.matches('.open, .id, .by, .value')) return;
    target.title = target.scrollWidth > target.clientWidth ? target.textContent : '';
  };

  readonly #settled = ({ detail }: CampaignOutcomeEvent): void => {
    if (detail.outcome === 'done') this.#speech.leaveOut();
  };

  #flash(row: CampaignRow, view: CampaignView): void {
    // jsdom has no animations and no media queries.
    if (!('animate' in row.element) || view.stale || document.hidden) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
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
    if (isNarrowed(this.query)) return i18n.format('list.count.filtered', { shown: count, count: view.total });
    return i18n.format('list.count', { count });
  }

  #toolbar(view: ListView): TemplateResult {
    const { i18n, query } = this;
    return html`
      <div class="toolbar" part="toolbar">
        ${this.noSearch ? nothing : this.#searchField()}
        ${
          this.noFilters
            ? nothing
            : filterChips({
                i18n,
                lifecycle: this.#lifecycle,
                // Before anything was read, a 0 would be made up.
                counts: view.complete || view.total > 0 ? view.counts : undefined,
                stuck: view.stuck,
                selected: query.statuses ?? [],
                onlyStuck: query.stuck === true,
                toggle: this.#queryController.toggle,
                toggleStuck: this.#queryController.toggleStuck,
              })
        }
        ${
          this.columnChoice
            ? columnsButton(i18n.format('list.columns'), this.#columnsProblem, this.#chooseColumns)
            : nothing
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
          this.selectable
            ? selectionBar({
                i18n,
                lifecycle: this.#lifecycle,
                count: this.selection.length,
                actions: this.#selecting.offers?.actions,
                busy: this.#bulk?.sending ?? false,
                problem: this.#bulkProblem,
                act: (action) => void this.#actOnSelection(action),
                clear: this.#clearSelection,
              })
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

  #searchField(): TemplateResult {
    const { i18n } = this;
    return searchField({
      label: i18n.format('list.search'),
      placeholder: i18n.format('list.search.placeholder'),
      clearLabel: i18n.format('list.search.clear'),
      landmark: true,
      text: this.#queryController.text,
      search: this.#queryController.search,
    });
  }

  protected override draw(): void {
    drawTemplate(this, this.render());
  }

  protected render(): TemplateResult {
    const problem = this.#problem;
    const view = this.#list.value;
    if (problem !== undefined || !view) return html`<p class="problem" part="problem">${problem}</p>`;
    const { i18n, query } = this;
    const connection = this.#connection.value;
    const lifecycle = this.#lifecycle!;
    const gap = this.#gap;
    const shown = this.#order.size;
    const { columns } = this.#surroundings;
    const label =
      this.label || i18n.format('list.label', { system: i18n.term(`${lifecycle.system}.label`, lifecycle.label) });
    return html`
      <div class="list">
        ${this.#toolbar(view)} ${this.#bar(view, connection)} ${this.#bulk?.render() ?? nothing}
        <div
          class="grid"
          part="grid"
          role="grid"
          tabindex="-1"
          aria-label=${label}
          aria-rowcount=${view.complete ? 1 + shown + (gap ? 1 : 0) : -1}
          aria-colcount=${columns.length}
          aria-multiselectable=${this.selectable ? 'true' : nothing}
          aria-busy=${gap === 'loading' || gap === 'more'}
          @click=${this.#clicked}
          @mousedown=${this.#began}
          @keydown=${this.#keyed}
          @focusin=${this.#focus.onFocusin}
          @focusout=${this.#focusLeft}
          @pointerover=${this.#pointedAt}
          @campaign-action=${this.#asked}
          @campaign-outcome=${this.#settled}
        >
          ${sortHeader(
            i18n,
            columns,
            query,
            this.#sort,
            this.selectable ? { share: this.#selectedShare(), toggle: this.#selecting.toggleAll } : undefined,
          )}
          <div
            class="body"
            role="rowgroup"
            ?hidden=${shown === 0}
            @pointermove=${this.#pointerMoved}
            @pointerleave=${this.#pointerLeft}
          >
            <div class="space"></div>
            <div class="space"></div>
          </div>
          ${
            gap
              ? placeholderRow(
                  i18n,
                  gap,
                  connection,
                  { rowIndex: shown + 2, columns: columns.length },
                  { retry: this.#retry, widen: this.#queryController.widen },
                )
              : nothing
          }
        </div>
        ${
          this.#print.printing && shown > PRINTED
            ? html`<p class="rest" part="rest">${i18n.format('list.print.rest', { count: shown - PRINTED })}</p>`
            : nothing
        }
        <div class="probe"></div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'campaign-list': CampaignList;
  }
}
