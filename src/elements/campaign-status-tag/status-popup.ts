/** The popup of a tag: why the status is so, what to do next, and what an error depends on. */
import { nothing, type ReactiveElement } from 'lit';
import { recoveryAction, type IconPath } from '../../lifecycle/index.ts';
import type { Diagnosis, Live } from '../../store/types.ts';
import { causeTemplate, outlookTemplate, type CauseFacts } from '../shared/popup/cause-template.ts';
import { PopupLiveData } from '../shared/popup/popup-live-data.ts';
import { Popup, type PopupContent, type PopupMode } from '../shared/popup/popup.ts';
import { statusTexts, visibleText } from '../shared/text/status-text.ts';
import { exactText, html } from '../shared/templates/html.ts';
import { icon } from '../shared/templates/icons.ts';
import { wordTranslation } from '../shared/templates/word-translation.ts';

/** What the popup of a tag is made from. */
export interface StatusFacts
  extends Pick<CauseFacts, 'i18n' | 'routes' | 'lifecycle' | 'view'>, Pick<PopupContent, 'announce'> {
  /** The icon of the status. */
  readonly shape: string | IconPath;
  /** By the server's clock, in ms since 1970. */
  readonly now: number;
  /** The state of what the campaign depends on, to be followed while the popup is open. */
  readonly diagnosis: () => Live<Diagnosis> | undefined;
}

/** Makes the popup of a tag. @param facts as of now; `undefined` while there is nothing to show */
export function statusPopup(tag: ReactiveElement, facts: () => StatusFacts | undefined): Popup {
  const live = new PopupLiveData(tag, () => facts()?.diagnosis());
  /** The status that the open popup shows, and whether it has a message. */
  let read: { readonly status: string; readonly hasMessage: boolean } | undefined;
  return new Popup(
    tag,
    (_trigger, mode) => {
      const now = facts();
      if (!now) return undefined;
      const { status } = now.view;
      const hasMessage = now.view.message !== '';
      // A message that was taken back is no longer valid; that of another status takes its place.
      if (read?.hasMessage && !hasMessage && read.status === status) return undefined;
      read = { status, hasMessage };
      return contentOf(now, live.diagnosis, mode);
    },
    (mode) => {
      if (!mode) read = undefined;
      live.turn(mode !== undefined);
    },
  );
}

function contentOf(facts: StatusFacts, diagnosis: Diagnosis | undefined, mode: PopupMode): PopupContent {
  const { view, shape, i18n, routes, lifecycle, announce } = facts;
  const texts = statusTexts(i18n, lifecycle, view);
  const pinned = mode === 'pinned';
  const name = visibleText(view.name);
  const cause = { i18n, routes, lifecycle, view, diagnosis, pinned };
  return {
    label: name ? i18n.format('popup.label', { name }) : i18n.format('popup.label.plain'),
    i18n,
    announce,
    copy: texts.lead,
    head: html`<div class="popup-head" data-tone=${view.tone}>
        ${icon(shape)}<span dir="auto" translate=${wordTranslation()}>${exactText(texts.label)}</span>
      </div>
      ${timeOf(facts)}`,
    body: html`${texts.caveat ? html`<p class="popup-caveat">${icon('clock')}${texts.caveat}</p>` : nothing}
      ${texts.rawStatus ? html`<p>${i18n.format('popup.word', { word: texts.rawStatus })}</p>` : nothing}
      <p class="foreign" dir="auto">${texts.lead}</p>
      ${view.truncated ? html`<p class="popup-note">${i18n.format('status.truncated')}</p>` : nothing}
      ${texts.next ? html`<p><span class="popup-label">${i18n.format('popup.next')}</span>${texts.next}</p>` : nothing}
      ${causeTemplate(cause)} ${outlookTemplate(cause, recoveryAction(lifecycle, view.status))}
      ${
        view.changedBy
          ? html`<p class="popup-note">${i18n.format('popup.changedBy', { who: visibleText(view.changedBy) })}</p>`
          : nothing
      }
      ${pinned ? html`<slot name="details"></slot>` : nothing}`,
  };
}

function timeOf({ view: { at, presence }, i18n, now }: StatusFacts): unknown {
  if (at === undefined || presence !== 'present') return nothing;
  const text = i18n.format('popup.at', { ago: i18n.ago(now - at), time: i18n.dateTime(at) });
  return html`<time datetime=${new Date(at).toISOString()}>${text}</time>`;
}
