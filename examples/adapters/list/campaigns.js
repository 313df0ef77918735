// @ts-nocheck: plain JavaScript, as a host without types writes it.
import { actResultFromResponse, errorFromResponse, pollingAdapter } from 'campaign-status-kit';

const api = 'http://127.0.0.1:4000/api/flows/campaigns';
const statuses = new Map([
  ['PAUSED', 'inactive'],
  ['RUNNING', 'active'],
  ['FAILED', 'error'],
]);
const states = new Map([
  ['start', 'RUNNING'],
  ['stop', 'PAUSED'],
]);

export function campaignAdapter(options = {}) {
  return pollingAdapter({
    async *list(system, signal) {
      for (let offset = 0, total = Infinity; offset < total;) {
        const response = await fetch(`${api}?offset=${offset}&limit=100`, { signal });
        if (!response.ok) throw await errorFromResponse(response);
        const page = await response.json();
        yield page.items.map((item) => ({
          id: String(item.key),
          name: item.title,
          status: statuses.get(item.state) ?? item.state,
          message: item.problem ?? undefined,
          at: item.changed,
          missing: item.blockers,
        }));
        offset += page.items.length;
        total = page.items.length ? page.total : 0;
      }
    },

    async act({ ref, action, signal }) {
      const state = states.get(action);
      if (!state) return { outcome: 'refused', code: 'invalid', reason: `There is no “${action}” here.` };
      const response = await fetch(`${api}/${encodeURIComponent(ref.id)}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ state }),
        signal,
      });
      if (response.status === 409) return { outcome: 'conflict', reason: (await response.json()).detail };
      return actResultFromResponse(response);
    },

    ...options,
  });
}
