/** Elements of the kit inside another one: the same campaign, from the same store or the same plain facts. */
import { nothing, type TemplateResult } from 'lit';
import type { CampaignViewElement } from '../base/campaign-view-element.ts';
import { html } from './html.ts';

/**
 * The campaign's action button.
 *
 * @param of the element around it
 * @param className a class for the element's own styles
 * @param action what it offers in place of the status's own action
 */
export function embeddedButton(
  of: CampaignViewElement,
  className: string | typeof nothing = nothing,
  action = '',
): TemplateResult {
  return html`<campaign-action-button
    class=${className}
    part="action"
    .action=${action}
    system=${of.campaignRef.system}
    campaign-id=${of.campaignRef.id}
    status=${of.status}
    message=${of.message}
    name=${of.name}
    .at=${of.at}
    .missing=${of.missing}
    .lifecycle=${of.lifecycle}
    .store=${of.store}
    .translations=${of.translations}
    .timeZone=${of.timeZone}
    .settings=${of.settings}
  ></campaign-action-button>`;
}

/** The campaign's engine log, which only a store has. @param of the element around it */
export function embeddedLog(of: CampaignViewElement): TemplateResult {
  return html`<campaign-log
    part="log"
    system=${of.campaignRef.system}
    campaign-id=${of.campaignRef.id}
    .store=${of.store}
    .translations=${of.translations}
    .timeZone=${of.timeZone}
    .settings=${of.settings}
  ></campaign-log>`;
}
