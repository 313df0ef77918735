import { nothing, type TemplateResult } from 'lit';
import type { Localizer } from '../../i18n/index.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { BulkGroup, BulkProgress, BulkRun, CampaignStore } from '../../store/types.ts';
import { keyed } from '../shared/templates/keyed.ts';
import { glyph, type Glyph } from '../shared/templates/icons.ts';
import { html } from '../shared/templates/html.ts';
import { actionLabel, reasonText } from '../shared/text/labels.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { campaignNames, FIRST_NAMES } from './bulk-names.ts';

/** The order in which outcomes are listed: what needs the user first. */
const OUTCOMES = ['failed', 'uncertain', 'unsent', 'skipped', 'done', 'pending'] as const;
/** Reasons may be the backend's own sentences: of one outcome, so many are listed apart. */
const MOST_REASONS = 20;

const LOOKS: Readonly<Record<BulkGroup['outcome'], { readonly glyph: Glyph; readonly tone: string }>> = {
  done: { glyph: 'check', tone: 'green' },
  failed: { glyph: 'error', tone: 'red' },
  uncertain: { glyph: 'clock', tone: 'amber' },
  unsent: { glyph: 'warning', tone: 'amber' },
  skipped: { glyph: 'info', tone: 'neutral' },
};

/** What the panel shows, and what it does. */
export interface BulkPanel {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
  readonly store: CampaignStore;
  readonly run: BulkRun;
  readonly progress: BulkProgress;
  /** What is known of each campaign; empty while requests are being sent. */
  readonly groups: readonly BulkGroup[];
  /** How many names of an opened group are listed, by {@link groupKey}. */
  readonly opened: ReadonlyMap<string, number>;
  /** Lists so many names of a group; 0 closes it. */
  readonly open: (key: string, count: number) => void;
  readonly cancel: () => void;
  readonly resume: () => void;
  readonly close: () => void;
}

/** How many campaigns have an outcome. */
export function finished({ counts, total }: BulkProgress): number {
  return total - counts.pending - counts.unsent;
}

/** The outcomes with their counts, without those that no campaign has. */
export function outcomeTexts(i18n: Localizer, { counts }: BulkProgress): readonly string[] {
  return OUTCOMES.flatMap((outcome) =>
    counts[outcome] > 0 ? i18n.format(`bulk.outcome.${outcome}`, { count: counts[outcome] }) : [],
  );
}

/** Groups in the order in which they are listed; further reasons of an outcome come together, without a reason. */
export function arranged(groups: readonly BulkGroup[]): readonly BulkGroup[] {
  return OUTCOMES.flatMap((outcome) => {
    const own = groups
      .filter((group) => group.outcome === outcome)
      .sort((one, other) => other.ids.length - one.ids.length);
    const rest = own.splice(MOST_REASONS).flatMap(({ ids }) => ids);
    return rest.length > 0 ? [...own, { outcome: own[0]!.outcome, ids: rest }] : own;
  });
}

/** Names a group: it stays opened while its campaigns change. */
function groupKey({ outcome, reason }: BulkGroup): string {
  return JSON.stringify([outcome, reason?.code, reason?.what, reason?.text]);
}

/** How far an action on several campaigns has come, and what became of each of them. */
export function bulkPanel(panel: BulkPanel): TemplateResult {
  const { i18n, lifecycle, run, progress, groups } = panel;
  const { state, stopped, total, counts } = progress;
  const verb = actionLabel(i18n, lifecycle, run.action);
  const reached = state === 'ended' ? [] : [i18n.format('bulk.progress', { finished: finished(progress), total })];
  const summary = i18n.list([...reached, ...outcomeTexts(i18n, progress)]);
  return html`
    <section class="bulk" part="bulk" aria-labelledby="bulk-title">
      <div class="bulk-head">
        <p class="bulk-title" id="bulk-title" part="bulk-title" tabindex="-1">
          ${i18n.format('bulk.title', { verb, count: total })}
        </p>
        <p class="bulk-summary" part="bulk-summary">${summary}</p>
        ${
          state === 'sending'
            ? html`<button class="button small" part="bulk-cancel" type="button" @click=${panel.cancel}>
                ${i18n.format('bulk.cancel')}
              </button>`
            : html`${
                  stopped
                    ? html`<button class="button small" part="bulk-continue" type="button" @click=${panel.resume}>
                        ${i18n.format('bulk.continue', { count: counts.unsent })}
                      </button>`
                    : nothing
                }<button class="button small bare" part="bulk-close" type="button" @click=${panel.close}>
                  ${i18n.format('bulk.close')}
                </button>`
        }
      </div>
      ${
        state === 'ended'
          ? nothing
          : html`<progress
              part="bulk-progress"
              max=${total}
              .value=${finished(progress)}
              aria-labelledby="bulk-title"
            ></progress>`
      }
      ${
        stopped
          ? html`<p class="note says" part="bulk-stopped">
              ${glyph('warning')}<span>${i18n.format(`bulk.${stopped}`, { count: counts.unsent })}</span>
            </p>`
          : nothing
      }
      ${
        groups.length > 0
          ? html`<ul class="groups" role="list">
              ${keyed(groups, groupKey, (group) => groupTemplate(panel, group))}
            </ul>`
          : nothing
      }
    </section>
  `;
}

function groupTemplate(panel: BulkPanel, group: BulkGroup): TemplateResult {
  const { i18n, lifecycle, store, run, opened, open } = panel;
  const { outcome, reason, ids } = group;
  const key = groupKey(group);
  const listed = Math.min(opened.get(key) ?? 0, ids.length);
  const count = i18n.format(`bulk.outcome.${outcome}`, { count: ids.length });
  const text = reason
    ? i18n.format('bulk.group', { outcome: count, reason: visibleText(reasonText(i18n, lifecycle, reason)) })
    : count;
  const { glyph: sign, tone } = LOOKS[outcome];
  return html`<li class="group" part="bulk-group" data-tone=${tone}>
    <button
      class="button small bare"
      part="bulk-toggle"
      type="button"
      aria-expanded=${listed > 0 ? 'true' : 'false'}
      @click=${() => open(key, listed > 0 ? 0 : FIRST_NAMES)}
    >
      ${glyph(sign)}<span class="says">${text}</span><span class="chevron">${glyph('chevron')}</span>
    </button>
    ${
      listed > 0
        ? campaignNames({ i18n, store, system: run.system, ids, listed, list: (next) => open(key, next) })
        : nothing
    }
  </li>`;
}
