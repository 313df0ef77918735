// Makes the style sheet for elements whose script has not run. Its values come from the elements' own sheets and from the lifecycles.
// `npm run build` writes it to dist/before-script.css.
import { styles as tagStyles } from '../src/elements/campaign-status-tag/campaign-status-tag.styles.ts';
import { iconStyles } from '../src/elements/shared/icons/icon.styles.ts';
import { baseTokens } from '../src/elements/shared/styles/base-tokens.styles.ts';
import { controlTokens } from '../src/elements/shared/styles/control-tokens.styles.ts';
import { flows, python } from '../src/lifecycle/index.ts';

const TAG = 'campaign-status-tag:not(:defined)';

const [, defaults = ''] = /:host \{([^}]*)\}/.exec(baseTokens.cssText)!;
const sizes = declarations(controlTokens.cssText, /--_(size-control(?:-small)?): ([^;]*);/g);
const tones = declarations(baseTokens.cssText, /\[data-tone='(\w+)'\] \{([^}]*)\}/g);
const emphasis = declarations(tagStyles.cssText, /\n {2}\[data-tone='(\w+)'\] \{([^}]*--_bg[^}]*)\}/g);
const icons = declarations(iconStyles.cssText, /\[data-icon=([\w-]+)\]::before\{([^}]*)\}/g);
const statuses = [flows, python].flatMap(({ system, statuses }) =>
  Object.entries(statuses).map(([status, { tone, icon }]) => ({
    selector: `[system='${system}'][status='${status}']`,
    tone: tone as string,
    icon: icon as string,
  })),
);

/** The declarations of some rules, by what their selectors name. @throws Error if there is none */
function declarations(css: string, rule: RegExp): ReadonlyMap<string, string> {
  const found = Array.from(css.matchAll(rule), ([, name = '', declared = '']) => [name, declared.trim()] as const);
  if (found.length === 0) throw new Error(`No rule of the elements' style sheets fits ${rule}.`);
  return new Map(found);
}

/** A rule for each tone or icon, for all statuses that have it. */
function rules(kind: 'tone' | 'icon', pseudo: string, declared: (name: string) => string): string {
  return [...new Set(statuses.map((status) => status[kind]))]
    .map((name) => {
      const selectors = statuses.filter((status) => status[kind] === name).map(({ selector }) => selector);
      return `${TAG}:is(${selectors.join(', ')})${pseudo} {\n  ${declared(name)}\n}`;
    })
    .join('\n');
}

/** How elements look until their script has run, or without it. */
export const beforeScript: string = `campaign-provider:not(:defined) {
  display: contents;
}
:is(campaign-header, campaign-list, campaign-log, recovery-guide):not(:defined) {
  display: block;
}
/* A button that can do nothing is not shown, but keeps its place. */
campaign-action-button:not(:defined) {
  visibility: hidden;
  box-sizing: border-box;
  display: inline-block;
  min-inline-size: calc(96 / 14 * 1em);
  min-block-size: ${sizes.get('size-control')!};
  padding: 5px 11px;
  border: 1px solid;
  font-size: calc(14 / 13 * var(--campaign-font-size, 13px));
  font-weight: 500;
  line-height: calc(20 / 14);
  text-align: center;
  vertical-align: middle;
  white-space: nowrap;
}
campaign-action-button[density='compact']:not(:defined) {
  min-inline-size: calc(84 / 13 * 1em);
  min-block-size: var(--campaign-size-control-compact, ${sizes.get('size-control-small')!});
  padding: 3px 9px;
  font-size: var(--campaign-font-size, 13px);
  line-height: calc(20 / 13);
}
${TAG} {
  ${defaults.trim()}
  ${tones.get('neutral')!}
  --_bg: var(--_tone-bg);
  --_fg: var(--_tone-fg);
  --_bd: var(--_tone-bd);
  --_ic: var(--_tone-ic);
  box-sizing: border-box;
  display: inline-flex;
  align-items: center;
  gap: calc(6 / 13 * 1em);
  min-inline-size: 24px;
  max-inline-size: 100%;
  min-block-size: max(24px, calc(24 / 13 * 1em));
  padding-block: calc(1 / 13 * 1em);
  padding-inline: calc(7 / 13 * 1em) calc(8 / 13 * 1em);
  border: 1px solid var(--_bd);
  border-radius: var(--_radius);
  background-color: var(--_bg);
  color: var(--_fg);
  font-size: var(--_font-size);
  font-weight: 500;
  line-height: calc(20 / 13);
  vertical-align: middle;
  white-space: nowrap;
}
${TAG}::before {
  content: '';
  flex: none;
  inline-size: calc(14 / 13 * 1em);
  block-size: calc(14 / 13 * 1em);
  background: var(--_ic);
  ${icons.get('unknown')!}
}
${rules('tone', '', (tone) => [tones.get(tone), emphasis.get(tone)].filter(Boolean).join('\n  '))}
${rules('icon', '::before', (icon) => icons.get(icon)!)}
${TAG}[density='compact'] {
  gap: calc(5 / 13 * 1em);
  min-block-size: calc(20 / 13 * 1em);
  padding-block: 0;
  padding-inline: calc(5 / 13 * 1em) calc(6 / 13 * 1em);
  border-radius: calc(var(--_radius) - 1px);
  font-size: calc(12 / 13 * var(--_font-size));
  line-height: calc(18 / 12);
}
/* A stale status has no tint. */
${TAG}[stale-since] {
  --_bg: transparent;
  --_fg: var(--_muted);
  --_bd: var(--_control);
  --_ic: var(--_muted);
  border-style: dashed;
}
@media (forced-colors: active) {
  ${TAG} {
    border-color: ButtonBorder;
  }
  ${TAG}::before {
    forced-color-adjust: none;
    background: ButtonText;
  }
}
`;
