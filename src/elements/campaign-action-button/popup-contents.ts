/** What the popups and the dialog of an action button hold. */
import { nothing, type TemplateResult } from 'lit';
import { confirmationOf, startsProcessing, type Confirmation, type Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView, Diagnosis, Reason } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import type { Routes } from '../routes.ts';
import type { Announce } from '../shared/a11y/announce.ts';
import type { ConfirmContent } from '../shared/dialog/confirm-dialog.ts';
import { confirmField, confirmText } from '../shared/dialog/confirm-texts.ts';
import { causeTemplate, outlookTemplate } from '../shared/popup/cause-template.ts';
import type { PopupContent, PopupMode } from '../shared/popup/popup.ts';
import { hostLink } from '../shared/templates/host-link.ts';
import { exactText, html } from '../shared/templates/html.ts';
import { wordTranslation } from '../shared/templates/word-translation.ts';
import { outlookText } from '../shared/text/dependency-text.ts';
import { isolateText } from '../shared/text/isolate-text.ts';
import { statusLabel } from '../shared/text/labels.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { aroundVerb, menuName, obstacleText, surpriseText, verbText } from './button-texts.ts';
import { menuChoices, type Choice } from './menu-choices.ts';
import { outcomeContent } from './outcome-content.ts';
import { offerOf, type Settled } from './outcome-texts.ts';

/** What a button shows, and what can be done in what it opens. */
export interface ButtonFacts {
  readonly i18n: Localizer;
  readonly routes: Routes;
  readonly announce: Announce;
  readonly lifecycle: Lifecycle | undefined;
  readonly view: CampaignView;
  /** The action that is shown as under way. */
  readonly busy: string | undefined;
  /** What became of the latest request. */
  readonly settled: Settled | undefined;
  /** The action that was not on the button yet when the latest press began. */
  readonly surprise: string | undefined;
  /** The campaign is being read again. */
  readonly checking: boolean;
  readonly diagnosis: Diagnosis | undefined;
  /** By the server's clock, in ms since 1970. */
  readonly now: number;
  readonly choose: (action: string, event: MouseEvent) => void;
  readonly check: () => void;
  readonly retry: (action: string) => void;
  readonly dismiss: () => void;
}

/** The content of a trigger's popup; `undefined` if it has none now. */
export function buttonPopup(facts: ButtonFacts, trigger: HTMLElement, mode: PopupMode): PopupContent | undefined {
  const pinned = mode === 'pinned';
  if (trigger.classList.contains('more')) return pinned ? menuContent(facts) : undefined;
  if (trigger.classList.contains('outcome')) return facts.settled && settledContent(facts, facts.settled);
  const { i18n, announce, view, lifecycle } = facts;
  if (!view.action || facts.busy !== undefined) return undefined;
  const { action, disabled } = view.action;
  const label = verbText(facts, action);
  const shared = { i18n, announce, label, head: verbTemplate(label) };
  if (facts.surprise === action) return { ...shared, body: html`<p>${surpriseText(facts, action)}</p>` };
  if (disabled) return { ...shared, body: reasonTemplate(facts, disabled, pinned) };
  if (!view.cause || !startsProcessing(lifecycle, view.status, action)) return undefined;
  const cause = { ...facts, pinned };
  return { ...shared, body: html`${outlookTemplate(cause, action)} ${causeTemplate(cause)}` };
}

/** Whether taking an action is worth it, as far as its dependencies tell; `''` if nothing is known. */
export function outlook({ i18n, lifecycle, view, diagnosis }: ButtonFacts, action: string): string {
  if (!diagnosis || !startsProcessing(lifecycle, view.status, action)) return '';
  return outlookText(i18n, lifecycle, action, view.cause, diagnosis);
}

function menuContent(facts: ButtonFacts): PopupContent | undefined {
  const { i18n, announce, view, busy } = facts;
  const name = visibleText(view.name);
  const choices = view.actions.slice(1).map(({ action, disabled }): Choice => {
    const reason = disabled ?? (busy === undefined ? undefined : { code: 'pending', what: [busy] });
    return {
      action,
      label: namedVerb(i18n, verbText(facts, action), name),
      description: reason ? obstacleText(facts, reason) : outlook(facts, action),
      disabled: reason !== undefined,
    };
  });
  if (choices.length === 0) return undefined;
  return {
    i18n,
    announce,
    label: menuName(i18n, name),
    head: i18n.format('action.more'),
    body: menuChoices(choices, facts.choose),
  };
}

