import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, svg, type TemplateResult } from 'lit';
import { expect } from 'storybook/test';
import { iconPath, icons } from '../../src/elements/shared/icons/shapes.ts';
import { flows, python, type Lifecycle } from '../../src/index.ts';
import { contrast, linear } from '../../test/support/elements/colour.ts';
import { surface, toneColors, toneNames, type Theme, type ToneColors } from '../../test/support/elements/palette.ts';
import { mailings } from '../support/six-statuses.ts';
import '../support/story.styles.ts';

const meta: Meta = { title: 'Foundations/Contrast and icons', tags: ['!autodocs'] };
export default meta;
type Story = StoryObj;

/** The least contrast of text on its tint, and of an icon on any surface. */
const TEXT = 6.5;
const ICON = 3;

const ratio = (one: string, other: string): number => contrast(linear(one), linear(other));

/** Statuses that have this tone or this icon. */
function usedBy(key: 'tone' | 'icon', value: string): string {
  const lifecycles: readonly Lifecycle[] = [flows, python, mailings];
  const names = lifecycles.flatMap(({ label, statuses }) =>
    Object.values(statuses)
      .filter((status) => status[key] === value)
      .map((status) => `${label} ${status.label}`),
  );
  return names.join(', ') || '–';
}

/** Icons that belong to no status of a lifecycle. */
const notOfTables: ReadonlyMap<string, string> = new Map([
  ['unknown', 'A status that the table does not know'],
  ['dots', 'A status that is still being read'],
]);

const measured = (value: number, least: number): TemplateResult =>
  html`<td class="number" data-ok=${value >= least}>${value.toFixed(2)}</td>`;

const sample = ({ bg, fg, bd, ic }: ToneColors): TemplateResult =>
  html`<svg class="sample" viewBox="0 0 96 26" aria-hidden="true">
    ${svg`<rect x="0.5" y="0.5" width="95" height="25" rx="6" fill=${bg} stroke=${bd}></rect>
      <circle cx="16" cy="13" r="6" fill=${ic}></circle>
      <text x="30" y="17.5" font-size="13" font-weight="500" fill=${fg}>Status</text>`}
  </svg>`;

const table = (scheme: Theme): TemplateResult =>
  html`<section class="scheme" data-scheme=${scheme}>
    <h2>${scheme === 'light' ? 'On a light page' : 'On a dark page'}</h2>
    <div class="scroll" role="region" aria-label="Measured contrast, ${scheme}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Tone</th>
            <th scope="col">Sample</th>
            <th scope="col" class="number">Text on tint</th>
            <th scope="col" class="number">Icon on tint</th>
            <th scope="col" class="number">Icon on page</th>
            <th scope="col" class="number">Icon on panel</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          ${toneNames.map((tone) => {
            const colors = toneColors(tone, scheme);
            const { bg, fg, ic } = colors;
            return html`<tr>
              <th scope="row">${tone}</th>
              <td>${sample(colors)}</td>
              ${measured(ratio(fg, bg), TEXT)} ${measured(ratio(ic, bg), ICON)}
              ${measured(ratio(ic, surface('page', scheme)), ICON)}
              ${measured(ratio(ic, surface('raised', scheme)), ICON)}
              <td>${tone === 'neutral' ? 'A status that the table does not know' : usedBy('tone', tone)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;

/**
 * The contrast of every pair, measured on this page: text needs 6.5, an icon 3. A host changes the colours with
 * `--campaign-tone-…`.
 */
export const Colours: Story = {
  render: () => html`<div class="sheet">${table('light')} ${table('dark')}</div>`,
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelectorAll('[data-ok]')).toHaveLength(2 * 4 * toneNames.length);
    await expect(canvasElement.querySelectorAll('[data-ok=false]')).toHaveLength(0);
  },
};

/** Each status has its own icon, so that colour is never the only difference. */
export const Icons: Story = {
  render: () =>
    html`<div class="sheet">
      <div class="icons">
        ${[...icons.keys()].map(
          (name) =>
            html`<figure>
              ${[14, 40].map(
                (size) =>
                  html`<svg width=${size} height=${size} viewBox="0 0 16 16" aria-hidden="true">
                    ${svg`<path fill="currentColor" fill-rule="evenodd" d=${iconPath(name)}></path>`}
                  </svg>`,
              )}
              <figcaption><code>${name}</code><span>${notOfTables.get(name) ?? usedBy('icon', name)}</span></figcaption>
            </figure>`,
        )}
      </div>
    </div>`,
};
