/**
 * Angular checks the inputs of components, not the properties of elements. So each element that the app uses is the host of a
 * component, which passes its inputs on. In the templates that use them, without CUSTOM_ELEMENTS_SCHEMA, a wrong tag, name or value
 * is an error.
 */
import { booleanAttribute, Component, CUSTOM_ELEMENTS_SCHEMA, input } from '@angular/core';
import type { CampaignHeader, CampaignList, CampaignProvider, RecoveryGuide } from 'campaign-status-kit';

@Component({
  selector: 'campaign-provider',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: '<ng-content />',
  host: { '[store]': 'store()', '[routes]': 'routes()' },
})
export class ProviderElement {
  readonly store = input<CampaignProvider['store']>();
  readonly routes = input<CampaignProvider['routes']>();
}

@Component({
  selector: 'campaign-list',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: '<ng-content />',
  host: { '[system]': 'system()', '[selected]': 'selected()', '[announce]': 'announce()' },
})
export class ListElement {
  readonly system = input.required<CampaignList['system']>();
  readonly selected = input<CampaignList['selected']>();
  readonly announce = input<CampaignList['announce']>();
}

@Component({
  selector: 'campaign-header',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: '<ng-content />',
  host: { '[system]': 'system()', '[campaignId]': 'campaignId()', '[headingLevel]': 'headingLevel()' },
})
export class HeaderElement {
  readonly system = input.required<CampaignHeader['system']>();
  readonly campaignId = input.required<CampaignHeader['campaignId']>();
  readonly headingLevel = input<CampaignHeader['headingLevel']>();
}

@Component({
  selector: 'recovery-guide',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: '',
  host: { '[system]': 'system()', '[campaignId]': 'campaignId()', '[quiet]': 'quiet()' },
})
export class GuideElement {
  readonly system = input.required<RecoveryGuide['system']>();
  readonly campaignId = input.required<RecoveryGuide['campaignId']>();
  readonly quiet = input(false, { transform: booleanAttribute });
}
