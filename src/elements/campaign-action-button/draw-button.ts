/** Writes the nodes of an action button: the action, the button of the menu, and the badge of an outcome. */
import { confirmationOf } from '../../lifecycle/index.ts';
import type { ActionView, CampaignView } from '../../store/types.ts';
import { actionLabel } from '../shared/text/labels.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { make, writeAttribute, writeText } from '../shared/dom/write.ts';
import { outcomeGlyphs } from '../shared/icons/outcome-glyphs.ts';
import { iconPath } from '../shared/icons/shapes.ts';
import { svgIcon } from '../shared/icons/svg-icon.ts';
import { aroundVerb, menuName, verbText, type TextSource } from './button-texts.ts';
import { looks, nextText, reasonOf, type OutcomeFacts } from './outcome-texts.ts';

/** What the button of the action shows. */
export interface ActionLook extends TextSource {
  readonly view: CampaignView;
  readonly offered: ActionView;
  /** The action that is shown as under way. */
  readonly busy: string | undefined;
  readonly description: string;
  /** For the attribute `translate` of the verbs. */
  readonly translate: string | undefined;
}

/** Draws the button of the action, or takes it away. */
export function drawAction(root: ParentNode, look: ActionLook | undefined): void {
  let button = root.querySelector<HTMLElement>('.action');
  if (!look) return removeWithDescription(button);
  const { i18n, lifecycle, view, offered, busy, description, translate } = look;
  const { action, disabled } = offered;
  if (!button) {
    button = make(
      'button',
      { class: 'button action', id: 'action', part: 'button', type: 'button', 'aria-describedby': 'reason' },
      make('span', { class: 'faces' }, makeFace()),
    );
    root.prepend(button, make('span', { id: 'reason', hidden: '' }));
  }
  const pins = disabled !== undefined && busy === undefined;
  writeAttribute(button, 'data-popup', pins ? 'pin' : 'hint');
  button.toggleAttribute('data-danger', confirmationOf(lifecycle, view.status, action) !== undefined);
  button.toggleAttribute('data-busy', busy !== undefined);
  writeAttribute(button, 'aria-disabled', disabled || busy !== undefined ? 'true' : 'false');
  // While the popup is open, the popup says so.
  if (!pins) button.removeAttribute('aria-expanded');
  else if (!button.hasAttribute('aria-expanded')) button.setAttribute('aria-expanded', 'false');
  writeText(button.nextElementSibling!, description);

  const faces = button.firstElementChild!;
  const name = visibleText(view.name);
  drawFace(faces.firstElementChild!, look, verbText(look, action), name, busy !== undefined);
  const second = faces.children[1];
  if (!action) return second?.remove();
  const pending = i18n.format('action.pending', { verb: verbText(look, busy ?? action, 'pending') });
  drawFace(second ?? faces.appendChild(makeFace()), { i18n, translate }, pending, name, busy === undefined);
}

/** Draws the button that opens the menu, or takes it away. */
export function drawMenuButton(root: ParentNode, { i18n, view }: Pick<ActionLook, 'i18n' | 'view'>): void {
  let button = root.querySelector('.more');
  if (view.actions.length <= 1) return button?.remove();
  if (!button) {
    button = make(
      'button',
      {
        class: 'button icon more',
        part: 'more',
        type: 'button',
        'data-popup': 'pin',
        'aria-haspopup': 'dialog',
        'aria-expanded': 'false',
      },
      svgIcon(iconPath('dots')),
      make('span', { class: 'visually-hidden' }),
    );
    insertAfter(root, root.querySelector('#reason'), button);
  }
  writeText(button.lastElementChild!, menuName(i18n, visibleText(view.name)));
}

/** Draws the badge, a button that opens the rest, or takes it away. */
export function drawBadge(root: ParentNode, facts: OutcomeFacts | undefined): void {
  let badge = root.querySelector<HTMLElement>('.outcome');
  if (!facts) return removeWithDescription(badge);
  const { i18n, lifecycle, view, settled } = facts;
  const { action, phase } = settled;
  const { tone, glyph } = looks[phase];
  if (!badge) {
    const svg = svgIcon('');
    svg.setAttribute('class', 'glyph');
    badge = make(
      'button',
      {
        class: 'button bare small outcome',
        part: 'outcome',
        type: 'button',
        'data-popup': 'pin',
        'aria-expanded': 'false',
        'aria-describedby': 'settled',
      },
      svg,
      make('span', { class: 'word' }),
    );
    const description = make('span', { id: 'settled', hidden: '' });
    insertAfter(root, root.querySelector('.more') ?? root.querySelector('#reason'), badge, description);
  }
  writeAttribute(badge, 'data-tone', tone);
  writeAttribute(badge.querySelector('path')!, 'd', outcomeGlyphs[glyph]);
  const params = { verb: actionLabel(i18n, lifecycle, action), name: visibleText(view.name), outcome: '\0' };
  const word = badge.querySelector('.word')!;
  writeText(word, i18n.format(`action.outcome.${phase}`));
  writeAround(word, i18n.format('action.outcome.name', params).split('\0'));
  writeText(badge.nextElementSibling!, reasonOf(facts) || nextText(facts));
}

function makeFace(): HTMLElement {
  return make('span', { class: 'face' }, make('span', { class: 'verb' }));
}

/** The verb, and for a screen reader the campaign it is about. */
function drawFace(
  face: Element,
  { i18n, translate }: Pick<ActionLook, 'i18n' | 'translate'>,
  shown: string,
  name: string,
  off: boolean,
): void {
  const verb = face.querySelector('.verb')!;
  face.toggleAttribute('data-off', off);
  writeText(verb, shown);
  writeAttribute(verb, 'translate', translate);
  writeAround(verb, aroundVerb(i18n, name));
}

/** Words for a screen reader only, before and after a word that is shown. */
function writeAround(word: Element, [before = '', after = '']: readonly string[]): void {
  for (const [text, place, neighbour] of [
    [before, 'before', word.previousElementSibling],
    [after, 'after', word.nextElementSibling],
  ] as const) {
    const present = neighbour?.matches('.visually-hidden') ? neighbour : undefined;
    if (!text) present?.remove();
    else if (present) writeText(present, text);
    else word[place](make('span', { class: 'visually-hidden' }, text));
  }
}

function insertAfter(root: ParentNode, place: Element | null, ...nodes: readonly Node[]): void {
  if (place) place.after(...nodes);
  else root.prepend(...nodes);
}

function removeWithDescription(button: Element | null): void {
  button?.nextElementSibling?.remove();
  button?.remove();
}
