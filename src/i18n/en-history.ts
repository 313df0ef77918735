import type { Message } from './message.ts';

/** The texts of a campaign's history. */
export const historyEnglish = {
  'history.show': 'Show history',
  'history.hide': 'Hide history',
  'history.label': 'History, newest first',
  'history.loading': 'Loading history…',
  'history.empty': 'Nothing has happened yet.',
  'history.unsupported': 'The backend keeps no history of this campaign.',
  'history.failed': 'The history could not be read.',
  'history.lost': 'The history could not be read again. It may be out of date.',
  'history.retry': 'Try again',
  'history.more': 'Show more',
  'history.rest': 'Older entries are not shown.',
  'history.actionBy': '{action}, by {who}',
  'history.by': 'by {who}',
  'history.byItself': 'by the engine',
  'history.times': { one: '{count} time since {time}', other: '{count} times since {time}' },
  'history.message': 'Message',
} as const satisfies Readonly<Record<string, Message>>;
