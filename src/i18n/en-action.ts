import type { Message } from './message.ts';

/** The texts of an action button, and what it announces. */
export const actionEnglish = {
  // Action button
  'action.name': '{verb} {name}',
  'action.more': 'More actions',
  'action.more.name': 'More actions for {name}',
  'action.none': 'No action',
  'action.pending': '{verb}…',
  'action.checkAgain': 'Check again',
  'action.askAgain': 'Ask again',
  'action.dismiss': 'Dismiss',
  'action.uncertain': '“{verb}” is not confirmed. Requested: {ago}.',
  'action.refused': '“{verb}” was refused.',
  'action.conflict': '“{verb}” came too late: the status had already changed.',
  'action.justChanged': 'The button changed as you pressed it; press again if you mean “{verb}”.',
  'action.outcome.name': '{outcome} ({verb} {name})',
  'action.outcome.refused': 'Refused',
  'action.outcome.conflict': 'Too late',
  'action.outcome.uncertain': 'Not confirmed',
  'action.next.refused': 'Check again to see how the campaign is doing now.',
  'action.next.refused.again': 'Check again to see how the campaign is doing now, or ask once more.',
  'action.next.refused.forced': 'Check again first. If nothing changes, ask the team that runs the platform.',
  'action.next.refused.forced.log':
    'Check again first. If nothing changes, open the engine log, or ask the team that runs the platform.',
  'action.next.conflict': 'You see the new status now.',
  'action.next.uncertain': 'It may still happen. Check again reads this campaign from the backend.',
  'action.next.uncertain.again':
    'It may still happen. Check again reads this campaign from the backend; Ask again sends a new request.',
  'action.checking': 'Checking…',

  // Reasons
  'reason.missing': 'Waits for {what}.',
  'reason.denied': 'You may not take this action.',
  'reason.pending': 'Another request is under way: {what}.',
  'reason.illegal': 'This is not possible in the current status.',
  'reason.unknown-status': 'No action is known for this status.',
  'reason.input-missing': 'Enter a value first.',
  'reason.input-too-long': 'The entry is too long; shorten it.',
  'reason.input-unknown': 'This action does not take that entry.',
  'reason.offline': 'This browser is offline; nothing was sent.',
  'reason.forbidden': 'You are not allowed to do this.',
  'reason.invalid': 'The backend did not accept the request.',
  'reason.gone': 'The campaign was removed.',
  'reason.unavailable': 'The backend could not do this just now; nothing was changed.',
  'reason.unauthenticated': 'You are signed out; sign in and try again.',
  'reason.throttled': 'Too many requests; try again in a while.',
  'reason.conflict': 'The status had already changed.',
  'reason.not-listed': 'It was not among the campaigns that were confirmed.',
  'reason.unconfirmed': 'The backend has not confirmed it.',
  'reason.gone.campaign': 'This campaign was removed.',

  // Announced
  'spoken.done': '{name} is {label}.',
  'spoken.refused': '“{verb}” was refused for {name}: {reason}',
  'spoken.conflict': '“{verb}” came too late for {name}: it is {label}.',
  'spoken.uncertain': '“{verb}” is not confirmed for {name}.',
  'spoken.unread': '{name} could not be read.',
  'spoken.removed': '{name} was removed.',
} as const satisfies Readonly<Record<string, Message>>;
