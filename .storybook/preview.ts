import { setCustomElementsManifest, type Decorator, type Preview } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { configure } from 'storybook/test';
import manifest from '../custom-elements.json' with { type: 'json' };
import type { Translations } from '../src/index.ts';
import { brands } from '../stories/support/brands.ts';
import { startWorker } from '../stories/support/msw.ts';
import { TIMEOUT_MS } from '../stories/support/find.ts';
import { localizerOf } from '../src/i18n/index.ts';
import { tokens } from '../src/tokens.ts';
import { longest, pseudo, translated } from '../test/support/languages.ts';
import { docsRenderer } from './docs-renderer.ts';

setCustomElementsManifest(manifest);
configure({ asyncUtilTimeout: TIMEOUT_MS });

/** The density that the toolbar has set on an element. */
const toolbarDensity = new WeakMap<Element, string>();

/** Whether the story itself sets a density, in its markup, its args or by a control. Such an element keeps it. */
const setsOwnDensity = (element: Element & { density: unknown }): boolean =>
  toolbarDensity.has(element)
    ? element.density !== toolbarDensity.get(element)
    : element.hasAttribute('density') || element.density !== 'comfortable';

const languages: Readonly<Record<string, Translations>> = { ...translated, pseudo, longest };

interface Translatable extends Element {
  translations: Translations | undefined;
}

/** The elements whose language the toolbar has set. A story that sets one itself keeps it. */
const toolbarLanguage = new WeakSet<Element>();

/** Sets the language of each provider, and of each element that has none around it. */
function translate(root: Element, translations: Translations | undefined): void {
  for (const element of root.querySelectorAll('*')) {
    if (!('translations' in element) || element.parentElement?.closest('campaign-provider')) continue;
    const translatable = element as Translatable;
    if (translatable.translations && !toolbarLanguage.has(element)) continue;
    toolbarLanguage.add(element);
    translatable.translations = translations;
  }
}

/** The theme file of the brand that the toolbar has set. */
const brandSheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(brandSheet);

const fontSize = tokens['font.size'];

const isBrand = (name: string): name is keyof typeof brands => Object.hasOwn(brands, name);

/** The page around a story, with what the toolbar has set. */
const page: Decorator = (story, { globals, viewMode }) => {
  const { theme, brand, language, direction, density, textSize } = globals as Record<
    'theme' | 'brand' | 'language' | 'direction' | 'density' | 'textSize',
    string
  >;
  const i18n = localizerOf(languages[language]);
  const dir = i18n.direction === 'rtl' ? 'rtl' : direction;
  if (viewMode === 'story') {
    document.documentElement.style.colorScheme = theme;
    document.documentElement.dir = dir;
    document.documentElement.lang = i18n.lang;
    brandSheet.replaceSync(isBrand(brand) ? brands[brand].css : '');
    const { style } = document.documentElement;
    const factor = Number(textSize) / 100;
    // As a host does it whose text follows the reader's: the page's size, and that of the elements.
    style.fontSize = factor === 1 ? '' : `${textSize}%`;
    if (factor === 1 || isBrand(brand)) style.removeProperty(fontSize.property);
    else style.setProperty(fontSize.property, `calc(${fontSize.light} * ${factor})`);
  }
  const densify = (root?: Element): void =>
    // The elements are rendered after this.
    queueMicrotask(() => {
      if (root) translate(root, languages[language]);
      for (const element of root?.querySelectorAll('*') ?? []) {
        if (!('density' in element) || setsOwnDensity(element)) continue;
        toolbarDensity.set(element, density);
        element.setAttribute('density', density);
      }
    });
  return html`<div class="story-page" data-view=${viewMode} data-theme=${theme} dir=${dir} ${ref(densify)}>
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
    docs: {
      renderer: docsRenderer,
      canvas: { sourceState: 'none' },
      toc: { headingSelector: 'h2', title: 'On this page' },
    },
    options: {
      storySort: {
        includeNames: true, // so that a page comes before the stories of its element
        order: [
          'Welcome',
          'Lifecycle',
          'Scenarios',
          'Other engines',
          'Foundations',
          ['Colour', 'Tones', 'Icons', 'Type', 'Space and size', 'Shape', 'Motion', 'Elevation', 'Contrast and icons'],
          'Bring your brand',
          'Themes',
          'Elements',
          // The order in which a designer meets them. Storybook reads this without running it, so it is written out.
          [
            'Status tag',
            ['Docs'],
            'Action button',
            ['Docs'],
            'List',
            ['Docs'],
            'Header',
            ['Docs'],
            'Recovery guide',
            ['Docs'],
            'Log',
            ['Docs'],
            'Provider',
            ['Docs'],
          ],
          'For developers',
        ],
      },
    },
  },
  initialGlobals: {
    theme: 'light',
    brand: 'none',
    language: 'en',
    direction: 'ltr',
    density: 'comfortable',
    textSize: '100',
    still: false,
  },
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
    brand: {
      description: 'Brand',
      toolbar: {
        icon: 'paintbrush',
        items: [
          { value: 'none', title: 'No brand' },
          ...Object.entries(brands).map(([value, { title }]) => ({ value, title })),
        ],
        dynamicTitle: true,
      },
    },
    language: {
      description: 'Language',
      toolbar: {
        icon: 'globe',
        items: [
          { value: 'en', title: 'English' },
          { value: 'de', title: 'Deutsch' },
          { value: 'fr', title: 'Français' },
          { value: 'es', title: 'Español' },
          { value: 'ja', title: '日本語' },
          { value: 'ar', title: 'العربية' },
          { value: 'pseudo', title: 'Pseudo-locale' },
          { value: 'longest', title: 'Longest of all' },
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
    textSize: {
      description: 'Text size',
      toolbar: {
        icon: 'zoom',
        items: ['100', '150', '200'].map((value) => ({ value, title: `Text ${value} %` })),
        dynamicTitle: true,
      },
    },
  },
};

export default preview;
