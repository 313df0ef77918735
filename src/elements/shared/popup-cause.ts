import { html, nothing, type TemplateResult } from 'lit';
import { landing, type Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView, Diagnosis } from '../../store/face.ts';
import type { Words } from '../../words/index.ts';
import { visibleText } from './describe.ts';
import { hostLink } from './host-link.ts';
import { icon } from './icons.ts';
import { dependencyName, verb } from './phrases.ts';
import { routeTo, safeHref, type RouteName, type Routes } from './routes.ts';

const stateIcons = { running: 'check', stopped: 'square', error: 'cross', unknown: 'unknown' } as const;

/** What a cause is shown with. */
export interface CauseFacts {
  readonly words: Words;
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
  const { words, view, diagnosis } = facts;
  const { cause } = view;
  if (!cause) return nothing;
  const dependency = diagnosis?.dependencies.find(({ kind, id }) => kind === cause.kind && id === cause.id);
  const name = visibleText(dependency?.name || cause.name);
  const state = dependency?.state ?? 'unknown';
  return html`<div class="cause">
    <span class="popup-label">${words.say('popup.cause')}</span>
    <div class="cause-row">
      <bdi>${dependencyName(words, cause.kind, name)}</bdi>
      ${
        diagnosis
          ? html`<span class="cause-state" data-state=${state}
              >${icon(stateIcons[state])}${words.say(`dependency.${state}`)}</span
            >`
          : nothing
      }
      ${facts.pinned ? causeLink(facts, dependency?.href) : nothing}
    </div>
    ${dependency?.message ? html`<div class="foreign popup-note" dir="auto">${visibleText(dependency.message)}</div>` : nothing}
  </div>`;
}

/** The line that says whether another try is worth it. */
export function outlookTemplate(facts: Omit<CauseFacts, 'routes' | 'pinned'>): TemplateResult | typeof nothing {
  const text = outlookText(facts);
  return text ? html`<p class="outlook">${text}</p>` : nothing;
}

/** Whether another try is worth it, in words; `''` where nobody can tell. */
export function outlookText({ words, lifecycle, view, diagnosis }: Omit<CauseFacts, 'routes' | 'pinned'>): string {
  const action = retryOf(lifecycle);
  if (!lifecycle || !action || !view.cause || !diagnosis || diagnosis.outlook === 'unknown') return '';
  return words.say(`outlook.${diagnosis.outlook}`, { action: verb(words, lifecycle, action) });
}

/** Does this action, from this status, set the campaign going? Only then does the state of its dependencies matter to it. */
export function setsGoing(lifecycle: Lifecycle | undefined, status: string, action: string): boolean {
  const target = lifecycle && landing(lifecycle, status, action);
  return target !== undefined && lifecycle?.statuses[target]?.fault !== undefined;
}

/** The action that sets a campaign of this lifecycle going. */
function retryOf(lifecycle: Lifecycle | undefined): string | undefined {
  return Object.keys(lifecycle?.actions ?? {}).find((action) =>
    Object.keys(lifecycle!.actions[action]!.from).some((status) => setsGoing(lifecycle, status, action)),
  );
}

/** Where the host shows dependencies of this kind: the page that the recovery steps name for it. */
function pageOf(lifecycle: Lifecycle | undefined, kind: string): RouteName | undefined {
  for (const steps of Object.values(lifecycle?.recovery ?? {}))
    for (const { done, offer } of steps ?? [])
      if (done && 'dependency' in done && done.dependency === kind && offer && 'link' in offer) return offer.link;
  return undefined;
}

function causeLink({ words, routes, lifecycle, view }: CauseFacts, href: string | undefined): unknown {
  const { ref, cause } = view;
  const to = pageOf(lifecycle, cause!.kind);
  const dependency = { kind: cause!.kind, id: cause!.id };
  // Nothing to press where it would lead nowhere: unlike a missing prerequisite, a cause needs no page to be mended.
  if (!(href && safeHref(href)) && !(to && routeTo(routes, to, { ref, dependency }))) return nothing;
  return hostLink({ words, routes, to: to ?? visibleText(cause!.kind), ref, dependency, href });
}
