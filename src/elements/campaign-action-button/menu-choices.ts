/** The further actions of a status, as the menu shows them. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/templates/html.ts';
import { keyed } from '../shared/templates/keyed.ts';

/** One action in the menu. */
export interface Choice {
  readonly action: string;
  /** The verb, with the campaign's name for a screen reader. */
  readonly label: unknown;
  /** Why it can't be taken now, or whether it is worth it; `''` where there is nothing to say. */
  readonly description: string;
  readonly disabled: boolean;
}

/** A button for each action. @param choose called with the action whose button was pressed */
export function menuChoices(
  choices: readonly Choice[],
  choose: (action: string, event: MouseEvent) => void,
): TemplateResult {
  const places = new Map(choices.map(({ action }, place) => [action, place]));
  return html`<div class="choices" @keydown=${moveFocus}>
    ${keyed(
      choices,
      ({ action }) => action,
      ({ action, label, description, disabled }) => {
        const id = `choice-${places.get(action)}`;
        return html`<button
            class="button bare choice"
            part="choice"
            type="button"
            aria-disabled=${disabled ? 'true' : 'false'}
            aria-describedby=${description ? id : nothing}
            @click=${(event: MouseEvent) => choose(action, event)}
          >
            ${label}
          </button>
          ${description ? html`<p class="choice-text" id=${id} dir="auto">${description}</p>` : nothing}`;
      },
    )}
  </div>`;
}

/** Moves the focus among the actions by keys. */
function moveFocus(event: KeyboardEvent): void {
  // The key that opened the menu may still be held down.
  if (event.repeat && (event.key === 'Enter' || event.key === ' ')) return event.preventDefault();
  const choices = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.choice')];
  const place = choices.indexOf(event.target as HTMLElement);
  const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  choices.at(next % choices.length)?.focus();
}
