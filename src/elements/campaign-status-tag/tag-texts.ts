import type { Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { description, statusTexts } from '../shared/text/status-text.ts';

/** The texts on a tag, and those that a screen reader adds. */
export interface TagTexts {
  /** The status word. */
  readonly label: string;
  /** The name of the button. */
  readonly name: string;
  readonly description: string;
  /** "Last known" with its time, or "Stuck" and for how long; else `''`. */
  readonly since: string;
  /** The backend has sent a message. */
  readonly hasMessage: boolean;
}

const DAY_MS = 86_400_000;
/** Messages come from outside: longer ones are not kept, and not more than so many. */
const LONGEST_KEPT = 200;
const MOST_KEPT = 100;

/** Thousands of tags share a few statuses, and often the message: their texts, by language, lifecycle, status and message. */
const cache = new WeakMap<Localizer, WeakMap<Lifecycle, Map<string, TagTexts>>>();

/** The texts of a tag. @param now by the server's clock, in ms since 1970; not used unless the view is stale or stuck */
export function tagTexts(i18n: Localizer, lifecycle: Lifecycle | undefined, view: CampaignView, now: number): TagTexts {
  const { status, message } = view;
  const shared =
    lifecycle && view.presence === 'present' && view.known && message.length <= LONGEST_KEPT && !isTimed(view);
  if (!shared) return textsOf(i18n, lifecycle, view, now);
  let lifecycles = cache.get(i18n);
  if (!lifecycles) cache.set(i18n, (lifecycles = new WeakMap<Lifecycle, Map<string, TagTexts>>()));
  let statuses = lifecycles.get(lifecycle);
  if (!statuses) lifecycles.set(lifecycle, (statuses = new Map<string, TagTexts>()));
  const key = message ? `${status}\n${message}` : status;
  let texts = statuses.get(key);
  if (!texts) {
    if (statuses.size >= MOST_KEPT) statuses.clear();
    statuses.set(key, (texts = textsOf(i18n, lifecycle, view, now)));
  }
  return texts;
}

function textsOf(i18n: Localizer, lifecycle: Lifecycle | undefined, view: CampaignView, now: number): TagTexts {
  const texts = statusTexts(i18n, lifecycle, view);
  const since = sinceText(i18n, view, now);
  const name = i18n.format('status.name', { label: texts.label });
  return {
    label: texts.label,
    name: since ? `${name} ${since}` : name,
    description: description(i18n, texts),
    since,
    hasMessage: texts.hasMessage,
  };
}

/** A time is on the tag: what is shown depends on the present one. */
export function isTimed({ stale, stuckSince }: CampaignView): boolean {
  return stale !== undefined || stuckSince !== undefined;
}

function sinceText(i18n: Localizer, { stale, stuckSince }: CampaignView, now: number): string {
  if (!stale)
    return stuckSince === undefined
      ? ''
      : i18n.format('status.stuck.for', { duration: i18n.duration(now - stuckSince) });
  const { asOf } = stale;
  const time = now - asOf < DAY_MS / 2 ? i18n.clock(asOf) : i18n.dateTime(asOf);
  return i18n.format('status.stale.at', { time });
}
