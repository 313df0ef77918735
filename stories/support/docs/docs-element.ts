/** What the generated sections of documentation pages share: their look, and tables. */
import { css, html, LitElement, type CSSResult, type TemplateResult } from 'lit';
import { pageStyles } from '../page.styles.ts';

/** A generated section of a documentation page. */
export class DocsElement extends LitElement {
  static override readonly styles: CSSResult[] = [
    pageStyles,
    css`
      :host {
        display: block;
        margin-block: 16px;
        font-size: 14px;
        line-height: 20px;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        inline-size: 100%;
        border-collapse: collapse;
      }
      caption,
      summary {
        padding-block: 12px 6px;
        font-weight: 600;
        text-align: start;
      }
      summary {
        cursor: pointer;
      }
      th,
      td {
        padding: 8px 16px 8px 0;
        border-block-end: 1px solid var(--line);
        text-align: start;
        vertical-align: baseline;
      }
      thead th {
        color: var(--quiet);
        font-size: 12px;
        font-weight: 500;
        white-space: nowrap;
      }
      tbody th {
        font-weight: 400;
      }
      code {
        font:
          12px/18px ui-monospace,
          'SFMono-Regular',
          Menlo,
          Consolas,
          monospace;
        overflow-wrap: anywhere;
      }
      :is(th, td) > code:only-child {
        white-space: nowrap;
      }
      .wrap > code:only-child {
        white-space: normal;
      }
      td:last-child {
        min-inline-size: 12rem;
      }
      .whole > code {
        white-space: nowrap;
      }
      .quiet {
        color: var(--quiet);
      }
      a {
        color: var(--accent);
      }
      h3 {
        margin-block: 24px 4px;
        font-size: 14px;
        font-weight: 600;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('sb-unstyled'); // Storybook's own styles for prose would reach what is slotted.
  }
}

/** A text with code in backticks. */
export function text(markdown = ''): unknown {
  return markdown.split(/`([^`]*)`/).map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}

/** A table that scrolls in itself where it is too wide. The first cell of a row is its header. */
export function table(label: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): TemplateResult {
  return html`<div class="scroll" role="region" aria-label=${label} tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([head, ...cells]) =>
            html`<tr>
              <th scope="row">${head}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A link to another page of this Storybook. @param path such as `docs/foundations-colour--docs` */
export function pageLink(path: string, label: unknown): TemplateResult {
  return html`<a href="./?path=/${path}" target="_top">${label}</a>`;
}
