/** Actions on several campaigns of a list: the confirmation, the requests, and the panel with their outcomes. */
import { nothing, type ReactiveElement } from 'lit';
import type { Localizer } from '../../i18n/index.ts';
import { confirmationOf, type Confirmation, type Lifecycle } from '../../lifecycle/index.ts';
import type { BulkGroup, BulkProgress, BulkRun, CampaignStore, Offers } from '../../store/types.ts';
import { StoreController } from '../shared/context/store-controller.ts';
import { ConfirmDialog, type ConfirmContent } from '../shared/dialog/confirm-dialog.ts';
import { confirmField, confirmText } from '../shared/dialog/confirm-texts.ts';
import { adoptStyles } from '../shared/styles/adopt-styles.ts';
import { actionLabel } from '../shared/text/labels.ts';
import { CampaignBulkActionEvent, CampaignBulkOutcomeEvent } from '../events.ts';
import { campaignNames, FIRST_NAMES } from './bulk-names.ts';
import { arranged, bulkPanel, finished, outcomeTexts } from './bulk-panel.ts';
import { bulkPanelStyles } from './bulk-panel.styles.ts';

/** How far it has come is said at most this often (ms). */
const SAY_EVERY_MS = 10_000;

/** The list whose selected campaigns are acted on. */
export interface BulkHost {
  readonly element: ReactiveElement;
  i18n(): Localizer;
  store(): CampaignStore | undefined;
  system(): string;
  lifecycle(): Lifecycle | undefined;
  /** The selected campaigns. */
  ids(): readonly string[];
  /** What they offer now. */
  offers(): Offers | undefined;
  announce(text: string): void;
  /** So many campaigns have changed because the user asked for it. */
  changed(count: number): void;
  /** The panel was closed, and the focus is nowhere. */
  closed(): void;
}

/** What is asked before anything is sent. */
interface Question {
  readonly store: CampaignStore;
  readonly system: string;
  readonly action: string;
  readonly ids: readonly string[];
  /** The campaigns that offer the action: what is listed, and all that is sent. */
  readonly able: readonly string[];
  readonly confirmation: Confirmation | undefined;
  /** The status that the confirmation is for. */
  readonly status: string;
  listed: number;
}

/** Asks for an action on the selected campaigns, and shows its outcomes. */
export class BulkActions {
  readonly #list: BulkHost;
  readonly #dialog: ConfirmDialog;
  readonly #following: StoreController<BulkProgress>;
  #question: Question | undefined;
  #run: BulkRun | undefined;
  #store: CampaignStore | undefined;
  /** The opened groups, and how many names each lists. */
  #opened: ReadonlyMap<string, number> = new Map();
  #groups: { readonly of: BulkProgress; readonly groups: readonly BulkGroup[] } | undefined;
  #saidAt = 0;

