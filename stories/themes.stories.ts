import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, waitFor } from 'storybook/test';
import '../src/define.ts';
import { flows, python } from '../src/index.ts';
import { propertiesOf } from '../test/support/elements/theme-file.ts';
import { brands } from './support/brands.ts';
import { find } from './support/find.ts';
import { backendOf, openBackend } from './support/story-backend.ts';
import './support/story.styles.ts';

const meta: Meta = { title: 'Themes', tags: ['!autodocs'], beforeEach: openBackend };
export default meta;
type Story = StoryObj;

/** A page with a theme file, on the surface of its system. The variables of that system have their defaults here. */
const withTheme = (css: string): Story => ({
  tags: ['picture'],
  beforeEach: () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  },
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}>
      <div class="themed">
        <campaign-header system=${flows.system} campaign-id="cart-left-behind"></campaign-header>
        <div class="themed-tags">
          ${[flows, python].flatMap(({ system, statuses }) =>
            Object.keys(statuses).map(
              (status) => html`<campaign-status-tag system=${system} status=${status}></campaign-status-tag>`,
            ),
          )}
        </div>
        <campaign-list system=${flows.system}></campaign-list>
      </div>
    </campaign-provider>`,
  play: async ({ canvasElement, globals }) => {
    const { theme } = globals as { theme: 'light' | 'dark' };
    const { shadowRoot } = find(canvasElement, 'campaign-list');
    await waitFor(() => expect(shadowRoot!.querySelectorAll('[part=row]').length).toBeGreaterThan(5));
    const probe = document.createElement('i');
    probe.style.color = propertiesOf(css, theme).get('--campaign-color-raised')!;
    canvasElement.append(probe);
    const expected = getComputedStyle(probe).color;
    probe.remove();
    await expect(getComputedStyle(shadowRoot!.querySelector('[role=grid]')!).backgroundColor).toBe(expected);
  },
});

/** `campaign-status-kit/themes/material.css` */
export const Material3: Story = withTheme(brands.material.css);

/** `campaign-status-kit/themes/fluent.css` */
export const Fluent2: Story = withTheme(brands.fluent.css);

/** `campaign-status-kit/themes/carbon.css` */
export const Carbon: Story = withTheme(brands.carbon.css);

/** `campaign-status-kit/themes/primer.css` */
export const Primer: Story = withTheme(brands.primer.css);

/** `campaign-status-kit/themes/web-awesome.css` */
export const WebAwesome: Story = withTheme(brands['web-awesome'].css);

/** `campaign-status-kit/themes/tailwind.css` */
export const Tailwind: Story = withTheme(brands.tailwind.css);
