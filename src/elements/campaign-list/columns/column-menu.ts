import type { ReactiveElement } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Localizer } from '../../../i18n/index.ts';
import type { Announce } from '../../shared/a11y/announce.ts';
import { Popup, type PopupContent } from '../../shared/popup/popup.ts';
import { html } from '../../shared/templates/html.ts';
import { keyed } from '../../shared/templates/keyed.ts';
import { visibleText } from '../../shared/text/status-text.ts';
import type { ListColumn } from './list-column.ts';
import { hideableColumns, keyOf } from './shown-columns.ts';

/** What can be chosen in the menu. */
export interface ColumnChoice {
  readonly i18n: Localizer;
  readonly announce: Announce;
  readonly added: readonly ListColumn[];
  readonly isShown: (key: string) => boolean;
  readonly toggle: (key: string) => void;
}

/** The popup of the button "Columns": a check box for each column that can be hidden. @param choice read with each update of the list */
export function columnMenu(list: ReactiveElement, choice: () => ColumnChoice): Popup {
  return new Popup(list, (_trigger, mode) => (mode === 'pinned' ? menuContent(choice()) : undefined));
}

function menuContent({ i18n, announce, added, isShown, toggle }: ColumnChoice): PopupContent {
  const label = i18n.format('list.columns');
  const body = keyed(
    hideableColumns(added),
    keyOf,
    (column) => html`
      <label class="check" part="column">
        <input type="checkbox" .checked=${live(isShown(keyOf(column)))} @change=${() => toggle(keyOf(column))} />
        <span>${typeof column === 'string' ? i18n.format(`list.column.${column}`) : visibleText(column.heading)}</span>
      </label>
    `,
  );
  return { i18n, announce, label, head: label, body };
}
