import { css, html, LitElement, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { flows, python } from '../../src/index.ts';
import { tokens } from '../../src/tokens.ts';
import { contrastBudgets, type Budget } from '../../test/support/elements/contrast-budgets.ts';
import { surface, themes, tonesOf, type SurfaceName, type Theme } from '../../test/support/elements/palette.ts';
import { pageStyles } from './page.styles.ts';

/** What a designer chooses. */
const choices = {
  surface: 'Surface',
  text: 'Text',
  accent: 'Accent',
  link: 'Links',
} as const;
type Choice = keyof typeof choices;
type Choices = Readonly<Record<Choice, string>>;

/** How much of the text's colour is in what follows from surface and text. */
const SHARES = { subtle: 0.04, line: 0.16, control: 0.56, muted: 0.74 } as const;

const HEX = /^#[0-9a-f]{6}$/i;

/** Part of the way from one colour to another. */
function mix(from: string, to: string, share: number): string {
  const channel = (hex: string, at: number): number => parseInt(hex.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

type BrandColor = 'raised' | 'text' | 'accent' | 'link' | keyof typeof SHARES;

/** The colours of a brand, from those that were chosen. */
function brandOf({ surface: raised, text, accent, link }: Choices): Readonly<Record<BrandColor, string>> {
  const mixed = Object.entries(SHARES).map(([name, share]) => [name, mix(raised, text, share)]);
  return { raised, text, accent, link, ...(Object.fromEntries(mixed) as Record<keyof typeof SHARES, string>) };
}

const property = (name: SurfaceName): string => tokens[`color.${name}` as const].property;

/** Chooses the colours of a brand, measures them and gives the CSS. For stories. */
export class StoryBrandEditor extends LitElement {
  static override readonly styles = [
    pageStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 20rem) minmax(0, 1fr);
        gap: 24px 40px;
        container-type: inline-size;
      }
      .intro,
      .wide {
        grid-column: 1 / -1;
      }
      h1 {
        font-size: 20px;
        font-weight: 600;
        line-height: 28px;
      }
      h2 {
        margin-block-end: 8px;
        font-size: 14px;
        font-weight: 600;
      }
      .intro p {
        max-inline-size: 60ch;
        margin-block-start: 4px;
        color: var(--quiet);
      }
      fieldset + fieldset {
        margin-block-start: 16px;
      }
      legend {
        padding-block-end: 6px;
        font-weight: 600;
      }
      .field {
        display: grid;
        grid-template-columns: 5rem 40px minmax(0, 1fr);
        gap: 8px;
        align-items: center;
        min-block-size: 36px;
      }
      .field input {
        inline-size: 100%;
        block-size: 28px;
        padding: 2px 8px;
        border: 1px solid var(--edge);
        border-radius: 6px;
        background: var(--raised);
      }
      .field input[type='color'] {
        padding: 2px;
      }
      .field input[aria-invalid='true'] {
        border-style: dashed;
        border-width: 2px;
      }
      .previews {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
        gap: 16px;
        align-content: start;
      }
      .preview {
        display: grid;
        gap: 12px;
        align-content: start;
        padding: 16px;
        border: 1px solid var(--campaign-color-line);
        border-radius: 10px;
        background: var(--campaign-color-raised);
        color: var(--campaign-color-text);
      }
      .preview .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      .preview .quiet {
        color: var(--campaign-color-muted);
      }
      .preview a {
        color: var(--campaign-color-link);
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        inline-size: 100%;
        max-inline-size: 60rem;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 6px 12px 6px 0;
        border-block-end: 1px solid var(--line);
        font-weight: 400;
        text-align: start;
        vertical-align: top;
      }
      thead th {
        color: var(--quiet);
      }
      td[data-ok='false'] {
        font-weight: 600;
      }
      td span {
        display: block;
        color: var(--quiet);
        font-weight: 400;
      }
      pre {
        max-inline-size: 60rem;
        margin: 0 0 12px;
        padding: 12px;
        overflow-x: auto;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--subtle);
      }
      .verdict {
        margin-block-end: 8px;
      }
      @container (inline-size < 44rem) {
        .choices,
        .previews {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  /** What is chosen for each theme. A field may hold a text that is no colour yet; the colour stays the last one. */
  @state() private chosen: Readonly<Record<Theme, Choices>> = {
    light: defaultChoices('light'),
    dark: defaultChoices('dark'),
  };
  @state() private invalid: ReadonlySet<string> = new Set();
  @state() private copied = false;

  /** The CSS to copy. */
  get css(): string {
    const [light, dark] = [brandOf(this.chosen.light), brandOf(this.chosen.dark)];
    const lines = (Object.keys(light) as BrandColor[]).map(
      (name) => `  ${property(name)}: light-dark(${light[name]}, ${dark[name]});`,
    );
    return `:root {\n${lines.join('\n')}\n}\n`;
  }

  protected override render(): TemplateResult {
    const measured = themes.map((theme) => this.budgets(theme));
    const failed = measured.flat().filter(({ measured, least }) => measured < least).length;
    return html`
      <header class="intro">
        <h1>Bring your brand</h1>
        <p>
          Choose four colours for each theme. What lies between surface and text follows from them. The tones of the
          statuses stay as they are: they are measured against each other, for every kind of colour vision.
        </p>
      </header>
      <div class="choices">${themes.map((theme) => this.fields(theme))}</div>
      <div class="previews">${themes.map((theme) => this.preview(theme))}</div>
      <section class="wide">
        <h2>What the colours have to keep</h2>
        <p class="verdict" role="status">
          ${failed === 0 ? 'Every budget is kept.' : `${failed} ${failed === 1 ? 'is' : 'are'} too low.`}
        </p>
        ${table(measured)}
      </section>
      <section class="wide">
        <h2>The CSS</h2>
        <pre tabindex="0" role="region" aria-label="CSS of your brand"><code>${this.css}</code></pre>
        <button class="button" type="button" @click=${this.copy}>${this.copied ? 'Copied' : 'Copy the CSS'}</button>
      </section>
    `;
  }

  protected override updated(): void {
    for (const theme of themes) {
      const { style } = this.renderRoot.querySelector<HTMLElement>(`[data-theme='${theme}']`)!;
      style.colorScheme = theme;
      for (const [name, value] of Object.entries(brandOf(this.chosen[theme])))
        style.setProperty(property(name as BrandColor), value);
    }
  }

  private fields(theme: Theme): TemplateResult {
    return html`<fieldset>
      <legend>${theme === 'light' ? 'On a light page' : 'On a dark page'}</legend>
      ${(Object.keys(choices) as Choice[]).map((choice) => {
        const label = `${choices[choice]}, ${theme}`;
        const value = this.chosen[theme][choice];
        const choose = ({ target }: Event): void => this.choose(theme, choice, (target as HTMLInputElement).value);
        return html`<div class="field">
          <span aria-hidden="true">${choices[choice]}</span>
          <input type="color" aria-label="${label}, colour picker" .value=${value} @input=${choose} />
          <input
            type="text"
            aria-label=${label}
            aria-invalid=${this.invalid.has(label)}
            spellcheck="false"
            .value=${value}
            @change=${choose}
          />
        </div>`;
      })}
    </fieldset>`;
  }

  private preview(theme: Theme): TemplateResult {
    const tags = [flows, python].flatMap(({ system, statuses }) =>
      Object.keys(statuses).map(
        (status) => html`<campaign-status-tag system=${system} status=${status}></campaign-status-tag>`,
      ),
    );
    return html`<div
      class="preview"
      role="group"
      aria-label=${theme === 'light' ? 'Preview on a light page' : 'Preview on a dark page'}
      data-theme=${theme}
    >
      <p>Text, <span class="quiet">less important text</span>, <a href="#">a link</a></p>
      <div class="row">${tags}</div>
      <div class="row">
        <campaign-action-button system="flows" status="inactive"></campaign-action-button>
        <campaign-action-button system="python" status="running"></campaign-action-button>
      </div>
      <recovery-guide
        heading-level="2"
        system="flows"
        status="error"
        message="Channel SMS is not running"
      ></recovery-guide>
    </div>`;
  }

  private budgets(theme: Theme): Budget[] {
    const brand = brandOf(this.chosen[theme]);
    return contrastBudgets({
      ...brand,
      page: brand.raised,
      focus: brand.accent,
      danger: surface('danger', theme),
      tones: tonesOf(theme),
    });
  }

  private choose(theme: Theme, choice: Choice, value: string): void {
    const label = `${choices[choice]}, ${theme}`;
    const invalid = new Set(this.invalid);
    const color = value.trim().toLowerCase();
    if (HEX.test(color)) {
      invalid.delete(label);
      this.chosen = { ...this.chosen, [theme]: { ...this.chosen[theme], [choice]: color } };
    } else invalid.add(label);
    this.invalid = invalid;
    this.copied = false;
  }

  private async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.css);
    this.copied = true;
  }
}
customElements.define('story-brand-editor', StoryBrandEditor);

function defaultChoices(theme: Theme): Choices {
  const color = (name: SurfaceName): string => surface(name, theme);
  return { surface: color('raised'), text: color('text'), accent: color('accent'), link: color('link') };
}

function table([light = [], dark = []]: readonly Budget[][]): TemplateResult {
  const cell = ({ measured, least, worst }: Budget): TemplateResult =>
    html`<td data-ok=${measured >= least}>
      ${measured.toFixed(2)}${measured < least ? ', too low' : ''}<span>${worst}</span>
    </td>`;
  return html`<div class="scroll" role="region" aria-label="Measured contrast" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Needs</th>
          <th scope="col">Light</th>
          <th scope="col">Dark</th>
        </tr>
      </thead>
      <tbody>
        ${light.map(
          (budget, index) =>
            html`<tr>
              <th scope="row">${budget.what}</th>
              <td>${budget.least}</td>
              ${cell(budget)} ${cell(dark[index]!)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
