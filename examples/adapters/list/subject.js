// @ts-nocheck: plain JavaScript, as a host without types writes it.
import { campaignAdapter } from './campaigns.js';

const tests = 'http://127.0.0.1:4000/test/flows';
const states = { inactive: 'PAUSED', active: 'RUNNING', error: 'FAILED' };

async function ask(method, id, campaign) {
  const { name, status, message, missing } = campaign ?? {};
  const item = { title: name, state: states[status] ?? status, problem: message, blockers: missing };
  const response = await fetch(`${tests}/${encodeURIComponent(id)}`, { method, body: JSON.stringify(item) });
  if (!response.ok) throw new Error(`${method} ${id} answered ${response.status}`);
}

export default {
  system: 'flows',
  createAdapter: () => campaignAdapter({ intervalMs: 200, timeoutMs: 5000 }),
  control: {
    seed: async (campaigns) => {
      for (const campaign of campaigns) await ask('PUT', campaign.id, campaign);
    },
    change: (id, patch) => ask('PATCH', id, patch),
    remove: (id) => ask('DELETE', id),
  },
};
