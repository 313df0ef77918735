/** A page in a browser: a store over NATS, with nothing to look at but what the test asks for. */
import { wsconnect } from '@nats-io/nats-core';
import { natsAdapter } from '../../../src/adapters/nats.ts';
import { createCampaignStore } from '../../../src/store/index.ts';

/** What the page's address says after `#`, as JSON. */
export interface PageOptions {
  readonly servers: string;
  readonly user: string;
  readonly pass: string;
  readonly heartbeatMs: number;
}

/** What the test can ask the page. */
export interface PageFace {
  state(): string;
  statuses(): Record<string, string>;
  perform(id: string, action: string): Promise<string>;
  dispose(): void;
}

declare global {
  interface Window {
    face: PageFace;
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

window.face = {
  state: () => store.connection('flows').value.state,
  statuses: () => Object.fromEntries(list.value.ids.map((id) => [id, store.campaign(flow(id)).value.status])),
  perform: async (id, action) => (await store.perform(flow(id), action)).outcome,
  dispose: () => store.dispose(),
};
