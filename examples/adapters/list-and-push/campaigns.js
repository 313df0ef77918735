// @ts-nocheck: plain JavaScript, as a host without types writes it.
import { actResultFromResponse, errorFromResponse, eventsFromResponse, pollingAdapter } from 'campaign-status-kit';

const api = 'http://127.0.0.1:4100/v2/flows';
const statuses = new Map(Object.entries({ PAUSED: 'inactive', RUNNING: 'active', FAILED: 'error' }));
const toCampaign = (row) => ({
  id: String(row.campaign_id),
  name: row.display_name,
  status: statuses.get(row.run_state) ?? row.run_state,
  message: row.last_error,
  at: row.updated_at,
  missing: row.blocked_by,
});

export function campaignAdapter(options = {}) {
  return pollingAdapter({
    async *list(system, signal) {
      for (let cursor = ''; cursor !== null;) {
        const response = await fetch(`${api}/campaigns?limit=100&cursor=${cursor}`, { signal });
        if (!response.ok) throw await errorFromResponse(response);
        const { data, next_cursor } = await response.json();
        yield data.map(toCampaign);
        cursor = next_cursor;
      }
    },
    async *listen(system, signal) {
      const events = await eventsFromResponse(await fetch(`${api}/events`, { signal }), signal);
      yield []; // Connected.
      for await (const { data } of events) yield [String(JSON.parse(data).campaign_id)];
    },
    async act({ ref, action, signal }) {
      const address = `${api}/campaigns/${encodeURIComponent(ref.id)}/${action}`;
      const response = await fetch(address, { method: 'POST', signal });
      if (response.status !== 409) return actResultFromResponse(response);
      return { outcome: 'conflict', reason: (await response.json()).error_message };
    },
    ...options,
  });
}
