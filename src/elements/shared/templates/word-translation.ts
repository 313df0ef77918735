import { nothing } from 'lit';
import { type AttributePart, directive, Directive } from 'lit/directive.js';
import { keepsWords } from '../text/word-translation.ts';

class WordTranslation extends Directive {
  override render(): unknown {
    return 'no';
  }

  override update({ options }: AttributePart): unknown {
    return options?.host instanceof Element && !keepsWords(options.host) ? nothing : 'no';
  }
}

/** For the attribute `translate` of a status word or a verb in a template, see {@link keepsWords}. */
export const wordTranslation = directive(WordTranslation);
