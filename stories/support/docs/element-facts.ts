/** Sections of an element's page that are made from the manifest: its styling, its API. */
import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { tokens, type DesignToken } from '../../../src/tokens.ts';
import { DocsElement, pageLink, table, text } from './docs-element.ts';
import { docsOf, type ElementDocs } from './manifest.ts';

const tokenProperties = new Set(
  Object.values<DesignToken>(tokens).flatMap(({ property: own, compact }) => [own, compact?.property]),
);

const code = (value: string | undefined): unknown => (value ? html`<code>${value}</code>` : '–');

/** `<story-styling element="campaign-list">`: states for CSS, parts, and custom properties. */
export class StoryStyling extends DocsElement {
  @property() element = '';

  protected override render(): TemplateResult {
    const { cssParts = [], cssStates = [], cssProperties = [] } = docsOf(this.element);
    const own = cssProperties.filter(({ name }) => !tokenProperties.has(name as never));
    const shared = cssProperties.filter(({ name }) => tokenProperties.has(name as never));
    return html`${
        cssStates.length
          ? html`<h3>States</h3>
              ${table(
                'States',
                ['Selector', 'It applies while'],
                cssStates.map(({ name, description }) => [code(`${this.element}:state(${name})`), text(description)]),
              )}`
          : nothing
      }
      <h3>Parts</h3>
      <p class="whole">
        ${cssParts.map(({ name }) => html`<code>::part(${name})</code> `)}
        <span class="quiet">What each is: see Anatomy.</span>
      </p>
      ${
        own.length
          ? html`<h3>Custom properties of its own</h3>
              ${table(
                'Custom properties of its own',
                ['Custom property', 'Default', 'Use'],
                own.map((one) => [code(one.name), code(one.default), text(one.description)]),
              )}`
          : nothing
      }
      <h3>Design tokens that it reads</h3>
      <details>
        <summary>${shared.length} custom properties</summary>
        <p class="whole">${shared.map(({ name }) => html`<code>${name}</code> `)}</p>
      </details>
      <p class="quiet">
        Values and uses: ${pageLink('docs/foundations-colour--docs', 'Foundations')}. Set them on the element or around
        it.
      </p>`;
  }
}

/** `<story-api element="campaign-list">`: attributes, properties, methods, events and slots. */
export class StoryApi extends DocsElement {
  @property() element = '';

  protected override render(): TemplateResult {
    const docs = docsOf(this.element);
    const { events = [], slots = [] } = docs;
    return html`<h3>Attributes and properties</h3>
      ${table('Attributes and properties', ['Property', 'Attribute', 'Type', 'Default', 'What it does'], settings(docs))}
      ${section(
        'Methods',
        ['Method', 'What it does'],
        docs.members
          .filter(({ kind }) => kind === 'method')
          .map(({ name, parameters = [], description }) => [
            code(`${name}(${parameters.map((parameter) => parameter.name).join(', ')})`),
            text(description),
          ]),
      )}
      ${section(
        'Events',
        ['Event', 'Type', 'When'],
        events.map(({ name, type, description }) => [code(name), code(type.text), text(description)]),
      )}
      ${section(
        'Slots',
        ['Slot', 'What goes there'],
        slots.map(({ name, description }) => [name ? code(name) : 'without a name', text(description)]),
      )}`;
  }
}

function section(label: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): unknown {
  return html`<h3>${label}</h3>
    ${rows.length ? table(label, heads, rows) : html`<p class="quiet">None.</p>`}`;
}

function settings({ members }: ElementDocs): readonly (readonly unknown[])[] {
  return members
    .filter(({ kind, static: ofClass }) => kind === 'field' && !ofClass)
    .map(({ name, attribute, type, default: value, readonly, description }) => [
      code(name),
      code(attribute),
      html`<code>${type?.text}</code>`,
      code(value),
      html`${text(description)}${readonly ? ' Read only.' : nothing}`,
    ]);
}

customElements.get('story-styling') ?? customElements.define('story-styling', StoryStyling);
customElements.get('story-api') ?? customElements.define('story-api', StoryApi);
