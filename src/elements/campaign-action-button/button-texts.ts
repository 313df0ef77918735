/** The words on a button, and why it can't be pressed. */
import type { Localizer } from '../../i18n/index.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { Reason } from '../../store/types.ts';
import { actionLabel, reasonText } from '../shared/text/labels.ts';
import { visibleText } from '../shared/text/status-text.ts';

/** What texts are made with. */
export interface TextSource {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
}

/** The verb of an action; "No action" for none. */
export function verbText({ i18n, lifecycle }: TextSource, action: string, form: 'label' | 'pending' = 'label'): string {
  return action ? actionLabel(i18n, lifecycle, action, form) : i18n.format('action.none');
}

/** Why an action can't be taken. */
export function obstacleText({ i18n, lifecycle }: TextSource, reason: Reason): string {
  return visibleText(reasonText(i18n, lifecycle, reason));
}

/** Says that the button was another one when the press began. */
export function surpriseText(source: TextSource, action: string): string {
  return source.i18n.format('action.justChanged', { verb: verbText(source, action) });
}

/** What stands before and after the verb in the name of an action: for a screen reader, the campaign. */
export function aroundVerb(i18n: Localizer, name: string): readonly [before: string, after: string] {
  const [before = '', after = ''] = name ? i18n.format('action.name', { verb: '\0', name }).split('\0') : [];
  return [before, after];
}

/** What the menu is called, with the campaign's name if it has one. */
export function menuName(i18n: Localizer, name: string): string {
  return name ? i18n.format('action.more.name', { name }) : i18n.format('action.more');
}