  constructor(list: BulkHost) {
    this.#list = list;
    adoptStyles(list.element, bulkPanelStyles);
    this.#dialog = new ConfirmDialog(
      list.element,
      () => this.#confirmContent(),
      (input) => this.#request(input),
    );
    this.#following = new StoreController(
      list.element,
      () => (list.store() === this.#store ? this.#run?.progress : undefined),
      (progress, before) => this.#progressed(progress, before),
    );
  }

  /** Requests are being sent: another action has to wait. */
  get sending(): boolean {
    return this.#following.value?.state === 'sending';
  }

  /** The user pressed the button of an action. */
  press(action: string): void {
    const { element, store: storeOf, system: systemOf, lifecycle: lifecycleOf, ids, offers } = this.#list;
    const [store, system, lifecycle] = [storeOf(), systemOf(), lifecycleOf()];
    const able = offers()?.actions.get(action) ?? [];
    if (!store || !lifecycle || able.length === 0) return;
    if (this.sending) {
      this.#list.announce(this.#list.i18n().format('bulk.busy'));
      return this.#focusPanel();
    }
    const status = this.#statusToConfirm(store, system, lifecycle, action, able);
    this.#question = {
      store,
      system,
      action,
      ids: ids(),
      able,
      confirmation: confirmationOf(lifecycle, status, action),
      status,
      listed: Math.min(FIRST_NAMES, able.length),
    };
    if (this.#question.confirmation || lifecycle.actions[action]?.input) this.#dialog.open();
    else this.#request();
    element.requestUpdate();
  }

  /** The panel, if there is something to show. */
  render(): unknown {
    const progress = this.#following.value;
    const [run, store] = [this.#run, this.#store];
    if (!run || !store || !progress) return nothing;
    return bulkPanel({
      i18n: this.#list.i18n(),
      lifecycle: this.#list.lifecycle(),
      store,
      run,
      progress,
      groups: this.#shownGroups(run, progress),
      opened: this.#opened,
      open: (key, count) => {
        this.#opened = new Map(this.#opened).set(key, count);
        this.#list.element.requestUpdate();
      },
      cancel: () => run.cancel(),
      resume: () => {
        run.resume();
        this.#focusPanel();
      },
      close: () => this.#close(),
    });
  }

  /** These are other campaigns altogether: what was asked for goes on, and is no longer shown. */
  forget(): void {
    this.#run = this.#question = this.#groups = undefined;
    this.#dialog.close();
  }

  /** The first status, of those that the campaigns are in, that asks for a confirmation. */
  #statusToConfirm(
    store: CampaignStore,
    system: string,
    lifecycle: Lifecycle,
    action: string,
    able: readonly string[],
  ): string {
    const asked = new Set(
      Object.keys(lifecycle.statuses).filter((status) => confirmationOf(lifecycle, status, action)),
    );
    if (asked.size === 0) return '';
    for (const id of able) {
      const { status } = store.campaign({ system, id }).value;
      if (asked.has(status)) return status;
    }
    return '';
  }

  #confirmContent(): ConfirmContent | undefined {
    const question = this.#question;
    const { store, lifecycle: lifecycleOf, system, offers, i18n: i18nOf, element } = this.#list;
    const lifecycle = lifecycleOf();
    if (!question || !lifecycle || question.store !== store() || question.system !== system()) return undefined;
    const i18n = i18nOf();
    const { action, able, confirmation, status, listed } = question;
    const path = `${question.system}.actions.${action}`;
    const verb = actionLabel(i18n, lifecycle, action);
    const input = lifecycle.actions[action]?.input;
    return {
      i18n,
      title: i18n.format('bulk.confirm.title', { verb, count: able.length }),
      ...(confirmation
        ? { text: i18n.format('bulk.confirm.text', { text: confirmText(i18n, path, status, 'text', confirmation) }) }
        : {}),
      details: campaignNames({
        i18n,
        store: question.store,
        system: question.system,
        ids: able,
        listed,
        list: (count) => {
          question.listed = count;
          element.requestUpdate();
        },
      }),
      ...(input ? { field: confirmField(i18n, path, input) } : {}),
      label: confirmation ? confirmText(i18n, path, status, 'label', confirmation) : verb,
      over: offers()?.actions.has(action) ? undefined : i18n.format('bulk.confirm.over'),
    };
  }

  #request(input?: string): void {
    const question = this.#question;
    this.#question = undefined;
    const { element } = this.#list;
    if (!question || question.store !== this.#list.store() || question.system !== this.#list.system()) return;
    const { store, system, action, ids, able, confirmation } = question;
    if (!element.dispatchEvent(new CampaignBulkActionEvent(system, action, ids, input))) return;
    this.#run?.cancel();
    this.#store = store;
    this.#opened = new Map();
    this.#saidAt = performance.now();
    this.#run = store.performMany(system, ids, action, {
      ...(input === undefined ? {} : { input }),
      ...(confirmation ? { only: able } : {}),
    });
    this.#focusPanel();
    const progress = this.#run.progress.value;
    if (progress.state === 'ended') this.#ended(progress);
  }

  #progressed(progress: BulkProgress, before: BulkProgress): void {
    const done = progress.counts.done - before.counts.done;
    if (done > 0) this.#list.changed(done);
    const hasEnded = progress.state === 'ended' && before.state !== 'ended';
    const hasStopped = progress.stopped !== undefined && before.stopped === undefined;
    if (hasEnded || hasStopped) this.#ended(progress);
    else if (progress.state !== 'ended' && performance.now() - this.#saidAt >= SAY_EVERY_MS)
      this.#say('bulk.spoken.progress', { finished: finished(progress), total: progress.total });
  }

  #ended(progress: BulkProgress): void {
    const { i18n, element } = this.#list;
    this.#say('bulk.spoken.end', { outcomes: i18n().list(outcomeTexts(i18n(), progress)) });
    const { system, action } = this.#run!;
    element.dispatchEvent(new CampaignBulkOutcomeEvent(system, action, progress.counts));
  }

  #say(key: 'bulk.spoken.progress' | 'bulk.spoken.end', params: Record<string, string | number>): void {
    this.#saidAt = performance.now();
    const i18n = this.#list.i18n();
    const verb = actionLabel(i18n, this.#list.lifecycle(), this.#run!.action);
    this.#list.announce(i18n.format(key, { verb, ...params }));
  }

  /** The campaigns by outcome, once nothing more is sent: while that changes, only the counts are shown. */
  #shownGroups(run: BulkRun, progress: BulkProgress): readonly BulkGroup[] {
    if (progress.state === 'sending') return [];
    if (this.#groups?.of !== progress) this.#groups = { of: progress, groups: arranged(run.results()) };
    return this.#groups.groups;
  }

  /** The button that was pressed may go away. */
  #focusPanel(): void {
    const { element } = this.#list;
    element.requestUpdate();
    void element.updateComplete.then(() => element.renderRoot.querySelector<HTMLElement>('.bulk-title')?.focus());
  }

  #close(): void {
    this.#run = this.#groups = undefined;
    this.#list.element.requestUpdate();
    this.#list.closed();
  }
}
