/** What does not type-check in Solid: an error on the line after each mark, and nowhere else. */
import type {} from 'campaign-status-kit/solid';
import type { JSX } from 'solid-js';

export const wrong: JSX.Element[] = [
  // wrong: an unknown property
  <campaign-status-tag stauts="error" />,
  // wrong: an attribute of another element
  <campaign-status-tag selectable />,
  // wrong: a property's name, which Solid's compiler would write in lower case
  <campaign-header campaignId="a" />,
  // wrong: a word that the property does not have
  <campaign-list density="small" />,
  // wrong: a field that the event's detail does not have
  <campaign-list on:campaign-action={(event) => event.detail.status} />,
];
