/** A link to a page of the host's: an address where its routes give one, else a button that says where the user wants to go. */
import { css, type CSSResult, type TemplateResult } from 'lit';
import type { CampaignRef } from '../../../adapters/contract.ts';
import type { Localizer } from '../../../i18n/index.ts';
import { CampaignNavigateEvent, navigate } from '../../events.ts';
import { routeTo, safeHref, type RouteName, type RouteTarget, type Routes } from '../../routes.ts';
import { html } from './html.ts';

/** What a link leads to, and what is known about the way there. */
export interface HostLink {
  readonly i18n: Localizer;
  readonly routes: Routes;
  /** The page, by the name under which the host knows it. */
  readonly to: RouteName;
  readonly ref: CampaignRef;
  /** The one channel or agent that is meant, if it is one. */
  readonly dependency?: { readonly kind: string; readonly id: string } | undefined;
  /** An address from the backend. With http or https it takes precedence over the host's route. */
  readonly href?: string | undefined;
  /** Shown in place of the words for the page. */
  readonly text?: string | undefined;
}

/** The text of a link to this page. */
function hostLinkText(i18n: Localizer, to: RouteName): string {
  return i18n.formatIfKnown(`link.${to}`) ?? i18n.format('link.other', { name: to });
}

/** The link, with the class and part `link`. Its look is in {@link hostLinkStyles}. */
export function hostLink({ i18n, routes, to, ref, dependency, href, text }: HostLink): TemplateResult {
  const label = text ?? hostLinkText(i18n, to);
  const target: RouteTarget = dependency ? { ref, dependency: { kind: dependency.kind, id: dependency.id } } : { ref };
  const address = (href === undefined ? undefined : safeHref(href)) ?? routeTo(routes, to, target);
  // Dispatched where it was pressed: it bubbles through the element that shows the link, whichever that is.
  const go = (click: MouseEvent): void =>
    navigate(click, click.currentTarget as Element, new CampaignNavigateEvent(to, ref, target.dependency, address));
  if (address !== undefined)
    return html`<a class="link" part="link" href=${address} rel="noopener noreferrer" @click=${go}>${label}</a>`;
  return html`<button class="link" part="link" type="button" @click=${go}>${label}</button>`;
}

/** Both kinds of link look the same, and are tall enough to hit. */
export const hostLinkStyles: CSSResult = css`
  .link {
    display: inline-flex;
    align-items: center;
    min-block-size: 24px;
    max-inline-size: 100%;
    padding: 0;
    border: 0;
    border-radius: 2px;
    background: none;
    color: var(--_link);
    font: inherit;
    text-align: start;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 3px;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .link:hover {
    text-decoration-thickness: 2px;
  }
  @media (pointer: coarse) {
    .link {
      min-block-size: var(--_size-touch);
    }
  }
  @media (forced-colors: active) {
    .link {
      color: LinkText;
    }
  }
`;
