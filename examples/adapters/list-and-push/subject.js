// @ts-nocheck: plain JavaScript, as a host without types writes it.
import { campaignAdapter } from './campaigns.js';

const tests = 'http://127.0.0.1:4100/test/flows/campaigns';
const states = { inactive: 'PAUSED', active: 'RUNNING', error: 'FAILED' };

async function ask(method, path, body) {
  const response = await fetch(`${tests}${path}`, { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return response.json();
}

const toRow = ({ name, status, message, missing }) => ({
  display_name: name,
  run_state: states[status] ?? status,
  last_error: message,
  blocked_by: missing,
});

export default {
  system: 'flows',
  createAdapter: () => campaignAdapter({ intervalMs: 200, listeningIntervalMs: 2000, pushGapMs: 100, timeoutMs: 5000 }),
  oddIds: [], // This backend makes its own ids, which are numbers.
  control: {
    async seed(campaigns) {
      const ids = [];
      for (const campaign of campaigns) ids.push(String((await ask('POST', '', toRow(campaign))).campaign_id));
      return ids;
    },
    change: (id, patch) => ask('PATCH', `/${id}`, toRow(patch)),
    remove: (id) => ask('DELETE', `/${id}`),
    holdPushes: (hold) => ask('PUT', '', { hold }),
  },
};
