import { html, nothing, type TemplateResult } from 'lit';
import type { CampaignViewElement } from './campaign-view-element.ts';

/**
 * The action button inside an element that shows a campaign: the same campaign, from the same store or the same plain facts.
 *
 * @param of the element around it
 * @param className a class for the element's own styles
 */
export function embeddedButton(of: CampaignViewElement, className: string | typeof nothing = nothing): TemplateResult {
  return html`<campaign-action-button
    class=${className}
    part="action"
    system=${of.system}
    campaign-id=${of.campaignId}
    status=${of.status}
    message=${of.message}
    name=${of.name}
    .at=${of.at}
    .missing=${of.missing}
    .lifecycle=${of.lifecycle}
    .store=${of.store}
  ></campaign-action-button>`;
}
