/** What type-checks in React 19, and what does not. */
import type { CampaignList, CampaignStore, ListQuery } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/react';
import { type ReactNode, useRef } from 'react';

declare const store: CampaignStore;
declare const query: ListQuery;

export function Right(): ReactNode {
  const list = useRef<CampaignList>(null);
  return (
    <campaign-provider
      src="/api"
      lifecycles={[]}
      oncampaign-action={(event) => event.detail.action.toUpperCase()}
      oncampaign-bulk-outcome={(event) => event.detail.counts}
    >
      <campaign-list
        ref={list}
        key="list"
        className="wide"
        style={{ height: 400 }}
        hidden
        aria-label="Campaigns"
        system="flows"
        time-zone="Europe/Berlin"
        density="compact"
        announce={undefined}
        selectable
        no-search={false}
        noFilters
        query={query}
        store={store}
        oncampaign-query={({ detail, currentTarget }) => [detail.query, currentTarget.exportCsv()]}
      >
        <button slot="toolbar">New</button>
      </campaign-list>
      <campaign-status-tag system="python" status="error" message={null} at={Date.now()} missing={['contacts']} />
      <recovery-guide heading-level="2" campaignId="a" />
    </campaign-provider>
  );
}

export const wrong: ReactNode[] = [
  // @ts-expect-error an unknown tag
  <campaign-statustag />,
  // @ts-expect-error an unknown property
  <campaign-status-tag stauts="error" />,
  // @ts-expect-error a property of another element
  <campaign-status-tag selectable />,
  // @ts-expect-error a word that the attribute does not have
  <campaign-list density="small" />,
  // @ts-expect-error a word that the attribute with a hyphen does not have
  <campaign-header heading-level="second" />,
  // @ts-expect-error an object that is no query
  <campaign-list query={{ serach: 'a' }} />,
  // @ts-expect-error a store of another kind
  <campaign-list store={{}} />,
  // @ts-expect-error a property that cannot be set
  <campaign-log following />,
  // @ts-expect-error a field that the event's detail does not have
  <campaign-list oncampaign-action={(event) => event.detail.status} />,
  // @ts-expect-error a listener for another event
  <campaign-list oncampaign-action={(event: KeyboardEvent) => event.key} />,
  // @ts-expect-error an event that this element never fires, in the spelling of React's own events
  <campaign-list onCampaignAction={() => {}} />,
];

function Ref(): ReactNode {
  const list = useRef<HTMLInputElement>(null);
  // @ts-expect-error a ref to another element
  return <campaign-list ref={list} />;
}
export { Ref };
