import { type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Localizer } from '../../i18n/index.ts';
import { glyph } from '../shared/templates/icons.ts';
import { html } from '../shared/templates/html.ts';
import { searchField } from '../shared/templates/search-field.ts';
import { LEAST_LEVELS, type LeastLevel } from './line-selection.ts';

/** What the toolbar shows, and what it does. */
export interface LogToolbar {
  readonly i18n: Localizer;
  readonly text: string;
  readonly level: LeastLevel;
  readonly wrap: boolean;
  readonly listen: boolean;
  /** How many lines there are, in words. */
  readonly count: string;
  readonly copied: 'copied' | 'failed' | undefined;
  readonly search: (text: string) => void;
  readonly setLevel: (level: LeastLevel) => void;
  readonly setWrap: (wrap: boolean) => void;
  readonly setListen: (listen: boolean) => void;
  readonly copy: () => void;
  readonly download: () => void;
}

/** Title, search, level, options, copy and download. */
export function logToolbar(bar: LogToolbar): TemplateResult {
  const { i18n, copied } = bar;
  return html`<div class="toolbar" part="toolbar">
    <span class="title says">${i18n.format('log.label.plain')}</span>
    <span class="count says" part="count">${bar.count}</span>
    <span class="ends">
      <button class="button small" part="copy" type="button" @click=${bar.copy}>
        ${copied === 'copied' ? glyph('check') : ''}
        ${i18n.format(copied === 'copied' ? 'log.copied' : copied === 'failed' ? 'log.copyFailed' : 'log.copy')}
      </button>
      <button class="button small" part="download" type="button" @click=${bar.download}>
        ${glyph('down')}${i18n.format('log.download')}
      </button>
    </span>
    <div class="options">
      ${searchField({
        label: i18n.format('log.search'),
        placeholder: i18n.format('log.search'),
        clearLabel: i18n.format('log.search.clear'),
        text: bar.text,
        search: bar.search,
      })}
      ${levels(bar)} ${option(i18n.format('log.wrap'), bar.wrap, bar.setWrap)}
      ${option(i18n.format('log.listen'), bar.listen, bar.setListen)}
    </div>
  </div>`;
}

function levels({ i18n, level, setLevel }: LogToolbar): TemplateResult {
  return html`<label class="level-filter" part="level-filter"
    >${i18n.format('log.filter')}
    <select @change=${({ currentTarget }: Event) => setLevel((currentTarget as HTMLSelectElement).value as LeastLevel)}>
      ${LEAST_LEVELS.map(
        (word) =>
          html`<option value=${word} .selected=${live(word === level)}>
            ${i18n.format(word ? `log.filter.${word}` : 'log.filter.all')}
          </option>`,
      )}
    </select></label
  >`;
}

function option(label: string, checked: boolean, set: (checked: boolean) => void): TemplateResult {
  return html`<label class="check"
    ><input
      type="checkbox"
      .checked=${live(checked)}
      @change=${({ currentTarget }: Event) => set((currentTarget as HTMLInputElement).checked)}
    />${label}</label
  >`;
}
