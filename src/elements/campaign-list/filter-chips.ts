import { nothing, type TemplateResult } from 'lit';
import { lookOf, statusWords, stuckLimits, type Lifecycle } from '../../lifecycle/index.ts';
import type { Localizer } from '../../i18n/index.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { keyed } from '../shared/templates/keyed.ts';
import { glyph, icon } from '../shared/templates/icons.ts';
import { statusLabel } from '../shared/text/labels.ts';
import { exactText, html } from '../shared/templates/html.ts';
import { wordTranslation } from '../shared/templates/word-translation.ts';

/** What the chips show, and what they do. */
export interface FilterChips {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
  /** Campaigns per status; `undefined` while nobody knows. */
  readonly counts: ReadonlyMap<string, number> | undefined;
  /** How many campaigns are stuck. */
  readonly stuck: number;
  /** The statuses that are filtered for; empty for all. */
  readonly selected: readonly string[];
  /** Only stuck campaigns are asked for. */
  readonly onlyStuck: boolean;
  /** A status was pressed; `undefined`: all. */
  readonly toggle: (status: string | undefined) => void;
  /** The filter for stuck campaigns was pressed. */
  readonly toggleStuck: () => void;
}

/** A newer backend brings a few words that the table does not know. One that brings many must not push the rows off the screen. */
const MOST_UNKNOWN = 8;

/** The statuses that have a chip: the lifecycle's in its order, then words it does not know, the most frequent ones. */
function chipStatuses({ lifecycle, counts, selected }: FilterChips): readonly string[] {
  const known = statusWords(lifecycle);
  const isUnknown = (status: string): boolean => !known.includes(status);
  const unknown = new Set(selected.filter(isUnknown));
  const byCount = [...(counts ?? [])].sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1));
  for (const [status] of byCount) if (unknown.size < MOST_UNKNOWN && isUnknown(status)) unknown.add(status);
  return [...known, ...[...unknown].sort()];
}

/** A toggle for each status, with how many campaigns it would show, and one for all; one for stuck campaigns if the lifecycle says when they are. */
export function filterChips(chips: FilterChips): TemplateResult {
  const { i18n, lifecycle, counts, stuck, selected, onlyStuck, toggle, toggleStuck } = chips;
  let all = 0;
  for (const count of counts?.values() ?? []) all += count;
  // Every chip keeps room for the largest number there is, so that none moves when a count grows.
  const widest = i18n.number(all);
  const chip = (
    tone: string,
    label: string,
    count: number,
    pressed: boolean,
    shape: TemplateResult | undefined,
    press: () => void,
  ): TemplateResult => html`
    <button
      class="chip"
      part="chip"
      type="button"
      data-tone=${tone}
      aria-pressed=${pressed}
      aria-label=${counts ? i18n.format('list.filter.name', { label, count }) : label}
      @click=${press}
    >
      <span class="mark">${glyph('check')}</span>${shape}<bdi class="word" translate=${wordTranslation()}
        >${exactText(label)}</bdi
      >
      <span class="number" data-widest=${widest}>${counts ? i18n.number(count) : nothing}</span>
    </button>
  `;
  return html`
    <div class="chips" part="filters" role="group" aria-label=${i18n.format('list.filter.label')}>
      ${chip('neutral', i18n.format('list.filter.all'), all, selected.length === 0 && !onlyStuck, undefined, () => toggle(undefined))}
      ${keyed(
        chipStatuses(chips),
        (status) => status,
        (status) =>
          chip(
            lookOf(lifecycle, status).tone,
            visibleText(statusLabel(i18n, lifecycle, status)),
            counts?.get(status) ?? 0,
            selected.includes(status),
            icon(lookOf(lifecycle, status).icon),
            () => toggle(status),
          ),
      )}
      ${
        lifecycle && stuckLimits(lifecycle).size > 0
          ? chip('neutral', i18n.format('list.filter.stuck'), stuck, onlyStuck, glyph('clock'), toggleStuck)
          : nothing
      }
    </div>
  `;
}
