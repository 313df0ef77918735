import { nothing } from 'lit';
import { type AttributePart, directive, Directive } from 'lit/directive.js';

class WordTranslation extends Directive {
  override render(): unknown {
    return 'no';
  }

  override update({ options }: AttributePart): unknown {
    for (let host = options?.host; host instanceof Element; host = hostOf(host))
      if (/^(yes)?$/i.test(host.getAttribute('translate') ?? 'no')) return nothing;
    return 'no';
  }
}

/**
 * For the attribute `translate` of a status word or a verb: `no`, so that page translators leave alone what must match tone and
 * action, unless the host has set `translate="yes"` on the element.
 */
export const wordTranslation = directive(WordTranslation);

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}
