import 'campaign-status-kit/define';
import type {} from 'campaign-status-kit/react';
import type { Routes } from 'campaign-status-kit';
import type { ReactNode } from 'react';

const routes: Routes = { campaign: '/campaigns/{system}/{id}' };

export function CampaignPage({ id }: { readonly id: string }): ReactNode {
  return (
    <campaign-provider
      src="https://api.example/campaigns"
      routes={routes}
      oncampaign-outcome={({ detail }) => console.log(detail.action, detail.outcome)}
    >
      <campaign-header system="python" campaignId={id} headingLevel={1} />
      <recovery-guide system="python" campaignId={id} quiet />
    </campaign-provider>
  );
}
