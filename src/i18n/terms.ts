import type { flowsDefinition } from '../lifecycle/flows.ts';
import type { pythonDefinition } from '../lifecycle/python.ts';
import type { Confirmation, Lifecycle } from '../lifecycle/types.ts';

/** The fields of a lifecycle that are shown or announced. */
type TextField = 'label' | 'meaning' | 'next' | 'pending' | 'missing' | 'title' | 'text';

/** The paths of all texts in a definition. A step of a list is named by its id. */
type TextPath<T, Path extends string> = T extends readonly (infer Item)[]
  ? Item extends { readonly id: infer Id extends string }
    ? TextPath<Item, `${Path}.${Id}`>
    : never
  : T extends object
    ? {
        [K in keyof T & string]: K extends TextField ? `${Path}.${K}` : TextPath<T[K], `${Path}.${K}`>;
      }[keyof T & string]
    : never;

/** The path of a text in one of the kit's own lifecycles, such as `flows.statuses.active.label`. */
export type TermKey = TextPath<typeof flowsDefinition, 'flows'> | TextPath<typeof pythonDefinition, 'python'>;

/**
 * All texts of a lifecycle by their paths: the keys that `terms` of a translation uses, and the lifecycle's own texts. A
 * confirmation that is the same in every status is listed once.
 */
export function termsOf(lifecycle: Lifecycle): Record<string, string> {
  const { system, statuses, actions, prerequisites = {}, recovery = {} } = lifecycle;
  const terms: Record<string, string> = { [`${system}.label`]: lifecycle.label };
  const add = (path: string, texts: Readonly<Record<string, string | undefined>>): void => {
    for (const field in texts) if (texts[field] !== undefined) terms[`${system}.${path}.${field}`] = texts[field];
  };
  for (const word in statuses) {
    const { label, meaning, next } = statuses[word]!;
    add(`statuses.${word}`, { label, meaning, next });
  }
  for (const word in actions) {
    const { label, pending, confirm, input } = actions[word]!;
    add(`actions.${word}`, { label, pending });
    for (const [path, texts] of confirmations(confirm)) add(`actions.${word}.${path}`, texts);
    if (input) add(`actions.${word}.input`, { label: input.label });
    for (const option of input?.options ?? []) add(`actions.${word}.input.options`, { [option]: option });
  }
  for (const word in prerequisites) {
    const { label, missing } = prerequisites[word]!;
    add(`prerequisites.${word}`, { label, missing });
  }
  for (const status in recovery)
    for (const { id, text } of recovery[status] ?? []) add(`recovery.${status}.${id}`, { text });
  return terms;
}

function confirmations(
  byStatus: Readonly<Record<string, Confirmation | undefined>>,
): [string, Record<string, string>][] {
  const all = Object.entries(byStatus).flatMap(([status, confirmation]): [string, Record<string, string>][] =>
    confirmation
      ? [[`confirm.${status}`, { title: confirmation.title, text: confirmation.text, label: confirmation.label }]]
      : [],
  );
  const distinct = new Set(all.map(([, texts]) => JSON.stringify(texts)));
  return distinct.size === 1 ? [['confirm', all[0]![1]]] : all;
}
