import { nothing, type TemplateResult } from 'lit';
import type { Connection } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { glyph } from '../shared/templates/icons.ts';
import { connectionStatus } from '../shared/text/labels.ts';
import { html } from '../shared/templates/html.ts';

const BLOCKED = ['unauthenticated', 'forbidden', 'misconfigured'] as const;
/** Why nothing may be read. */
export type Blocked = (typeof BLOCKED)[number];

const blocks = (code: string): code is Blocked => (BLOCKED as readonly string[]).includes(code);

/** Why nothing may be read, also while it is being tried again; `undefined` where that is not the trouble. */
export function blockedBy({ state, cause }: Connection): Blocked | undefined {
  if (blocks(state)) return state;
  const trying = state === 'connecting' || state === 'syncing';
  return trying && cause && blocks(cause.code) ? cause.code : undefined;
}

/** That what is on screen is only the last known state, or may not be seen at all; `''` while all is well. */
export function connectionText(i18n: Localizer, connection: Connection): string {
  const blocked = blockedBy(connection);
  if (blocked) return i18n.format(`connection.blocked.${blocked}`);
  if (connectionStatus(connection) === 'lost' && connection.lost)
    return i18n.format('connection.lost', { time: i18n.time(connection.lost.asOf) });
  return '';
}

/** The cause as the backend or the adapter put it; `''` where there is none. */
export function causeText(i18n: Localizer, { cause }: Connection): string {
  return cause?.message ? i18n.format('connection.detail', { message: visibleText(cause.message) }) : '';
}

/** The note above the rows while the connection is not what it should be. */
export function connectionNote(
  i18n: Localizer,
  connection: Connection,
  now: number,
  retry: () => void,
): TemplateResult | typeof nothing {
  const text = connectionText(i18n, connection);
  if (!text) return nothing;
  const blocked = blockedBy(connection) !== undefined;
  return html`
    <div class="connection" part="connection" data-tone=${blocked ? 'red' : 'amber'}>
      ${glyph(blocked ? 'lock' : 'warning')}
      <span>${text} ${blocked ? causeText(i18n, connection) : whatNext(i18n, connection, now)}</span>
      <button class="button small retry" part="retry" type="button" @click=${retry}>
        ${i18n.format('connection.retry')}
      </button>
    </div>
  `;
}

function whatNext(i18n: Localizer, { state, nextAttemptAt }: Connection, now: number): string {
  if (state === 'connecting' || state === 'syncing') return i18n.format('connection.connecting');
  return nextAttemptAt === undefined
    ? ''
    : i18n.format('connection.lost.retry', { when: i18n.ahead(nextAttemptAt - now) });
}
