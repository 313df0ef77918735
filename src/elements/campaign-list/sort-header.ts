import { nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ListQuery } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { glyph } from '../shared/templates/icons.ts';
import { html } from '../shared/templates/html.ts';
import { visibleText } from '../shared/text/status-text.ts';
import type { ShownColumn } from './columns/shown-columns.ts';
import type { SortColumn } from './query.ts';
import type { SelectedShare } from './selection-controller.ts';

/** The check box that selects all rows. */
export interface SelectAllBox {
  readonly share: SelectedShare;
  readonly toggle: () => void;
}

/**
 * The header row: a button for each column that the list can be sorted by.
 *
 * @param columns the columns on display
 * @param all in a list whose rows can be selected
 */
export function sortHeader(
  i18n: Localizer,
  columns: readonly ShownColumn[],
  query: ListQuery,
  sort: (column: SortColumn) => void,
  all: SelectAllBox | undefined,
): TemplateResult {
  const by = query.sort ?? 'name';
  return html`
    <div class="head" role="rowgroup">
      <div class="row header" part="header" role="row" aria-rowindex="1">
        ${columns.map((column, index) => {
          if (column === 'select') return selectAll(i18n, all!);
          if (typeof column !== 'string') {
            const { heading, align } = column;
            return plainHeader(align === 'end' ? 'added end' : 'added', visibleText(heading), index);
          }
          const label = i18n.format(`list.column.${column}`);
          if (column === 'action') return plainHeader(column, label, index);
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

function plainHeader(classes: string, label: string, index: number): TemplateResult {
  return html`<div class="cell ${classes}" role="columnheader" aria-colindex=${index + 1} tabindex="-1">
    <span class="value">${label}</span>
  </div>`;
}

function selectAll(i18n: Localizer, { share, toggle }: SelectAllBox): TemplateResult {
  return html`<div class="cell select" role="columnheader" aria-colindex="1">
    <input
      type="checkbox"
      part="select-all"
      data-control
      tabindex="-1"
      aria-label=${i18n.format('list.select.all')}
      .checked=${live(share === 'all')}
      .indeterminate=${live(share === 'some')}
      @click=${toggle}
    />
  </div>`;
}
