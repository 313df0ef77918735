import {
  actResultFromResponse,
  errorFromResponse,
  type PolledCampaign,
  type PollingAdapterOptions,
} from '../../src/adapters/index.ts';
import type { Item } from './rest-backend.ts';

const STATUSES: Readonly<Record<string, string>> = { PAUSED: 'inactive', RUNNING: 'active', FAILED: 'error' };
const STATES: Readonly<Record<string, string>> = { start: 'RUNNING', stop: 'PAUSED' };
const PAGE = 5;

/** How `pollingAdapter` reaches the flows of a REST backend. */
export interface RestAdapterOptions {
  /** True: the list comes page by page; false: in one answer. */
  readonly pages: boolean;
  /** Sent with each request. */
  readonly token?: () => string;
}

/** What a host writes for a backend like that of `rest-backend.ts`. */
export function restAdapter(src: string, { pages, token = () => '' }: RestAdapterOptions): PollingAdapterOptions {
  const request = (path: string, signal: AbortSignal, init: RequestInit = {}): Promise<Response> =>
    fetch(`${src}/${path}`, { ...init, signal, headers: { authorization: token() } });

  async function* read(system: string, signal: AbortSignal): AsyncGenerator<PolledCampaign[]> {
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const response = await request(`${system}/campaigns?offset=${offset}&limit=${PAGE}`, signal);
      if (!response.ok) throw await errorFromResponse(response);
      const answer = (await response.json()) as { items: Item[]; total: number };
      total = answer.total;
      yield answer.items.map(campaignOf);
    }
  }

  return {
    list: pages
      ? read
      : async (system, signal) => {
          const campaigns: PolledCampaign[] = [];
          for await (const page of read(system, signal)) campaigns.push(...page);
          return campaigns;
        },
    async act({ ref: { system, id }, action, signal }) {
      const state = STATES[action];
      if (!state) return { outcome: 'refused', code: 'invalid' };
      const body = JSON.stringify({ state });
      const response = await request(`${system}/campaigns/${encodeURIComponent(id)}`, signal, {
        method: 'PATCH',
        body,
      });
      if (response.status !== 409) return actResultFromResponse(response);
      return { outcome: 'conflict', reason: ((await response.json()) as { detail: string }).detail };
    },
    async get({ system, id }, signal) {
      const response = await request(`${system}/campaigns/${encodeURIComponent(id)}`, signal);
      if (response.status === 404) return undefined;
      if (!response.ok) throw await errorFromResponse(response);
      return campaignOf((await response.json()) as Item);
    },
    intervalMs: 100,
    timeoutMs: 20_000,
  };
}

/** The backend's row as a campaign of the contract. */
function campaignOf({ key, title, state, problem, changed, blockers }: Item): PolledCampaign {
  return {
    id: key,
    name: title,
    status: STATUSES[state] ?? state,
    at: changed,
    missing: blockers,
    ...(problem === null ? {} : { message: problem }),
  };
}
