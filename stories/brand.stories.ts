import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, fireEvent, waitFor } from 'storybook/test';
import '../src/define.ts';
import './support/brand-editor.ts';
import { find } from './support/find.ts';
import './support/story.styles.ts';

const meta: Meta = { title: 'Bring your brand', tags: ['!autodocs'] };
export default meta;
type Story = StoryObj;

/** Choose a few colours, see whether they keep the contrast budgets, copy the CSS. */
export const Colours: Story = {
  tags: ['picture'],
  render: () => html`<story-brand-editor></story-brand-editor>`,
  play: async ({ canvasElement }) => {
    const editor = find(canvasElement, 'story-brand-editor').shadowRoot!;
    const failed = (): number => editor.querySelectorAll('[data-ok=false]').length;
    const enter = (label: string, value: string): void => {
      const field = editor.querySelector<HTMLInputElement>(`[aria-label='${label}']`)!;
      field.value = value;
      fireEvent.change(field);
    };
    await waitFor(() => expect(editor.querySelectorAll('tbody tr')).toHaveLength(12));
    await expect(failed()).toBe(0);

    // Light text on a light page cannot be read, and what follows from it neither.
    enter('Text, light', '#a0a0a0');
    await waitFor(() => expect(failed()).toBeGreaterThan(1));
    await expect(editor.querySelector('[role=status]')).toHaveTextContent('too low');

    enter('Text, light', 'no colour');
    await waitFor(() =>
      expect(editor.querySelector("[aria-label='Text, light']")).toHaveAttribute('aria-invalid', 'true'),
    );

    enter('Text, light', '#1a1d24');
    enter('Surface, light', '#fffdf5');
    enter('Accent, light', '#7a1fa2');
    await waitFor(() => expect(failed()).toBe(0));
    await expect(editor.querySelector('pre')).toHaveTextContent(
      '--campaign-color-accent: light-dark(#7a1fa2, #8ab4ff);',
    );
    const [light] = editor.querySelectorAll('campaign-action-button');
    const button = light!.shadowRoot!.querySelector('[part~=button]')!;
    await waitFor(() => expect(getComputedStyle(button).backgroundColor).toBe('rgb(255, 253, 245)'));
  },
};
