import type { Message } from './message.ts';

/** The texts of a status tag whose popup is closed, and those of setup mistakes. */
export const statusEnglish = {
  // Status tag
  'status.name': 'Status: {label}',
  'status.none': 'No status',
  'status.none.meaning': 'No status of this campaign could be read.',
  'status.none.next': 'Ask the team that runs this page to check its error log.',
  'status.loading': 'Loading…',
  'status.unread': 'Not loaded',
  'status.gone': 'Removed',
  'status.absent': 'Not found',
  'status.unknown.meaning': 'This page does not know this status yet.',
  'status.unknown.next': 'Reload the page, or ask the team that runs it.',
  'status.loading.meaning': 'This campaign has not been read yet.',
  'status.unread.meaning': 'This campaign could not be read yet.',
  'status.unread.because': 'This campaign could not be read: {message}',
  'status.gone.meaning': 'This campaign was removed.',
  'status.gone.because': 'This campaign was removed: {reason}',
  'status.absent.meaning': 'There is no campaign with this id.',
  'status.stale.at': 'Last known {time}',
  'status.stale.feed': 'Last known status, true at {time}. No newer status is available now.',
  'status.stale.unreadable': 'Last known status, true at {time}. A later update could not be read.',
  'status.stuck': 'Stuck: nothing new has been reported since {time}.',
  'status.stuck.for': 'Stuck for {duration}',
  'status.more': 'Open to read all of it.',

  // Setup mistakes, shown in place of an element
  'setup.noBackend': 'The <campaign-provider> around <{element}> has no backend yet.',
  'setup.noStore': '<{element}> needs a <campaign-provider src="…"> around it, or its own `store`.',
  'setup.noCampaign': '<{element}> needs the attributes `system` and `campaign-id`.',
  'setup.noSource': '<campaign-provider> needs `src`, `adapter` or `store`.',
  'setup.unusable': '`{property}` of <{element}> must be of the type {type}.',
  'setup.unknownSystem': 'There is no system "{system}" here; known: {known}.',
} as const satisfies Readonly<Record<string, Message>>;
