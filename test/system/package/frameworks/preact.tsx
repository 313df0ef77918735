/** What type-checks in Preact, and what does not. */
import type { CampaignList, ListQuery } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/preact';
import { createRef, type VNode } from 'preact';

declare const query: ListQuery;
const list = createRef<CampaignList>();

export const right: VNode = (
  <campaign-provider src="/api" oncampaign-outcome={(event) => event.detail.outcome}>
    <campaign-list
      ref={list}
      key="list"
      class="wide"
      system="flows"
      density="compact"
      selectable
      noSearch
      query={query}
      oncampaign-query={({ detail, currentTarget }) => [detail.query, currentTarget.exportCsv()]}
    />
    <campaign-header campaign-id="a" heading-level={2} />
  </campaign-provider>
);

export const wrong: VNode[] = [
  // @ts-expect-error an unknown property
  <campaign-status-tag stauts="error" />,
  // @ts-expect-error a word that the attribute does not have
  <campaign-list density="small" />,
  // @ts-expect-error a word that the attribute with a hyphen does not have
  <campaign-header heading-level="second" />,
  // @ts-expect-error an object that is no query
  <campaign-list query={{ serach: 'a' }} />,
  // @ts-expect-error a field that the event's detail does not have
  <campaign-list oncampaign-action={(event) => event.detail.status} />,
  // @ts-expect-error an event of another spelling
  <campaign-list onCampaignAction={() => {}} />,
];
