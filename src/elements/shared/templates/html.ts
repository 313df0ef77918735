/**
 * Templates that hold on a page that replaces text nodes, as page translators and highlighters do. Lit goes on writing into a
 * text node that is no longer there, and where a text follows a value it takes the text node for the end of that value.
 */
import { html as litHtml, noChange, type TemplateResult } from 'lit';
import { type ChildPart, directive, Directive } from 'lit/directive.js';
import { setCommittedValue } from 'lit/directive-helpers.js';

/** Lit's `html`, but a value that changes takes its place whatever has become of the text nodes there. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult {
  const template = templateOf(strings);
  return litHtml(template.strings, ...values.map((value, index) => (template.isText[index] ? ownText(value) : value)));
}

/** A text that each update puts back if the page has made another of it: a status word, or the verb of an action. */
export function exactText(text: string): unknown {
  return textDirective(text, true);
}

function ownText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownText);
  return typeof value === 'string' || typeof value === 'number' ? textDirective(value, false) : value;
}

class TextDirective extends Directive {
  #shown: string | number | undefined;

  override render(text: string | number, _exact: boolean): unknown {
    return text;
  }

  override update(part: ChildPart, [text, exact]: Parameters<this['render']>): unknown {
    // A text that has not changed may stay translated.
    if (text === this.#shown && !(exact && textIn(part) !== text)) return noChange;
    // Lit then takes away whatever stands there, and makes a new text node.
    if (this.#shown !== undefined) setCommittedValue(part);
    this.#shown = text;
    return text;
  }
}
const textDirective = directive(TextDirective);

function textIn({ startNode, endNode }: ChildPart): string {
  let text = '';
  for (let node = startNode?.nextSibling ?? null; node && node !== endNode; node = node.nextSibling)
    text += node.textContent;
  return text;
}

interface Template {
  readonly strings: TemplateStringsArray;
  /** Whether the value at an index stands between tags, and not in one. */
  readonly isText: readonly boolean[];
}
const templates = new WeakMap<TemplateStringsArray, Template>();

/** The template in which a comment ends each value that a text follows. */
function templateOf(strings: TemplateStringsArray): Template {
  let template = templates.get(strings);
  if (!template) {
    let inTag = false;
    const isText = strings.map((piece) => {
      const bracket = /[<>](?=[^<>]*$)/.exec(piece)?.[0];
      if (bracket) inTag = bracket === '<';
      return !inTag;
    });
    const pieces = strings.map((piece, index) =>
      isText[index - 1] && /^[^<]/.test(piece) ? `<!---->${piece}` : piece,
    );
    template = { strings: Object.assign(pieces, { raw: pieces }), isText };
    templates.set(strings, template);
  }
  return template;
}
