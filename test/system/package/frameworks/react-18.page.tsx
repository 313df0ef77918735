import 'campaign-status-kit/define';
import type {} from 'campaign-status-kit/react-18';
import type { CampaignProvider, Routes } from 'campaign-status-kit';
import { useEffect, useRef, type ReactNode } from 'react';

const routes: Routes = { campaign: '/campaigns/{system}/{id}' };

export function CampaignPage({ id }: { readonly id: string }): ReactNode {
  const provider = useRef<CampaignProvider>(null);
  useEffect(() => {
    const element = provider.current;
    if (!element) return;
    element.routes = routes;
    const log = ({ detail }: HTMLElementEventMap['campaign-outcome']): void =>
      console.log(detail.action, detail.outcome);
    element.addEventListener('campaign-outcome', log);
    return () => element.removeEventListener('campaign-outcome', log);
  }, []);
  return (
    <campaign-provider ref={provider} src="https://api.example/campaigns">
      <campaign-header system="python" campaign-id={id} heading-level={1} />
      <recovery-guide system="python" campaign-id={id} quiet />
    </campaign-provider>
  );
}
