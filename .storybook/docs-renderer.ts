/** Documentation pages, in the theme that the toolbar has set. */
import type { DocsContainerProps } from '@storybook/addon-docs/blocks';
import type { DocsRenderer } from '@storybook/addon-docs';
import type { WebComponentsRenderer } from '@storybook/web-components-vite';
import { storybookTheme } from './theme.ts';

/** As much of the page's context as is needed here. */
interface WithGlobals {
  readonly store: { readonly userGlobals: { get(): { theme?: unknown } } };
}

/** `parameters.docs.renderer`. The blocks are large, so stories do not load them. */
export async function docsRenderer(): Promise<DocsRenderer<WebComponentsRenderer>> {
  const [{ DocsRenderer }, { DocsContainer }] = await Promise.all([
    import('@storybook/addon-docs'),
    import('@storybook/addon-docs/blocks'),
  ]);
  const container = (props: React.PropsWithChildren<DocsContainerProps>): ReturnType<typeof DocsContainer> => {
    const { theme } = (props.context as unknown as WithGlobals).store.userGlobals.get();
    const base = theme === 'dark' ? 'dark' : 'light';
    document.documentElement.style.colorScheme = base;
    return DocsContainer({ ...props, theme: storybookTheme(base) });
  };
  const renderer = new DocsRenderer<WebComponentsRenderer>();
  const { render } = renderer;
  renderer.render = (context, parameters, element) => render(context, { ...parameters, container }, element);
  return renderer;
}
