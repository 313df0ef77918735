import { nothing, type TemplateResult } from 'lit';
import type { Lifecycle } from '../../lifecycle/index.ts';
import type { Diagnosis } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import type { CopyController } from '../shared/controllers/copy-controller.ts';
import { causeNow, dependencyName, dependencyState, type Cause } from '../shared/text/dependency-text.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { glyph } from '../shared/templates/icons.ts';
import { isolateText } from '../shared/text/isolate-text.ts';
import { statusMeaning } from '../shared/text/labels.ts';
import { html } from '../shared/templates/html.ts';
import type { RecoverySession } from './recovery-session.ts';

/** What is known of an error, and what a press does about it. */
export interface ErrorSummary {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
  readonly session: RecoverySession;
  readonly diagnosis: Diagnosis | undefined;
  /** Now, by the server's clock, in ms since 1970. */
  readonly now: number;
  /** The result of copying, while it is shown. */
  readonly copied: CopyController['outcome'];
  /** Copies the message. */
  readonly copy: (message: string) => void;
}

/** What went wrong: the backend's message whole, when it came, and what it comes from. */
export function errorSummary({ i18n, lifecycle, session, diagnosis, now, copied, copy }: ErrorSummary): TemplateResult {
  const { message, truncated, at, cause } = session.error;
  return html`<div class="error" part="error" data-tone="red">
    <div class="error-head">
      <span class="error-title says" id="error-title">${i18n.format('guide.error')}</span>
      ${
        at === undefined
          ? nothing
          : html`<time class="at" datetime=${new Date(at).toISOString()} title=${i18n.dateTime(at)}
              >${i18n.roughlyAgo(now - at)}</time
            >`
      }
      ${
        message
          ? html`<button class="button small bare copy" type="button" @click=${() => copy(message)}>
              ${copied === 'copied' ? glyph('check') : nothing}
              ${i18n.format(
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
      .textContent=${visibleText(message) || statusMeaning(i18n, lifecycle, session.entered)}
    ></div>
    ${truncated ? html`<p class="note"><span>${i18n.format('status.truncated')}</span></p>` : nothing}
    ${cause ? causeLine(i18n, cause, diagnosis) : nothing}
  </div>`;
}

function causeLine(i18n: Localizer, cause: Cause, diagnosis: Diagnosis | undefined): TemplateResult {
  const now = causeNow(cause, diagnosis);
  return html`<p class="cause" part="cause">
    <span class="says">${isolateText(i18n, 'guide.cause', { name: dependencyName(i18n, now ?? cause) })}</span>
    ${now ? dependencyState(i18n, now) : nothing}
  </p>`;
}
