import type { Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView, Connection, ListQuery, ListView } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import type { Announce } from '../shared/a11y/announce.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { connectionStatus } from '../shared/text/labels.ts';
import { ChangeSummary } from './change-summary.ts';
import { connectionText } from './connection-note.ts';

/** What a list speaks with now. */
export interface Voice {
  readonly i18n: Localizer;
  /** How much it says: see the property of the list. */
  readonly announcements: 'own' | 'errors' | 'all' | 'off';
  readonly lifecycle: Lifecycle | undefined;
  readonly announce: Announce;
}

/** What a list says to a screen reader. */
export class ListAnnouncements {
  readonly #voice: () => Voice;
  readonly #summary = new ChangeSummary((changed, errors) => this.#changes(changed, errors));

  constructor(voice: () => Voice) {
    this.#voice = voice;
  }

  /** How many were found. */
  found(count: number | undefined): void {
    if (count !== undefined) this.#announce(this.#voice().i18n.format('list.found', { count }));
  }

  /** What the user did to several campaigns. */
  own(text: string): void {
    this.#announce(text);
  }

  /** By what the user has sorted. */
  sorted({ sort = 'name', descending }: ListQuery): void {
    const { i18n } = this.#voice();
    const column = i18n.format(`list.column.${sort}`);
    this.#announce(i18n.format(descending ? 'list.sorted.descending' : 'list.sorted.ascending', { column }));
  }

  /** The campaign whose row had the focus is no longer here. */
  left({ presence, name }: CampaignView): void {
    const key = presence === 'gone' || presence === 'absent' ? 'spoken.removed' : 'list.left';
    this.#announce(this.#voice().i18n.format(key, { name: visibleText(name) }));
  }

  /** Other campaigns, or the same ones changed. */
  changed(view: ListView, before: ListView): void {
    const { announcements, lifecycle } = this.#voice();
    if (!view.complete || !before.complete) return;
    if (announcements !== 'errors' && announcements !== 'all') return;
    const statuses = Object.values(lifecycle?.statuses ?? {});
    this.#summary.count(view, before, new Set(statuses.flatMap(({ fault }) => fault ?? [])));
  }

  /** Some of these changes were asked for here, and have been announced. */
  leaveOut(count = 1): void {
    this.#summary.leaveOut(count);
  }

  /** The connection is lost or blocked, or back. */
  connection(connection: Connection, before: Connection): void {
    const { i18n, announcements } = this.#voice();
    if (announcements === 'own') return;
    const [status, previous] = [connectionStatus(connection), connectionStatus(before)];
    if (status === previous) return;
    if (status === 'lost' || status === 'blocked') this.#announce(connectionText(i18n, connection));
    else if (before.lost && !connection.lost) this.#announce(i18n.format('list.back'));
  }

  /** These are other campaigns altogether, or nobody listens: what was gathered of changes is no news. */
  stop(): void {
    this.#summary.stop();
  }

  #changes(changed: number, errors: number): void {
    const { i18n, announcements } = this.#voice();
    const texts = errors > 0 ? [i18n.format('spoken.errors', { count: errors })] : [];
    if (announcements === 'all') texts.unshift(i18n.format('spoken.summary', { count: changed }));
    if (texts.length) this.#announce(texts.join(' '));
  }

  #announce(text: string): void {
    const { announcements, announce } = this.#voice();
    if (announcements !== 'off') announce(text);
  }
}
