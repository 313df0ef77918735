/** What Svelte's checker accepts in a component, and what not: it reads these attributes. */
import type { ListQuery } from 'campaign-status-kit';
import type {} from 'campaign-status-kit/svelte';
import type { SvelteHTMLElements } from 'svelte/elements';

declare const query: ListQuery;

export const list: SvelteHTMLElements['campaign-list'] = {
  class: 'wide',
  system: 'flows',
  density: 'compact',
  'no-search': true,
  query,
  'oncampaign-query': ({ detail, currentTarget }) => [detail.query, currentTarget.exportCsv()],
  'on:campaign-action': ({ detail }) => detail.ref.id,
};
export const header: SvelteHTMLElements['campaign-header'] = { 'campaign-id': 'a', 'heading-level': 2 };

export const wrong: [
  SvelteHTMLElements['campaign-list'],
  SvelteHTMLElements['campaign-list'],
  SvelteHTMLElements['campaign-list'],
  SvelteHTMLElements['campaign-list'],
  SvelteHTMLElements['campaign-header'],
  SvelteHTMLElements['campaign-status-tag'],
] = [
  // @ts-expect-error a word that the attribute does not have
  { density: 'small' },
  // @ts-expect-error an object that is no query
  { query: { serach: 'a' } },
  // @ts-expect-error a field that the event's detail does not have
  { 'oncampaign-action': (event) => event.detail.status },
  // @ts-expect-error an event that does not exist
  { 'oncampaign-actions': () => {} },
  // @ts-expect-error a word that the attribute with a hyphen does not have
  { 'heading-level': 'second' },
  // @ts-expect-error an attribute of another element
  { selectable: true },
];
