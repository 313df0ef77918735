/** The design tokens of one page of Foundations: name, values and use of each, from the token source. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { tokens, type DesignToken } from '../../../src/tokens.ts';
import { DocsElement, text } from './docs-element.ts';

const all: readonly (readonly [string, DesignToken])[] = Object.entries<DesignToken>(tokens);

/** `<story-token-list names="color.">`: the tokens whose names begin with one of these texts, separated by spaces. */
export class StoryTokenList extends DocsElement {
  static override readonly styles = [
    ...DocsElement.styles,
    css`
      dl {
        display: grid;
        gap: 0;
        margin: 0;
      }
      .token {
        display: grid;
        grid-template-columns: minmax(0, 15rem) minmax(0, 1fr);
        gap: 4px 24px;
        padding-block: 12px;
        border-block-end: 1px solid var(--line);
      }
      dd {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      .values {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9.25rem, 1fr));
        gap: 6px 8px;
      }
      .values.long {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 24px;
      }
      .value {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        gap: 0 8px;
      }
      .value > span {
        font-size: 12px;
        line-height: 16px;
        color: var(--quiet);
      }
      .value > code {
        grid-column: -2;
      }
      .sample {
        grid-row: 1 / span 2;
        inline-size: 32px;
        block-size: 32px;
        border: 1px solid var(--edge);
        border-radius: 6px;
        forced-color-adjust: none;
      }
      .sample[data-of='length'] {
        inline-size: auto;
        block-size: 12px;
        border: 0;
        border-radius: 2px;
        background: var(--accent);
      }
      .sample[data-of='radius'] {
        border-end-end-radius: 0;
        border-inline-end-color: transparent;
        border-block-end-color: transparent;
      }
      .sample[data-of='shadow'] {
        margin: 8px 16px 16px 8px;
        inline-size: 96px;
        block-size: 48px;
        border-color: transparent;
        background: var(--raised);
      }
      .sample[data-of='text'] {
        inline-size: auto;
        block-size: auto;
        border: 0;
      }
      @media (max-width: 40rem) {
        .token {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property() names = '';

  protected override render(): TemplateResult {
    const prefixes = this.names.split(' ');
    return html`<dl>
      ${all.filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix))).map(([name, token]) => row(name, token))}
    </dl>`;
  }
}

function row(name: string, token: DesignToken): TemplateResult {
  const { property: custom, use, compact } = token;
  const values = [
    ...valuesOf(token, compact ? 'Comfortable' : 'Every theme'),
    ...(token.moreContrast ? valuesOf(token.moreContrast, 'More contrast', ', more contrast') : []),
  ];
  return html`<div class="token" data-token=${name}>
    <dt>
      ${custom ? html`<code>${custom}</code>` : html`<code>${name}</code> <span class="quiet">(of your page)</span>`}
    </dt>
    <dd>
      <span class="use">${text(use)}</span>
      <div class="values ${values.every(([, css]) => css.startsWith('#')) ? '' : 'long'}">
        ${values.map(([mode, css]) => value(name, mode, css))}
        ${compact ? value(name, html`Compact, <code>${compact.property}</code>`, compact.value) : nothing}
      </div>
    </dd>
  </div>`;
}

/** The value of each theme; one value, called `both`, where the theme makes no difference. */
function valuesOf(
  { light, dark }: { readonly light: string; readonly dark: string },
  both: string,
  suffix = '',
): [string, string][] {
  if (light === dark) return [[both, light]];
  return [
    [`Light${suffix}`, light],
    [`Dark${suffix}`, dark],
  ];
}

function value(name: string, mode: unknown, css: string): TemplateResult {
  return html`<div class="value">${sample(name, css)}<span>${mode}</span><code>${css}</code></div>`;
}

/** What a value looks like. */
function sample(name: string, css: string): unknown {
  const draw = (of: string, style: string, content: unknown = nothing): TemplateResult =>
    html`<span class="sample" data-of=${of} .style=${style} aria-hidden="true">${content}</span>`;
  if (css.startsWith('#')) return draw('color', `background: ${css}`);
  if (name.startsWith('radius')) return draw('radius', `border-start-start-radius: ${css}`);
  if (name.startsWith('shadow')) return draw('shadow', `box-shadow: ${css}`);
  if (/^(size|space)\./.test(name)) return draw('length', `inline-size: ${css}`);
  if (name === 'font.size') return draw('text', `font-size: ${css}`, 'Aa');
  if (name === 'font.mono') return draw('text', `font-family: ${css}`, 'Aa');
  return nothing;
}

customElements.get('story-token-list') ?? customElements.define('story-token-list', StoryTokenList);
