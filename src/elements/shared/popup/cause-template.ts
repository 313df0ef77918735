import { nothing, type TemplateResult } from 'lit';
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView, Diagnosis } from '../../../store/types.ts';
import type { Localizer } from '../../../i18n/index.ts';
import { causeNow, dependencyName, dependencyState, outlookText, type Cause } from '../text/dependency-text.ts';
import { visibleText } from '../text/status-text.ts';
import { hostLink } from '../templates/host-link.ts';
import { routeTo, safeHref, type RouteName, type Routes } from '../../routes.ts';
import { html } from '../templates/html.ts';

/** What a cause is shown with in a popup. */
export interface CauseFacts {
  readonly i18n: Localizer;
  readonly routes: Routes;
  readonly lifecycle: Lifecycle | undefined;
  readonly view: CampaignView;
  /** The live state of what the campaign depends on; `undefined` where nobody can tell. */
  readonly diagnosis: Diagnosis | undefined;
  /** The popup is pinned: links can be reached. */
  readonly pinned: boolean;
}

/** The dependency that an error comes from, and how it is doing now. */
export function causeTemplate(facts: CauseFacts): TemplateResult | typeof nothing {
  const { i18n, view, diagnosis } = facts;
  const { cause } = view;
  if (!cause) return nothing;
  const now = causeNow(cause, diagnosis);
  return html`<div class="cause">
    <span class="popup-label">${i18n.format('popup.cause')}</span>
    <div class="cause-row">
      <bdi>${dependencyName(i18n, now ?? cause)}</bdi>
      ${diagnosis ? dependencyState(i18n, now ?? { ...cause, state: 'unknown' }) : nothing}
      ${facts.pinned ? causeLink(facts, cause, now?.href) : nothing}
    </div>
    ${now?.message ? html`<div class="foreign popup-note" dir="auto">${visibleText(now.message)}</div>` : nothing}
  </div>`;
}

/** The line that says whether this action is worth it. */
export function outlookTemplate(
  { i18n, lifecycle, view, diagnosis }: CauseFacts,
  action: string | undefined,
): TemplateResult | typeof nothing {
  const text = action === undefined ? '' : outlookText(i18n, lifecycle, action, view.cause, diagnosis);
  return text ? html`<p class="outlook">${text}</p>` : nothing;
}

/** Where the host shows dependencies of this kind: the page that the recovery steps name for it. */
function pageOf(lifecycle: Lifecycle | undefined, kind: string): RouteName | undefined {
  for (const steps of Object.values(lifecycle?.recovery ?? {}))
    for (const { done, offer } of steps ?? [])
      if (done && 'dependency' in done && done.dependency === kind && offer && 'link' in offer) return offer.link;
  return undefined;
}

function causeLink({ i18n, routes, lifecycle, view: { ref } }: CauseFacts, cause: Cause, href?: string): unknown {
  const to = pageOf(lifecycle, cause.kind);
  const dependency = { kind: cause.kind, id: cause.id };
  // Nothing to press where it would lead nowhere: unlike a missing prerequisite, a cause needs no page to be mended.
  if (!(href && safeHref(href)) && !(to && routeTo(routes, to, { ref, dependency }))) return nothing;
  return hostLink({ i18n, routes, to: to ?? visibleText(cause.kind), ref, dependency, href });
}
