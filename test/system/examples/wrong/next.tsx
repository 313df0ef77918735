/** What does not type-check in Next, as in React: an error on the line after each mark, and nowhere else. */
import type {} from 'campaign-status-kit/react';
import type { ReactNode } from 'react';

export const wrong: ReactNode[] = [
  // wrong: an unknown property
  <campaign-status-tag key="name" stauts="error" />,
  // wrong: a word that the attribute does not have
  <campaign-header key="value" heading-level="second" />,
  // wrong: an attribute of another element
  <campaign-status-tag key="other" selectable />,
  // wrong: a field that the event's detail does not have
  <campaign-list key="event" oncampaign-action={(event) => event.detail.status} />,
];
