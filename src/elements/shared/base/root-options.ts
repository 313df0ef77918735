import { ReactiveElement } from '@lit/reactive-element';

/**
 * A root whose host stands for one control in it: `host.focus()` and a `<label>` of the page reach that control. The label only
 * where the browser knows reference targets; nothing relies on it.
 *
 * @param id of the control
 */
export function delegateFocusTo(id: string): ShadowRootInit {
  return { ...ReactiveElement.shadowRootOptions, delegatesFocus: true, ...{ referenceTarget: id } };
}
