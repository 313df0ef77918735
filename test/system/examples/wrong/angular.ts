/** What Angular's compiler must not accept in a template: an error on the line after each mark, and nowhere else. */
import { Component } from '@angular/core';
import type { CampaignOutcomeEvent } from 'campaign-status-kit';
import { HeaderElement, ListElement } from './campaign-elements';

@Component({
  selector: 'app-wrong',
  imports: [HeaderElement, ListElement],
  template: `
    <!-- wrong: an element that the app has no component for -->
    <campaign-log />
    <!-- wrong: an unknown property -->
    <campaign-list system="flows" [selcted]="'a'" />
    <!-- wrong: a word that the property does not have -->
    <campaign-list system="flows" announce="everything" />
    <!-- wrong: a text in place of a number -->
    <campaign-header system="flows" campaignId="a" headingLevel="second" />
    <!-- wrong: without an input that is required -->
    <campaign-header system="flows" />
    <!-- wrong: an event that does not exist, so its type is that of any event -->
    <campaign-list system="flows" (campaign-outcom)="log($event)" />
    <!-- wrong: a field that the event's detail does not have -->
    <campaign-list system="flows" (campaign-outcome)="($event.detail.status)" />
  `,
})
export class Wrong {
  log({ detail }: CampaignOutcomeEvent): void {
    console.log(detail.outcome);
  }
}
