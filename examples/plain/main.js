// @ts-nocheck: plain JavaScript, as a host without types writes it.
import 'campaign-status-kit/define';

const [provider, list, campaign, header, guide] = ['provider', 'list', 'campaign', 'header', 'guide'].map((id) =>
  document.getElementById(id),
);

// The backend: the server of this page, unless the address names another one with `?src=`.
provider.src = new URLSearchParams(location.search).get('src') ?? location.origin;

// The kit makes a link of every campaign's name once it knows where the host's page of a campaign is.
provider.routes = { campaign: '#/{system}/{id}' };

/** The address says what is shown: `#/flows`, or `#/flows/welcome-series`. */
function show() {
  const [system = '', id = ''] = location.hash.slice(2).split('/').map(decodeURIComponent);
  // A page that this host does not have, such as the settings of a channel: what is shown stays.
  if (!['flows', 'python'].includes(system)) return;
  for (const link of document.querySelectorAll('nav a')) link.ariaCurrent = link.hash === `#/${system}` ? 'page' : null;
  list.system = system;
  list.selected = id;
  campaign.hidden = !id;
  if (!id) return;
  for (const element of [header, guide]) {
    element.system = system;
    element.campaignId = id;
  }
}

addEventListener('hashchange', show);
if (location.hash) show();
else location.replace('#/flows');