function reasonTemplate(facts: ButtonFacts, reason: Reason, pinned: boolean): TemplateResult {
  const { i18n, routes, lifecycle, view } = facts;
  const links = (reason.code === 'missing' ? (reason.what ?? []) : []).flatMap(
    (name) => lifecycle?.prerequisites?.[name]?.link ?? [],
  );
  return html`<p class="foreign" dir="auto">${obstacleText(facts, reason)}</p>
    ${
      pinned && links.length
        ? html`<div class="popup-links">
            ${[...new Set(links)].map((to) => hostLink({ i18n, routes, to, ref: view.ref }))}
          </div>`
        : nothing
    }`;
}

function settledContent(facts: ButtonFacts, settled: Settled): PopupContent {
  const { i18n, announce, lifecycle, view, now, checking, check, retry, dismiss } = facts;
  const name = visibleText(view.name);
  return {
    i18n,
    announce,
    label: name ? i18n.format('popup.label', { name }) : i18n.format('popup.label.plain'),
    ...outcomeContent(
      { i18n, lifecycle, view, settled },
      { now, checking, check, retry: () => retry(settled.action), dismiss },
    ),
  };
}

/** The question before an action; `undefined` if it can't be asked any more. @param status the one in which it was asked for */
export function confirmContent(
  facts: Pick<ButtonFacts, 'i18n' | 'lifecycle' | 'view'>,
  action: string,
  status: string,
): ConfirmContent | undefined {
  const { i18n, lifecycle, view } = facts;
  const confirm = confirmationOf(lifecycle, status, action);
  const input = lifecycle?.actions[action]?.input;
  if (!lifecycle || (!confirm && !input)) return undefined;
  const name = visibleText(view.name);
  const path = `${lifecycle.system}.actions.${action}`;
  const words = (field: keyof Confirmation): string =>
    confirm ? confirmText(i18n, path, status, field, confirm, { name: '\0' }) : '';
  const title = confirm && words('title').split('\0');
  const verb = verbText(facts, action);
  return {
    i18n,
    title: title
      ? title.map((piece, index) => (index ? html`<bdi>${name}</bdi>${piece}` : piece))
      : isolateText(i18n, 'action.name', { name }, { verb }),
    ...(confirm ? { text: words('text') } : {}),
    label: confirm ? words('label') : verb,
    ...(input ? { field: confirmField(i18n, path, input) } : {}),
    over: overText(facts, action, confirm),
  };
}

/** Why what is being confirmed can no longer be done; also if it is another question by now. */
function overText(
  facts: Pick<ButtonFacts, 'i18n' | 'lifecycle' | 'view'>,
  action: string,
  confirmation: Confirmation | undefined,
): string | undefined {
  const { i18n, lifecycle, view } = facts;
  const { presence, status } = view;
  if (presence !== 'present') return i18n.format('reason.gone.campaign');
  const offered = offerOf(view, action);
  if (!offered || confirmationOf(lifecycle, status, action) !== confirmation)
    return i18n.format('confirm.changed', { label: visibleText(statusLabel(i18n, lifecycle, status)) });
  return offered.disabled ? obstacleText(facts, offered.disabled) : undefined;
}

/** The verb, and for a screen reader the campaign it is about. */
function namedVerb(i18n: Localizer, shown: string, name: string): TemplateResult {
  const [before, after] = aroundVerb(i18n, name);
  return html`${hidden(before)}${verbTemplate(shown)}${hidden(after)}`;
}

/** Words for a screen reader only. */
function hidden(text: string): unknown {
  return text ? html`<span class="visually-hidden">${text}</span>` : nothing;
}

function verbTemplate(shown: string): TemplateResult {
  return html`<span class="verb" translate=${wordTranslation()}>${exactText(shown)}</span>`;
}
