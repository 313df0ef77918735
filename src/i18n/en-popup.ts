import type { Message } from './message.ts';

/** The texts that only popups and dialogs show. */
export const popupEnglish = {
  // Message popup
  'status.truncated': 'This is only the beginning of the message.',
  'popup.label': 'Message of {name}',
  'popup.label.plain': 'Status message',
  'popup.copy': 'Copy',
  'popup.copied': 'Copied',
  'popup.copyFailed': 'Could not copy; select the text instead',
  'popup.close': 'Close',
  'popup.pin': 'Press to keep it open',
  'popup.at': '{ago}, {time}',
  'popup.word': 'Status from the backend: {word}',
  'popup.next': 'What to do',
  'popup.cause': 'Cause',
  'popup.changedBy': 'Last changed by {who}',

  // Kinds and states of dependencies
  'dependency.channel': 'Channel {name}',
  'dependency.agent': 'Agent {name}',
  'dependency.other': '{kind} {name}',
  'dependency.running': 'running',
  'dependency.stopped': 'not running',
  'dependency.error': 'in error',
  'dependency.unknown': 'state unknown',
  'outlook.works': 'The cause looks fixed: “{action}” can work now.',
  'outlook.fails-again': 'The cause is not fixed yet. After “{action}”, the campaign would be in error again.',

  // The confirmation
  'confirm.cancel': 'Keep as is',
  'confirm.choose': 'Choose…',
  'confirm.error': '{label}: {problem}',
  'confirm.changed': 'The status has changed to {label}; this is no longer possible.',

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

  // Time
  'time.justNow': 'just now',
} as const satisfies Readonly<Record<string, Message>>;
