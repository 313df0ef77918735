import { nothing, type TemplateResult } from 'lit';
import type { Connection, ListQuery, ListView } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { glyph, type Glyph } from '../shared/templates/icons.ts';
import { connectionStatus } from '../shared/text/labels.ts';
import { html } from '../shared/templates/html.ts';
import { blockedBy, causeText } from './connection-note.ts';
import { isNarrowed } from './query.ts';

/** Why there are no rows, or not yet all. */
export type PlaceholderKind = 'loading' | 'more' | 'blocked' | 'failed' | 'filtered' | 'empty';

/** What is missing from a list; `undefined` when all is there. @param shown how many rows are on screen */
export function placeholderKind(
  view: ListView | undefined,
  connection: Connection | undefined,
  query: ListQuery,
  shown: number,
): PlaceholderKind | undefined {
  const trouble = connection && (connection.cause !== undefined || connectionStatus(connection) === 'lost');
  if (shown > 0) return view?.complete || trouble ? undefined : 'more';
  if (connection && blockedBy(connection)) return 'blocked';
  if (!view?.complete) return trouble ? 'failed' : 'loading';
  return isNarrowed(query) ? 'filtered' : 'empty';
}

const glyphs: Readonly<Record<PlaceholderKind, Glyph>> = {
  loading: 'clock',
  more: 'clock',
  blocked: 'lock',
  failed: 'warning',
  filtered: 'search',
  empty: 'info',
};

/** The row that says so, with the one thing to do about it. */
export function placeholderRow(
  i18n: Localizer,
  gap: PlaceholderKind,
  connection: Connection | undefined,
  place: { readonly rowIndex: number; readonly columns: number },
  act: { readonly retry: () => void; readonly widen: () => void },
): TemplateResult {
  const [text, label, press] = contents(i18n, gap, connection, act);
  const detail = (gap === 'blocked' || gap === 'failed') && connection ? causeText(i18n, connection) : '';
  const message = html`
    ${glyph(glyphs[gap])}
    <p class="words">${text}${detail ? html` <span class="detail">${detail}</span>` : nothing}</p>
    <button class="button small" part="gap-action" type="button" data-control tabindex="-1" @click=${press}>
      ${label}
    </button>
  `;
  return html`
    <div role="rowgroup">
      <div class="gap ${gap}" part="gap" role="row" aria-rowindex=${place.rowIndex}>
        <div class="cell" role="gridcell" aria-colindex="1" aria-colspan=${place.columns}>
          ${gap === 'empty' ? html`<slot name="empty">${message}</slot>` : message}
        </div>
      </div>
    </div>
  `;
}

function contents(
  i18n: Localizer,
  gap: PlaceholderKind,
  connection: Connection | undefined,
  { retry, widen }: { readonly retry: () => void; readonly widen: () => void },
): readonly [text: string, label: string, press: () => void] {
  switch (gap) {
    case 'loading':
      return [i18n.format('list.loading'), i18n.format('list.retry'), retry];
    case 'more':
      return [i18n.format('list.loading.more'), i18n.format('list.retry'), retry];
    case 'failed':
      return [i18n.format('list.failed'), i18n.format('list.retry'), retry];
    case 'blocked':
      return [
        i18n.format(`list.blocked.${(connection && blockedBy(connection)) ?? 'misconfigured'}`),
        i18n.format('list.retry'),
        retry,
      ];
    case 'filtered':
      return [i18n.format('list.empty.filtered'), i18n.format('list.empty.clear'), widen];
    case 'empty':
      return [i18n.format('list.empty'), i18n.format('list.empty.again'), retry];
  }
}
