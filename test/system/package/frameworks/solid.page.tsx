import 'campaign-status-kit/define';
import type {} from 'campaign-status-kit/solid';
import type { JSX } from 'solid-js';

export function CampaignPage(props: { readonly id: string }): JSX.Element {
  return (
    <campaign-provider
      src="https://api.example/campaigns"
      on:campaign-outcome={({ detail }) => console.log(detail.action, detail.outcome)}
    >
      <campaign-header system="python" campaign-id={props.id} heading-level={1} />
      <recovery-guide system="python" campaign-id={props.id} quiet />
    </campaign-provider>
  );
}
