import 'campaign-status-kit/define';
import type {} from 'campaign-status-kit/preact';
import type { VNode } from 'preact';

export function CampaignPage({ id }: { readonly id: string }): VNode {
  return (
    <campaign-provider
      src="https://api.example/campaigns"
      oncampaign-outcome={({ detail }) => console.log(detail.action, detail.outcome)}
    >
      <campaign-header system="python" campaignId={id} headingLevel={1} />
      <recovery-guide system="python" campaignId={id} quiet />
    </campaign-provider>
  );
}
