/** What type-checks in React 18, and what does not. */
import type { CampaignList } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/react-18';
import { type ReactNode, useEffect, useRef } from 'react';

export function Right(): ReactNode {
  const list = useRef<CampaignList>(null);
  useEffect(() => {
    const element = list.current;
    const warn = ({ detail }: HTMLElementEventMap['campaign-action']): void => console.warn(detail.ref.id);
    element?.addEventListener('campaign-action', warn);
    return () => element?.removeEventListener('campaign-action', warn);
  }, []);
  return (
    <campaign-provider src="/api">
      <campaign-list ref={list} class="wide" system="flows" density="compact" selectable no-search={false} />
      <campaign-header campaign-id="a" heading-level={2} />
    </campaign-provider>
  );
}

export const wrong: ReactNode[] = [
  // @ts-expect-error an unknown attribute
  <campaign-status-tag stauts="error" />,
  // @ts-expect-error a word that the attribute does not have
  <campaign-list density="small" />,
  // @ts-expect-error a word that the attribute with a hyphen does not have
  <campaign-header heading-level="second" />,
  // @ts-expect-error a property: React 18 would write it as an attribute, under this name
  <campaign-header campaignId="a" />,
  // @ts-expect-error an object: React 18 would write it as text
  <campaign-list query={{}} />,
  // @ts-expect-error React 18 writes it under this name
  <campaign-list className="wide" />,
];
