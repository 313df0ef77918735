/** The words of a confirmation in the present language. Paths are those of an action, such as `python.actions.force-stop`. */
import type { Localizer } from '../../../i18n/index.ts';
import type { Action, Confirmation } from '../../../lifecycle/index.ts';
import type { ConfirmField } from './confirm-dialog.ts';

/** A language's word for the question in this status, else for the action's one question, else the lifecycle's own. */
export function confirmText(
  i18n: Localizer,
  path: string,
  status: string,
  field: keyof Confirmation,
  { [field]: own }: Confirmation,
  params?: Readonly<Record<string, string>>,
): string {
  return i18n.term(`${path}.confirm.${status}.${field}`, i18n.term(`${path}.confirm.${field}`, own), params);
}

/** The field for the text that goes with an action. */
export function confirmField(
  i18n: Localizer,
  path: string,
  { label, options, ...rest }: NonNullable<Action['input']>,
): ConfirmField {
  return {
    ...rest,
    label: i18n.term(`${path}.input.label`, label),
    ...(options
      ? { options: options.map((value) => ({ value, label: i18n.term(`${path}.input.options.${value}`, value) })) }
      : {}),
  };
}
