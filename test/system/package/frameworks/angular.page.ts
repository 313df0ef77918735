import 'campaign-status-kit/define';
import type { CampaignOutcomeEvent, Routes } from 'campaign-status-kit';
import { Component, CUSTOM_ELEMENTS_SCHEMA, input } from '@angular/core';

@Component({
  selector: 'app-campaign-page',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <campaign-provider src="https://api.example/campaigns" [routes]="routes" (campaign-outcome)="log($event)">
      <campaign-header system="python" [campaignId]="id()" [headingLevel]="1" />
      <recovery-guide system="python" [campaignId]="id()" quiet />
    </campaign-provider>
  `,
})
export class CampaignPage {
  readonly id = input.required<string>();
  readonly routes: Routes = { campaign: '/campaigns/{system}/{id}' };

  log({ detail }: CampaignOutcomeEvent): void {
    console.log(detail.action, detail.outcome);
  }
}
