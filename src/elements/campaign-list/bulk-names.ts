import { nothing, type TemplateResult } from 'lit';
import type { Localizer } from '../../i18n/index.ts';
import type { CampaignStore } from '../../store/types.ts';
import { html } from '../shared/templates/html.ts';
import { visibleText } from '../shared/text/status-text.ts';

/** So many names are listed at first. */
export const FIRST_NAMES = 100;
/** So many more are listed with each press. */
const MORE_NAMES = 1000;

/** The campaigns whose names are listed. */
export interface NamedCampaigns {
  readonly i18n: Localizer;
  readonly store: CampaignStore | undefined;
  readonly system: string;
  readonly ids: readonly string[];
  /** How many of them are listed now. */
  readonly listed: number;
  /** Lists so many. */
  readonly list: (count: number) => void;
}

/** The names of campaigns, in a box that scrolls. Long lists are bounded: the rest is counted, and can be listed too. */
export function campaignNames({ i18n, store, system, ids, listed, list }: NamedCampaigns): TemplateResult {
  const rest = ids.length - listed;
  return html`
    <ul class="names" part="bulk-names" role="list" tabindex="0" aria-label=${i18n.format('bulk.names')}>
      ${ids.slice(0, listed).map((id) => {
        const shown = visibleText(id);
        const name = visibleText(store?.campaign({ system, id }).value.name ?? '') || shown;
        return html`<li><bdi>${name}</bdi>${name === shown ? nothing : html` <bdi class="meta">${shown}</bdi>`}</li>`;
      })}
    </ul>
    ${
      rest > 0
        ? html`<p class="rest-names">
            <span>${i18n.format('bulk.rest', { count: rest })}</span>
            <button
              class="button small"
              part="bulk-more"
              type="button"
              @click=${() => list(listed + Math.min(rest, MORE_NAMES))}
            >
              ${i18n.format('bulk.more', { count: Math.min(rest, MORE_NAMES) })}
            </button>
          </p>`
        : nothing
    }
  `;
}
