import { nothing, type TemplateResult } from 'lit';
import type { ListQuery } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { glyph } from '../shared/templates/icons.ts';
import { html } from '../shared/templates/html.ts';
import { COLUMNS } from './campaign-row.ts';
import type { SortColumn } from './query.ts';

/** The header row: a button for each column that the list can be sorted by. */
export function sortHeader(i18n: Localizer, query: ListQuery, sort: (column: SortColumn) => void): TemplateResult {
  const by = query.sort ?? 'name';
  return html`
    <div class="head" role="rowgroup">
      <div class="row header" part="header" role="row" aria-rowindex="1">
        ${COLUMNS.map((column, index) => {
          const label = i18n.format(`list.column.${column}`);
          if (column === 'action')
            return html`<div class="cell ${column}" role="columnheader" aria-colindex=${index + 1} tabindex="-1">
              <span>${label}</span>
            </div>`;
          const order = column === by ? (query.descending ? 'descending' : 'ascending') : undefined;
          return html`<div
            class="cell ${column}"
            role="columnheader"
            aria-colindex=${index + 1}
            aria-sort=${order ?? nothing}
          >
            <button class="sort" part="sort" type="button" data-control tabindex="-1" @click=${() => sort(column)}>
              <span>${label}</span>${glyph('down')}
            </button>
          </div>`;
        })}
      </div>
    </div>
  `;
}
