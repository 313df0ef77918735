import type { Localizer } from '../../../i18n/index.ts';
import type { CampaignView } from '../../../store/types.ts';
import { text } from '../../shared/base/converters.ts';
import type { ListColumn } from './list-column.ts';

/** Calls what a host has written for its columns. A function that throws has no effect beyond its own cell. */
export class ColumnTexts {
  readonly #element: string;
  readonly #i18n: () => Localizer;
  /** The columns that have failed, by key. */
  readonly #failed = new Set<string>();

  /** @param element named in reports */
  constructor(element: string, i18n: () => Localizer) {
    this.#element = element;
    this.#i18n = i18n;
  }

  /** What a column says about a campaign, or that this can't be shown. */
  readonly textOf = (column: ListColumn, view: CampaignView): string => {
    try {
      return text(column.text(view));
    } catch (error) {
      this.report(column, error);
      return this.#i18n().format('list.cell.failed');
    }
  };

  /** A function of a column has thrown. The first error of each column goes to the console. */
  readonly report = ({ key }: ListColumn, error: unknown): void => {
    if (this.#failed.has(key)) return;
    this.#failed.add(key);
    console.error(`<${this.#element}>: the column "${key}" threw; its next errors are not reported`, error);
  };
}
