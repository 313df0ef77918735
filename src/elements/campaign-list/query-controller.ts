import type { ListQuery } from '../../store/types.ts';
import { queryKey } from '../../util/query-key.ts';
import {
  sortedBy,
  widened,
  unfiltered,
  withStatusToggled,
  withStuckToggled,
  withText,
  type SortColumn,
} from './query.ts';

/** Typing is over after this long without a key (ms). */
const TYPING_MS = 150;
/** How many were found is said after this long without another change (ms). */
const FOUND_MS = 500;

/** The list that is asked. */
export interface QueryHost {
  query(): ListQuery;
  /** The user changed the query. */
  setQuery(query: ListQuery): void;
  /** What was asked for has had time to be found. */
  found(): void;
  /** What stands in the search field may be another text now. */
  typed(): void;
}

/** From the user's keys and presses to what is asked for: search, filters and order. */
export class QueryController {
  readonly #list: QueryHost;
  /** The search text as it was typed: with blanks that the query leaves out, and before the query has it. */
  #typed: string | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #found: ReturnType<typeof setTimeout> | undefined;

  constructor(list: QueryHost) {
    this.#list = list;
  }

  /** What stands in the search field. */
  get text(): string {
    const { text = '' } = this.#list.query();
    const typed = this.#typed;
    return typed !== undefined && (this.#typing !== undefined || typed.trim() === text.trim()) ? typed : text;
  }

  /** A key in the search field. @param done the user does not go on typing */
  readonly search = (text: string, done: boolean): void => {
    this.#forget();
    this.#typed = text;
    const apply = (): void => {
      this.#typing = undefined;
      const query = withText(this.#list.query(), text.trim());
      if (queryKey(query) !== queryKey(this.#list.query())) this.#setQuery(query);
    };
    if (done) apply();
    else this.#typing = setTimeout(apply, TYPING_MS);
    this.#list.typed();
  };

  /** A press of a filter; `undefined`: of the one for all. */
  readonly toggle = (status: string | undefined): void => {
    const query = this.#list.query();
    this.#setQuery(status === undefined ? unfiltered(query) : withStatusToggled(query, status));
  };

  /** A press of the filter for stuck campaigns. */
  readonly toggleStuck = (): void => this.#setQuery(withStuckToggled(this.#list.query()));

  /** A press of a column's header. */
  readonly sort = (column: SortColumn): void => this.#list.setQuery(sortedBy(this.#list.query(), column));

  /** Neither searched nor filtered any more. */
  readonly widen = (): void => {
    this.#forget();
    this.#setQuery(widened(this.#list.query()));
  };

  /** Nobody asks any more. */
  rest(): void {
    this.#forget();
    clearTimeout(this.#found);
  }

  #forget(): void {
    clearTimeout(this.#typing);
    this.#typing = this.#typed = undefined;
  }

  #setQuery(query: ListQuery): void {
    this.#list.setQuery(query);
    clearTimeout(this.#found);
    this.#found = setTimeout(() => this.#list.found(), FOUND_MS);
  }
}
