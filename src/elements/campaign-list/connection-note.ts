import { html, nothing, type TemplateResult } from 'lit';
import type { Connection } from '../../store/face.ts';
import type { MessageKey, Words } from '../../words/index.ts';
import { glyph } from '../shared/glyphs.ts';
import { connectionWord } from '../shared/phrases.ts';

/** That what is on screen is only the last known state, or may not be seen at all; `''` while all is well. */
export function connectionText(words: Words, connection: Connection): string {
  const word = connectionWord(connection);
  if (word === 'blocked') return words.say(`connection.blocked.${connection.state}` as MessageKey);
  if (word === 'lost' && connection.lost)
    return words.say('connection.lost', { time: words.time(connection.lost.asOf) });
  return '';
}

/** The cause as the backend or the adapter put it; `''` where there is none. */
export function causeText(words: Words, { cause }: Connection): string {
  return cause?.message ? words.say('connection.detail', { message: cause.message }) : '';
}

/** The note above the rows while the connection is not what it should be. */
export function connectionNote(
  words: Words,
  connection: Connection,
  now: number,
  retry: () => void,
): TemplateResult | typeof nothing {
  const text = connectionText(words, connection);
  if (!text) return nothing;
  const blocked = connectionWord(connection) === 'blocked';
  return html`
    <div class="connection" part="connection" data-tone=${blocked ? 'red' : 'amber'}>
      ${glyph(blocked ? 'lock' : 'warning')}
      <span>${text} ${blocked ? causeText(words, connection) : whatNext(words, connection, now)}</span>
      <button class="button small retry" part="retry" type="button" @click=${retry}>
        ${words.say('connection.retry')}
      </button>
    </div>
  `;
}

function whatNext(words: Words, { state, nextAttemptAt }: Connection, now: number): string {
  if (state === 'connecting' || state === 'syncing') return words.say('connection.connecting');
  return nextAttemptAt === undefined
    ? ''
    : words.say('connection.lost.retry', { when: words.ahead(nextAttemptAt - now) });
}
