import type { CampaignView } from 'campaign-status-kit';
import { httpAdapter } from 'campaign-status-kit/adapters/http';
import { createCampaignStore } from 'campaign-status-kit/store';
import { filter, firstValueFrom, timeout } from 'rxjs';

/** The address of the backend, for this server and for the browser. */
export const src = process.env.CAMPAIGNS_SRC ?? 'http://127.0.0.1:8787';

/** A campaign as a page without a feed shows it, with the word of its status. */
export type Campaign = Pick<CampaignView, 'name' | 'status' | 'message'> & {
  readonly id: string;
  readonly label: string;
};

/** The campaigns of a system, read once. @throws if the backend does not answer within 5 s */
export async function readCampaigns(system: string): Promise<readonly Campaign[]> {
  const store = createCampaignStore({ adapter: httpAdapter({ src }) });
  try {
    const complete = store.list(system).pipe(filter(({ complete }) => complete));
    const { ids } = await firstValueFrom(complete.pipe(timeout({ first: 5000 })));
    return ids.map((id) => {
      const { name, status, message } = store.campaign({ system, id }).value;
      return { id, name, status, message, label: store.lifecycles.get(system)?.statuses[status]?.label ?? status };
    });
  } finally {
    store.dispose();
  }
}
