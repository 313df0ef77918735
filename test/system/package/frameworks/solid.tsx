/** What type-checks in Solid, and what does not. */
import type { CampaignList, ListQuery } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/solid';
import type { JSX } from 'solid-js';

declare const query: ListQuery;
let list: CampaignList | undefined;

export const right: JSX.Element = (
  <campaign-provider src="/api" on:campaign-outcome={(event) => event.detail.outcome}>
    <campaign-list
      ref={list}
      class="wide"
      system="flows"
      attr:density="compact"
      selectable
      no-search={false}
      prop:noFilters={true}
      query={query}
      on:campaign-query={({ detail, currentTarget }) => [detail.query, currentTarget.exportCsv()]}
    />
    <campaign-header campaign-id="a" heading-level={2} />
  </campaign-provider>
);

export const wrong: JSX.Element[] = [
  // @ts-expect-error an unknown property
  <campaign-status-tag stauts="error" />,
  // @ts-expect-error a word that the attribute does not have
  <campaign-list density="small" />,
  // @ts-expect-error the same, as an attribute
  <campaign-list attr:density="small" />,
  // @ts-expect-error Solid's compiler would write it in lower case
  <campaign-header campaignId="a" />,
  // @ts-expect-error an object that is no query
  <campaign-list prop:query={{ serach: 'a' }} />,
  // @ts-expect-error a field that the event's detail does not have
  <campaign-list on:campaign-action={(event) => event.detail.status} />,
  // @ts-expect-error an event of another spelling
  <campaign-list onCampaignAction={() => {}} />,
];
