import { html, nothing, type TemplateResult } from 'lit';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { Diagnosis } from '../../store/types.ts';
import type { Words } from '../../i18n/index.ts';
import type { Copying } from '../shared/controllers/copy-controller.ts';
import { causeNow, dependencyName, dependencyState, type Cause } from '../shared/text/dependency-text.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { glyph } from '../shared/templates/glyphs.ts';
import { isolated } from '../shared/text/isolate-text.ts';
import { statusMeaning } from '../shared/text/labels.ts';
import type { Episode } from './recovery-session.ts';

/** What is known of an error, and what a press does about it. */
export interface WentWrong {
  readonly words: Words;
  readonly lifecycle: Lifecycle | undefined;
  readonly episode: Episode;
  readonly diagnosis: Diagnosis | undefined;
  /** Now, by the server's clock, in ms since 1970. */
  readonly now: number;
  /** What came of copying, while that is to be shown. */
  readonly copied: Copying['outcome'];
  /** Copies the message. */
  readonly copy: (message: string) => void;
}

/** What went wrong: the backend's message whole, when it came, and what it comes from. */
export function wentWrong({ words, lifecycle, episode, diagnosis, now, copied, copy }: WentWrong): TemplateResult {
  const { message, truncated, at, cause } = episode.error;
  return html`<div class="error" part="error" data-tone="red">
    <div class="error-head">
      <span class="error-title says" id="error-title">${words.say('guide.error')}</span>
      ${
        at === undefined
          ? nothing
          : html`<time class="at" datetime=${new Date(at).toISOString()} title=${words.dateTime(at)}
              >${words.roughlyAgo(now - at)}</time
            >`
      }
      ${
        message
          ? html`<button class="button small bare copy" type="button" @click=${() => copy(message)}>
              ${copied === 'copied' ? glyph('check') : nothing}
              ${words.say(
                copied === 'copied' ? 'guide.copied' : copied === 'failed' ? 'guide.copyFailed' : 'guide.copy',
              )}
            </button>`
          : nothing
      }
    </div>
    <div
      class="message"
      part="message"
      role="group"
      aria-labelledby="error-title"
      dir="auto"
      .textContent=${visibleText(message) || statusMeaning(words, lifecycle, episode.entered)}
    ></div>
    ${truncated ? html`<p class="note"><span>${words.say('status.truncated')}</span></p>` : nothing}
    ${cause ? causeLine(words, cause, diagnosis) : nothing}
  </div>`;
}

function causeLine(words: Words, cause: Cause, diagnosis: Diagnosis | undefined): TemplateResult {
  const now = causeNow(cause, diagnosis);
  return html`<p class="cause" part="cause">
    <span class="says">${isolated(words, 'guide.cause', { name: dependencyName(words, now ?? cause) })}</span>
    ${now ? dependencyState(words, now) : nothing}
  </p>`;
}
