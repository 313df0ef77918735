import { nothing, type ReactiveElement, type TemplateResult } from 'lit';
import { lookOf } from '../../../lifecycle/index.ts';
import type { HistoryEntryView, HistoryView, Live } from '../../../store/types.ts';
import { sameCampaign } from '../base/same-campaign.ts';
import { icon, glyph } from '../templates/icons.ts';
import { exactText, html } from '../templates/html.ts';
import { keyed } from '../templates/keyed.ts';
import { wordTranslation } from '../templates/word-translation.ts';
import { isolateText } from '../text/isolate-text.ts';
import { actionLabel, statusLabel } from '../text/labels.ts';
import { visibleText } from '../text/status-text.ts';
import { foldHistory, type HistoryFold } from './fold-history.ts';
import type { HistorySubject } from './history-subject.ts';

export { historyStyles } from './history.styles.ts';

/** So many entries are read at first, and by each press of Show more. */
const PAGE = 20;
/** The store reads no more than this. */
const MOST = 1000;
/** A longer message scrolls in a box of its own, which the keyboard has to reach. */
const LONG_MESSAGE = 600;

/** The history of a campaign, newest first, with equal entries in a row folded. It reads while it is shown. */
export class HistoryPanel {
  readonly #host: ReactiveElement;
  #subject: HistorySubject | undefined;
  #limit = PAGE;
  #live: Live<HistoryView> | undefined;
  #subscription: { unsubscribe(): void } | undefined;
  /** The latest value that was read; a longer history is read beside what is shown. */
  #view: HistoryView | undefined;
  #state: HistoryView['state'] = 'loading';
  /** After the next value, the focus goes to the first of the entries that it adds. */
  #focusAt: number | undefined;

  constructor(host: ReactiveElement) {
    this.#host = host;
  }

  /** Reads no more. */
  rest(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = this.#live = undefined;
  }

  /** What is shown of a campaign. Another one starts over. */
  render(subject: HistorySubject): TemplateResult {
    this.#follow(subject);
    const { i18n } = subject;
    const view = this.#view;
    const folds = foldHistory(view?.entries ?? []);
    return html`
      ${this.#notice(subject, folds.length)}
      ${
        folds.length
          ? html`<ol class="entries" role="list" aria-label=${i18n.format('history.label')}>
              ${keyed(
                folds.map((fold, index) => [keyOf(folds, index), fold] as const),
                ([key]) => key,
                ([, fold]) => entryTemplate(subject, fold),
              )}
            </ol>`
          : nothing
      }
      ${view?.more ? this.#more(subject) : nothing}
    `;
  }

  #notice({ i18n }: HistorySubject, shown: number): TemplateResult | typeof nothing {
    if (this.#state === 'lost')
      return html`<p class="note" part="notice">
        ${glyph('warning')}<span>${i18n.format(shown ? 'history.lost' : 'history.failed')}</span>
        <button class="button small" part="history-retry" type="button" @click=${this.#retry}>
          ${i18n.format('history.retry')}
        </button>
      </p>`;
    if (shown) return nothing;
    const [sign, key] = (
      {
        loading: ['clock', 'history.loading'],
        loaded: ['info', 'history.empty'],
        unsupported: ['info', 'history.unsupported'],
      } as const
    )[this.#state];
    return html`<p class="note" part="notice">${glyph(sign)}<span>${i18n.format(key)}</span></p>`;
  }

  #more({ i18n }: HistorySubject): TemplateResult {
    if (this.#limit >= MOST) return html`<p class="note" part="notice">${i18n.format('history.rest')}</p>`;
    const reading = this.#state === 'loading';
    return html`<button
      class="button small"
      part="history-more"
      type="button"
      aria-disabled=${reading ? 'true' : nothing}
      @click=${() => !reading && this.#readMore()}
    >
      ${i18n.format(reading ? 'history.loading' : 'history.more')}
    </button>`;
  }

  readonly #retry = (): void => {
    this.rest();
    this.#state = 'loading';
    this.#host.requestUpdate();
  };

