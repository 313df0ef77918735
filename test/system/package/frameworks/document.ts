/** What type-checks where elements come from the document, as in a page without a framework and for events in templates of Angular. */
import type {} from 'campaign-status-kit';

const list = document.createElement('campaign-list');
list.density = 'compact';
list.addEventListener('campaign-action', ({ detail }) => detail.action.toUpperCase());
document.querySelector('recovery-guide')?.close();

// @ts-expect-error a word that the property does not have
list.density = 'small';
// @ts-expect-error an unknown property
list.dense = true;
// @ts-expect-error a field that the event's detail does not have
list.addEventListener('campaign-action', ({ detail }) => detail.status);
