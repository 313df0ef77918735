import { setCustomElementsManifest, type Decorator, type Preview } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { configure } from 'storybook/test';
import manifest from '../custom-elements.json' with { type: 'json' };
import { startWorker } from '../stories/support/msw.ts';
import { TIMEOUT_MS } from '../stories/support/find.ts';

setCustomElementsManifest(manifest);
configure({ asyncUtilTimeout: TIMEOUT_MS });

/** The density that the toolbar has set on an element. */
const toolbarDensity = new WeakMap<Element, string>();

/** Whether the story itself sets a density, in its markup, its args or by a control. Such an element keeps it. */
const setsOwnDensity = (element: Element & { density: unknown }): boolean =>
  toolbarDensity.has(element)
    ? element.density !== toolbarDensity.get(element)
    : element.hasAttribute('density') || element.density !== 'comfortable';

/** The page around a story, with the toolbar’s theme, direction and density. */
const page: Decorator = (story, { globals, viewMode }) => {
  const { theme, direction, density } = globals as Record<'theme' | 'direction' | 'density', string>;
  if (viewMode === 'story') {
    document.documentElement.style.colorScheme = theme;
    document.documentElement.dir = direction;
  }
  const densify = (root?: Element): void =>
    // The elements are rendered after this.
    queueMicrotask(() => {
      for (const element of root?.querySelectorAll('*') ?? []) {
        if (!('density' in element) || setsOwnDensity(element)) continue;
        toolbarDensity.set(element, density);
        element.setAttribute('density', density);
      }
    });
  return html`<div class="story-page" data-view=${viewMode} data-theme=${theme} dir=${direction} ${ref(densify)}>
    ${story()}
  </div>`;
};

const preview: Preview = {
  tags: ['autodocs'],
  decorators: [page],
  loaders: [(): Promise<void> => startWorker()],
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    controls: { expanded: true },
    options: {
      storySort: {
        order: ['Lifecycle', 'Welcome', 'Colours and icons', 'Adapter doctor', 'Elements', 'Other engines'],
      },
    },
  },
  initialGlobals: { theme: 'light', direction: 'ltr', density: 'comfortable', still: false },
  globalTypes: {
    theme: {
      description: 'Colour scheme',
      toolbar: {
        icon: 'contrast',
        items: [
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
        dynamicTitle: true,
      },
    },
    direction: {
      description: 'Writing direction',
      toolbar: {
        icon: 'transfer',
        items: [
          { value: 'ltr', title: 'Left to right' },
          { value: 'rtl', title: 'Right to left' },
        ],
        dynamicTitle: true,
      },
    },
    density: {
      description: 'Density',
      toolbar: {
        icon: 'listunordered',
        items: [
          { value: 'comfortable', title: 'Comfortable' },
          { value: 'compact', title: 'Compact' },
        ],
        dynamicTitle: true,
      },
    },
  },
};

export default preview;
