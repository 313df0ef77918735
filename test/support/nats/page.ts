/** A page in a browser: a store over NATS, with only the elements that the test asks for. */
import { wsconnect } from '@nats-io/nats-core';
import { natsAdapter } from '../../../src/adapters/nats.ts';
import { createCampaignStore } from '../../../src/store/index.ts';

/** The part of the page's URL after `#`, as JSON. */
export interface PageOptions {
  readonly servers: string;
  readonly user: string;
  readonly pass: string;
  readonly heartbeatMs: number;
}

/** The functions of the page that the test calls. */
export interface PageApi {
  state(): string;
  statuses(): Record<string, string>;
  perform(id: string, action: string): Promise<string>;
  dispose(): void;
}

declare global {
  interface Window {
    pageApi: PageApi;
  }
}

const { heartbeatMs, user, ...login } = JSON.parse(decodeURIComponent(location.hash.slice(1))) as PageOptions;
const store = createCampaignStore({
  adapter: natsAdapter({
    connect: () => wsconnect({ ...login, user, inboxPrefix: `_INBOX_${user}`, reconnect: false }),
    actions: `campaigns.${user}`,
    heartbeatMs,
  }),
  slackMs: 500,
  graceMs: 0,
});
const list = store.list('flows');
list.subscribe();
const flow = (id: string) => ({ system: 'flows', id });

window.pageApi = {
  state: () => store.connection('flows').value.state,
  statuses: () => Object.fromEntries(list.value.ids.map((id) => [id, store.campaign(flow(id)).value.status])),
  perform: async (id, action) => (await store.perform(flow(id), action)).outcome,
  dispose: () => store.dispose(),
};
