/** The texts of an element, from the English tables and the lifecycles, with the length that each takes in any language. */
import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { en, type Message } from '../../../src/i18n/index.ts';
import { actionEnglish } from '../../../src/i18n/en-action.ts';
import { flows, python, type Lifecycle } from '../../../src/index.ts';
import { english, formsOf, translated } from '../../../test/support/languages.ts';
import { DocsElement, table, text } from './docs-element.ts';

/** Which texts an element's page lists. Each text is on one page: that of the element that shows it first. */
const pages: Readonly<Record<string, (key: string) => boolean>> = {
  'campaign-status-tag': (key) => /^(status|popup|dependency|outlook|link|time)\./.test(key),
  'campaign-action-button': (key) => key in actionEnglish || key.startsWith('confirm.'),
  'campaign-list': (key) => /^(list|bulk|csv|connection|spoken)\./.test(key) && !(key in actionEnglish),
  'campaign-header': (key) => /^(header|history)\./.test(key),
  'recovery-guide': (key) => key.startsWith('guide.'),
  'campaign-log': (key) => key.startsWith('log.'),
  'campaign-provider': (key) => key.startsWith('setup.'),
};

const lifecycles: readonly Lifecycle[] = [flows, python];

/** `<story-words element="campaign-list">` */
export class StoryWords extends DocsElement {
  @property() element = '';

  protected override render(): TemplateResult {
    const rows = Object.entries<Message>(en)
      .filter(([key]) => pages[this.element]?.(key))
      .map(([key, message]) => {
        const { characters, lang } = longestOf(key);
        return [
          html`<span data-key=${key}>${formsOf(message)['other']}</span>`,
          html`<code>${key}</code>`,
          html`${characters} <span class="quiet">(${lang})</span>`,
        ];
      });
    return html`${ofLifecycles(this.element)}
      <details>
        <summary>All ${rows.length} texts of this element, and their lengths</summary>
        ${table('All texts of this element', ['English', 'Key', 'Most characters'], rows)}
      </details>`;
  }
}

/** How many characters a text has in the language in which it is longest. */
function longestOf(key: string): { readonly characters: number; readonly lang: string } {
  const lengths = [english, ...Object.values(translated)].map(({ lang, messages }) => ({
    lang,
    characters: Math.max(
      ...Object.values(formsOf((messages as Readonly<Record<string, Message>>)[key]!)).map((form) => form.length),
    ),
  }));
  return lengths.reduce((longest, other) => (other.characters > longest.characters ? other : longest));
}

/** The words that come from the table of a system. */
function ofLifecycles(element: string): unknown {
  if (element === 'campaign-status-tag')
    return lifecycles.map(({ label, statuses }) =>
      captioned(
        `Statuses of ${label}`,
        ['Label', 'Without a message, the tag says', 'What to do'],
        Object.values(statuses).map(({ label: status, meaning, next }) => [status, meaning, next]),
      ),
    );
  if (element === 'campaign-action-button')
    return lifecycles.map(({ label, actions, prerequisites = {} }) => [
      captioned(
        `Actions of ${label}`,
        ['Button', 'While the request is under way'],
        Object.values(actions).map(({ label: verb, pending }) => [verb, `${pending}…`]),
      ),
      captioned(
        `Why ${label} can’t be started yet`,
        ['What is missing', 'What the button says'],
        Object.values(prerequisites).map(({ label: what, missing }) => [what, missing]),
      ),
    ]);
  if (element === 'recovery-guide')
    return lifecycles.map(({ label, recovery = {} }) =>
      captioned(
        `Steps of ${label}`,
        ['Step', 'Text'],
        Object.values(recovery)
          .flatMap((steps) => steps ?? [])
          .map(({ text: step }, index) => [index + 1, step]),
      ),
    );
  return nothing;
}

function captioned(caption: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): TemplateResult {
  return html`<h3>${text(caption)}</h3>
    ${table(caption, heads, rows)}`;
}

customElements.get('story-words') ?? customElements.define('story-words', StoryWords);
