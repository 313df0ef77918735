/** What Vue's checker accepts in a template, and what not: it reads the props of these components. */
import type { ListQuery } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/vue';
import type { GlobalComponents } from 'vue';

type Props<T extends keyof GlobalComponents> = InstanceType<GlobalComponents[T]>['$props'];
declare const query: ListQuery;

export const list: Props<'campaign-list'> = {
  key: 'list',
  ref: 'list',
  class: { wide: true },
  system: 'flows',
  density: 'compact',
  selectable: true,
  query,
  onCampaignQuery: ({ detail, currentTarget }) => [detail.query, currentTarget.exportCsv()],
};
export const provider: Props<'campaign-provider'> = { src: '/api', onCampaignOutcome: ({ detail }) => detail.outcome };
export const csv: Promise<Blob> = ({} as InstanceType<GlobalComponents['campaign-list']>).exportCsv();

export const wrong: [
  Props<'campaign-list'>,
  Props<'campaign-list'>,
  Props<'campaign-list'>,
  Props<'campaign-list'>,
  Props<'campaign-status-tag'>,
] = [
  // @ts-expect-error a word that the property does not have
  { density: 'small' },
  // @ts-expect-error an object that is no query
  { query: { serach: 'a' } },
  // @ts-expect-error a field that the event's detail does not have
  { onCampaignAction: (event) => event.detail.status },
  // @ts-expect-error an event that does not exist
  { onCampaignActions: () => {} },
  // @ts-expect-error a property of another element
  { selectable: true },
];
