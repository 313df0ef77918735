/**
 * Every word that the kit itself shows or speaks, in English. `{name}` is filled in; a message with forms is chosen by the
 * plural rules of the language for `{count}`. A lifecycle's own labels are not here: they are data, see `terms` of a word table.
 */
export const en = {
  // Status tag
  'status.name': 'Status: {label}',
  'status.none': 'No status',
  'status.loading': 'Loading…',
  'status.gone': 'Removed',
  'status.absent': 'Not found',
  'status.unknown.meaning': 'This status is newer than this page; its meaning is not known here.',
  'status.unknown.next': 'Reload the page or ask whoever runs it.',
  'status.loading.meaning': 'This campaign has not been read yet.',
  'status.gone.meaning': 'This campaign was removed.',
  'status.absent.meaning': 'There is no campaign with this id.',
  'status.stale': 'Last known',
  'status.stale.feed': 'Last known status, true at {time}. The connection is lost.',
  'status.stale.unreadable': 'Last known status, true at {time}. What came later could not be read.',
  'status.truncated': 'The message is longer; only its beginning is kept here.',
  'status.more': 'Open to read all.',
  'status.openHint': 'Press to keep it open',

  // Message popup
  'popup.label': 'Message of {name}',
  'popup.label.plain': 'Status message',
  'popup.copy': 'Copy',
  'popup.copied': 'Copied',
  'popup.copyFailed': 'Could not copy; select the text instead',
  'popup.close': 'Close',
  'popup.next': 'What to do',
  'popup.cause': 'Cause',
  'popup.changedBy': 'Last moved by {who}',

  // Kinds and states of dependencies
  'dependency.channel': 'Channel {name}',
  'dependency.agent': 'Agent {name}',
  'dependency.other': '{kind} {name}',
  'dependency.running': 'running',
  'dependency.stopped': 'not running',
  'dependency.error': 'in error',
  'dependency.unknown': 'state unknown',
  'outlook.works': 'The cause looks mended: {action} is worth it.',
  'outlook.fails-again': 'Still down: {action} would fall back to error.',

  // Action button
  'action.name': '{verb} {name}',
  'action.none': 'No action',
  'action.pending': '{verb}…',
  'action.settled.title': 'What became of it',
  'action.checkAgain': 'Check again',
  'action.askAgain': 'Ask again',
  'action.dismiss': 'Dismiss',
  'action.uncertain': '{verb} was asked {ago}, not confirmed.',
  'action.refused': '{verb} was refused.',
  'action.conflict': '{verb} came too late: the status had already changed.',
  'action.justChanged': 'The button changed as you pressed it; press again if you mean {verb}.',
  'action.next.force-stop.refused': 'Check again first; if it stays so, open the engine log or ask whoever runs the platform.',

  // The confirmation
  'confirm.cancel': 'Keep as is',
  'confirm.changed': 'The status has changed to {label}; this is no longer possible.',

  // Reasons
  'reason.missing': 'Waits for {what}.',
  'reason.denied': 'You may not take this action.',
  'reason.pending': 'Another request is under way: {what}.',
  'reason.illegal': 'This is not possible in the present status.',
  'reason.unknown-status': 'No action is known for this status.',
  'reason.offline': 'This browser is offline; nothing was sent.',
  'reason.forbidden': 'You are not allowed to do this.',
  'reason.invalid': 'The backend did not accept the request.',
  'reason.gone': 'The campaign is no longer there.',
  'reason.unavailable': 'The backend could not do it just now; nothing happened.',
  'reason.unauthenticated': 'You are signed out; sign in and try again.',
  'reason.throttled': 'Too many requests; try again in a while.',
  'reason.conflict': 'The status had already changed.',
  'reason.unconfirmed': 'No confirmation has come.',
  'reason.loading': 'The campaign has not been read yet.',
  'reason.gone.campaign': 'This campaign was removed.',

  // Connection
  'connection.live': 'Live',
  'connection.connecting': 'Connecting…',
  'connection.lost': 'Connection lost. You see the last known state, true at {time}.',
  'connection.lost.retry': 'Trying again {when}.',
  'connection.blocked.unauthenticated': 'You are signed out. You see the last known state.',
  'connection.blocked.forbidden': 'You may not see these campaigns.',
  'connection.blocked.misconfigured': 'This page is not wired to its backend correctly.',
  'connection.retry': 'Try now',
  'connection.detail': 'Details: {message}',

  // Wiring mistakes, shown in place of an element
  'setup.noStore': '<{element}> needs a <campaign-provider src="…"> around it, or its own `store`.',
  'setup.noCampaign': '<{element}> needs the attributes `system` and `campaign-id`.',
  'setup.noSource': '<campaign-provider> needs `src`, `adapter` or `store`.',
  'setup.unknownSystem': 'There is no system "{system}" here; known: {known}.',

  // Campaign list
  'list.label': '{system} campaigns',
  'list.column.name': 'Campaign',
  'list.column.status': 'Status',
  'list.column.at': 'Since',
  'list.column.action': 'Action',
  'list.sorted.ascending': 'sorted, ascending',
  'list.sorted.descending': 'sorted, descending',
  'list.search': 'Search campaigns',
  'list.search.placeholder': 'Name or id',
  'list.search.clear': 'Clear search',
  'list.filter.label': 'Filter by status',
  'list.filter.name': { one: '{label}, {count} campaign', other: '{label}, {count} campaigns' },
  'list.filter.all': 'All',
  'list.count': { one: '{count} campaign', other: '{count} campaigns' },
  'list.count.filtered': '{shown} of {total}',
  'list.count.loading': 'Loading campaigns…',
  'list.found': { one: '{count} campaign found', other: '{count} campaigns found' },
  'list.empty': 'There are no campaigns yet.',
  'list.empty.filtered': 'No campaign matches.',
  'list.empty.clear': 'Clear search and filters',
  'list.loading': 'Loading campaigns…',
  'list.failed': 'The campaigns could not be read.',
  'list.retry': 'Try again',
  'list.open': 'Open {name}',
  'list.unreadable': { one: '{count} campaign could not be read', other: '{count} campaigns could not be read' },

  // Recovery guide
  'guide.title': 'Recover {name}',
  'guide.title.plain': 'Recover this campaign',
  'guide.steps': 'Steps',
  'guide.progress': '{done} of {total} done',
  'guide.state.live': 'Done, checked live',
  'guide.state.hand': 'Done by you',
  'guide.state.todo': 'To do',
  'guide.state.unknown': 'Unknown',
  'guide.mark': 'Mark as done',
  'guide.error': 'What went wrong',
  'guide.done': 'Recovered: {name} is {label}.',
  'guide.close': 'Close guide',
  'guide.healthy': 'Nothing to recover: {name} is {label}.',
  'guide.open.log': 'Open engine log',
  'guide.spoken.done': 'Step {number} done: {text}',
  'guide.spoken.undone': 'Step {number} is open again: {text}',

  // Links to the host's pages
  'link.channels': 'Open channels',
  'link.agents': 'Open agents',
  'link.contacts': 'Open contacts',
  'link.strategy': 'Open strategy',
  'link.flows': 'Open flows',
  'link.participants': 'Open participants',
  'link.analytics': 'Open analytics',
  'link.campaign': 'Open campaign',
  'link.other': 'Open {name}',

  // Campaign header
  'header.showLog': 'Show logs',
  'header.hideLog': 'Hide logs',
  'header.editable.yes': 'Editable',
  'header.editable.no': 'Locked for editing',
  'header.gone': '{name} is no longer there.',
  'header.gone.vanished': 'It was missing from the latest complete reading.',
  'header.gone.reason': 'Reason: {reason}',
  'header.absent': 'There is no campaign "{id}" in {system}.',
  'header.loading': 'Loading campaign…',
  'header.lastKnown': 'Last known status: {label}, true at {time}.',

  // Log
  'log.label': 'Engine log of {name}',
  'log.label.plain': 'Engine log',
  'log.empty': 'Nothing has been logged yet.',
  'log.loading': 'Loading log…',
  'log.lost': 'The log is interrupted; it goes on when the connection is back.',
  'log.unsupported': 'This system keeps no engine log.',
  'log.dropped': { one: '{count} older line is no longer kept', other: '{count} older lines are no longer kept' },
  'log.latest': { one: 'Jump to latest ({count} new)', other: 'Jump to latest ({count} new)' },
  'log.latest.plain': 'Jump to latest',
  'log.wrap': 'Wrap lines',
  'log.listen': 'Read new lines aloud',
  'log.copy': 'Copy all',
  'log.copied': 'Copied',
  'log.level.debug': 'Debug',
  'log.level.info': 'Info',
  'log.level.warning': 'Warning',
  'log.level.error': 'Error',

  // Spoken through the one live region
  'spoken.done': '{name} is {label}.',
  'spoken.refused': 'Could not {verb} {name}: {reason}',
  'spoken.conflict': '{verb} {name} came too late: it is {label}.',
  'spoken.uncertain': '{verb} {name} is not confirmed.',
  'spoken.changed': '{name} is now {label}.',
  'spoken.summary': { one: '{count} campaign changed.', other: '{count} campaigns changed.' },
  'spoken.errors': { one: '{count} campaign now in error.', other: '{count} campaigns now in error.' },
  'spoken.removed': '{name} was removed.',

  // Time
  'time.justNow': 'just now',
} as const satisfies Readonly<Record<string, Message>>;

/** Plural forms, by the categories of `Intl.PluralRules`. */
export type PluralForms = { readonly [K in Intl.LDMLPluralRule]?: string } & { readonly other: string };
/** A text, or its plural forms. */
export type Message = string | PluralForms;
/** The name of a message. */
export type MessageKey = keyof typeof en;