  #readMore(): void {
    this.#focusAt = foldHistory(this.#view?.entries ?? []).length;
    this.#limit = Math.min(this.#limit + PAGE, MOST);
    this.rest();
    this.#host.requestUpdate();
  }

  #follow(subject: HistorySubject): void {
    const before = this.#subject;
    this.#subject = subject;
    if (before && (before.source !== subject.source || !sameCampaign(before.ref, subject.ref))) {
      this.rest();
      this.#view = undefined;
      this.#limit = PAGE;
    }
    if (this.#live) return;
    this.#live = subject.source.history(subject.ref, this.#limit);
    let first = true;
    this.#subscription = this.#live.subscribe((value) => {
      // Before it waits for that update, to focus what it brings.
      if (!first) this.#host.requestUpdate();
      this.#take(value);
    });
    first = false;
  }

  #take(value: HistoryView): void {
    this.#state = value.state;
    if (value.state === 'loading' || (value.state === 'lost' && !value.entries.length && this.#view)) return;
    this.#view = value;
    const place = this.#focusAt;
    this.#focusAt = undefined;
    if (place !== undefined) void this.#focusEntry(place);
  }

  /** The button that was pressed may be gone, and new entries stand above it. */
  async #focusEntry(place: number): Promise<void> {
    await this.#host.updateComplete;
    const entry = this.#host.renderRoot.querySelectorAll<HTMLElement>('.history .entry')[place];
    if (!entry) return;
    entry.tabIndex = -1;
    entry.focus();
  }
}

/** The same for the same entry while newer ones come: its time, and how many older ones have the same. */
function keyOf(folds: readonly HistoryFold[], index: number): string {
  const { since } = folds[index]!;
  let same = 0;
  for (let older = index + 1; folds[older]?.since === since; older++) same++;
  return `${since} ${same}`;
}

function entryTemplate(subject: HistorySubject, { entry, times, since }: HistoryFold): TemplateResult {
  const { i18n, lifecycle } = subject;
  const { tone, icon: shape } = lookOf(lifecycle, entry.status);
  const message = visibleText(entry.message ?? '');
  const long = message.length > LONG_MESSAGE;
  return html`<li class="entry" part="history-entry" data-tone=${tone}>
    <span class="entry-sign">${icon(shape)}</span>
    <div class="entry-text">
      <p class="entry-line">
        <bdi class="entry-status" translate=${wordTranslation()}
          >${exactText(visibleText(statusLabel(i18n, lifecycle, entry.status)))}</bdi
        >
        <span class="entry-by says">${by(subject, entry)}</span>
        <time class="entry-at" datetime=${new Date(entry.at).toISOString()} title=${i18n.dateTime(entry.at)}
          >${i18n.time(entry.at)}</time
        >
        ${times > 1 ? html`<span class="entry-times says">${i18n.format('history.times', { count: times, time: i18n.time(since) })}</span>` : nothing}
      </p>
      ${
        message
          ? html`<span
              class="entry-message"
              dir="auto"
              role=${long ? 'group' : nothing}
              aria-label=${long ? i18n.format('history.message') : nothing}
              tabindex=${long ? '0' : nothing}
              >${message}</span
            >`
          : nothing
      }
    </div>
  </li>`;
}

/** Who or what moved the campaign. */
function by({ i18n, lifecycle }: HistorySubject, { action, changedBy }: HistoryEntryView): unknown {
  const who = visibleText(changedBy ?? '');
  const verb = action === undefined ? '' : visibleText(actionLabel(i18n, lifecycle, action));
  if (verb) return who ? isolateText(i18n, 'history.actionBy', { action: verb, who }) : verb;
  return who ? isolateText(i18n, 'history.by', { who }) : i18n.format('history.byItself');
}
