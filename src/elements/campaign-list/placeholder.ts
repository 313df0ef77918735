import { html, nothing, type TemplateResult } from 'lit';
import type { Connection, ListQuery, ListView } from '../../store/types.ts';
import type { Words } from '../../i18n/index.ts';
import { glyph, type Glyph } from '../shared/templates/glyphs.ts';
import { connectionWord } from '../shared/text/labels.ts';
import { blockedBy, causeText } from './connection-note.ts';
import { isNarrowed } from './query.ts';

/** Why there are no rows, or not yet all. */
export type Gap = 'loading' | 'more' | 'blocked' | 'failed' | 'filtered' | 'empty';

/** What is missing from a list; `undefined` when all is there. @param shown how many rows are on screen */
export function gapOf(
  view: ListView | undefined,
  connection: Connection | undefined,
  query: ListQuery,
  shown: number,
): Gap | undefined {
  const trouble = connection && (connection.cause !== undefined || connectionWord(connection) === 'lost');
  if (shown > 0) return view?.complete || trouble ? undefined : 'more';
  if (connection && blockedBy(connection)) return 'blocked';
  if (!view?.complete) return trouble ? 'failed' : 'loading';
  return isNarrowed(query) ? 'filtered' : 'empty';
}

const glyphs: Readonly<Record<Gap, Glyph>> = {
  loading: 'clock',
  more: 'clock',
  blocked: 'lock',
  failed: 'warning',
  filtered: 'search',
  empty: 'info',
};

/** The row that says so, with the one thing to do about it. */
export function gapRow(
  words: Words,
  gap: Gap,
  connection: Connection | undefined,
  place: { readonly rowIndex: number; readonly columns: number },
  act: { readonly retry: () => void; readonly widen: () => void },
): TemplateResult {
  const [text, label, press] = contents(words, gap, connection, act);
  const detail = (gap === 'blocked' || gap === 'failed') && connection ? causeText(words, connection) : '';
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
  words: Words,
  gap: Gap,
  connection: Connection | undefined,
  { retry, widen }: { readonly retry: () => void; readonly widen: () => void },
): readonly [text: string, label: string, press: () => void] {
  switch (gap) {
    case 'loading':
      return [words.say('list.loading'), words.say('list.retry'), retry];
    case 'more':
      return [words.say('list.loading.more'), words.say('list.retry'), retry];
    case 'failed':
      return [words.say('list.failed'), words.say('list.retry'), retry];
    case 'blocked':
      return [
        words.say(`list.blocked.${(connection && blockedBy(connection)) ?? 'misconfigured'}`),
        words.say('list.retry'),
        retry,
      ];
    case 'filtered':
      return [words.say('list.empty.filtered'), words.say('list.empty.clear'), widen];
    case 'empty':
      return [words.say('list.empty'), words.say('list.empty.again'), retry];
  }
}
