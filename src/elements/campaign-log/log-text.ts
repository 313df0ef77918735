import type { Localizer } from '../../i18n/index.ts';
import type { LogEntryView, LogView } from '../../store/types.ts';

/** ms since 1970, or `undefined` for a line without time or with one that is none. */
export function timeOf({ at }: LogEntryView): number | undefined {
  const time = at === undefined ? NaN : new Date(at).getTime();
  return Number.isNaN(time) ? undefined : time;
}

/** All lines that are kept, as plain text: time, level, text. It begins with how many are no longer kept, if there are any. */
export function plainText(i18n: Localizer, { entries, dropped }: LogView): string {
  const lines = entries.map(asText);
  if (dropped) lines.unshift(i18n.format('log.dropped', { count: dropped }));
  return lines.join('\n');
}

function asText(entry: LogEntryView): string {
  const at = timeOf(entry);
  return [at === undefined ? '' : new Date(at).toISOString(), entry.level?.toUpperCase(), entry.text]
    .filter(Boolean)
    .join(' ');
}
