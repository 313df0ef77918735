/** Turns a view into the texts of its tag: one source for what is shown, what is announced, and what a popup holds. */
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView } from '../../../store/types.ts';
import type { Localizer } from '../../../i18n/index.ts';
import { caveatText, statusLabel, statusMeaning, statusNext } from './labels.ts';

/** A description that is longer than this is cut, so that a screen reader does not read a stack trace at every tag. */
const DESCRIPTION_MAX = 240;
/** What a cut description keeps of its text, at most and at least. */
const EXCERPT_MAX = 200;
const EXCERPT_MIN = 100;
/** An unknown status word is cut after so many characters. */
const STATUS_MAX = 24;

/** The texts of a campaign's tag and popup. They may come from the backend, so they are rendered as text, never as markup. */
export interface StatusTexts {
  /** The label on the tag. */
  readonly label: string;
  /** The status as the backend sent it, where the label had to be cut. */
  readonly rawStatus: string;
  /** That the status is only the last known one, or stuck, with the time; else `''`. */
  readonly caveat: string;
  /** The backend's message, else what the status means. */
  readonly lead: string;
  /** `lead` is the backend's message. */
  readonly hasMessage: boolean;
  /** What to do next; `''` where there is nothing to say. */
  readonly next: string;
}

/** All texts of a campaign's status. */
export function statusTexts(i18n: Localizer, lifecycle: Lifecycle | undefined, view: CampaignView): StatusTexts {
  const bare = { rawStatus: '', caveat: '', hasMessage: false, next: '' };
  if (view.loadError) {
    const message = visibleText(view.loadError.message);
    const lead = message ? i18n.format('status.unread.because', { message }) : i18n.format('status.unread.meaning');
    return { ...bare, label: i18n.format('status.unread'), lead };
  }
  if (view.presence === 'loading')
    return { ...bare, label: i18n.format('status.loading'), lead: i18n.format('status.loading.meaning') };
  if (view.presence === 'absent')
    return { ...bare, label: i18n.format('status.absent'), lead: i18n.format('status.absent.meaning') };
  if (view.presence === 'gone') {
    const vanished = !view.goneReason || view.goneReason === 'vanished';
    const lead = i18n.format(vanished ? 'status.gone.meaning' : 'status.gone.because', {
      reason: visibleText(view.goneReason ?? ''),
    });
    return { ...bare, label: i18n.format('status.gone'), lead };
  }
  const rawStatus = view.known ? '' : visibleText(view.status);
  const short = cutStatus(rawStatus);
  const message = visibleText(view.message);
  return {
    label: view.known ? statusLabel(i18n, lifecycle, view.status) : short || i18n.format('status.none'),
    rawStatus: short === rawStatus ? '' : rawStatus,
    caveat: caveatText(i18n, view),
    lead: message || statusMeaning(i18n, lifecycle, view.status),
    hasMessage: message !== '',
    next: statusNext(i18n, lifecycle, view.status),
  };
}

/**
 * What a screen reader adds to a tag's name: that it is stale or stuck, the text, what to do next. A long text is cut at the end of a
 * word, with the hint that all of it can be opened.
 */
export function description(
  i18n: Localizer,
  { caveat, lead, next }: Pick<StatusTexts, 'caveat' | 'lead' | 'next'>,
): string {
  const text = oneLine(lead);
  if (text.length <= DESCRIPTION_MAX) return join(caveat, text, next);
  const more = i18n.format('status.more');
  const available = DESCRIPTION_MAX - join(caveat, '…', more, next).length - 1;
  return join(caveat, `${excerpt(text, Math.max(EXCERPT_MIN, Math.min(EXCERPT_MAX, available)))}…`, more, next);
}

/**
 * A text from outside as it is shown: control characters left out, and those that turn the direction of a text around replaced
 * by a visible mark, so that it can't dress up as another text. Nothing but blanks and what has no shape is no text: `''`.
 */
export function visibleText(text: string): string {
  if (!/[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]/u.test(text)) return '';
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`);
}

/** Lines as sentences: an accessibility tree turns a line break into a blank. Only as much as a description may need. */
export function oneLine(text: string): string {
  const lines = text
    .slice(0, 4 * DESCRIPTION_MAX)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.map((line, index) => (index === lines.length - 1 || /\p{P}$/u.test(line) ? line : `${line}.`)).join(' ');
}

/** The beginning of a text, up to the end of a word. */
export function excerpt(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.lastIndexOf(' ', max);
  return wellFormed(text.slice(0, end > max / 2 ? end : max));
}

function cutStatus(status: string): string {
  const characters = Array.from(status.slice(0, 4 * STATUS_MAX));
  return characters.length > STATUS_MAX ? `${characters.slice(0, STATUS_MAX - 1).join('')}…` : characters.join('');
}

/** Repairs a surrogate pair that the cut has split. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

function join(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ');
}
