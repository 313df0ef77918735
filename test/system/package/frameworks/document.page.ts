import 'campaign-status-kit/define';
import type { Routes } from 'campaign-status-kit';

const routes: Routes = { campaign: '/campaigns/{system}/{id}' };

export function showCampaign(id: string): void {
  const provider = document.createElement('campaign-provider');
  provider.src = 'https://api.example/campaigns';
  provider.routes = routes;
  provider.addEventListener('campaign-outcome', ({ detail }) => console.log(detail.action, detail.outcome));
  const header = document.createElement('campaign-header');
  header.system = 'python';
  header.campaignId = id;
  header.headingLevel = 1;
  provider.append(header);
  document.body.append(provider);
}
